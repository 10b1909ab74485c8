#include "dialect/sqlite/inspect/reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dialect/sqlite/inspect/constraint_reader.h"
#include "dialect/sqlite/inspect/cursor.h"
#include "dialect/sqlite/inspect/key_reader.h"
#include "dialect/sqlite/inspect/type_reader.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/null_literal.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Reads `[schema.]name` without the schema, which is the one that contains the statement.
std::string read_qualified_name(Cursor& cursor, std::string_view what) {
  std::string name = cursor.name(what);
  return cursor.accept(".") ? cursor.name(what) : name;
}

void skip_if_not_exists(Cursor& cursor) {
  const Tokens rest = cursor.rest();
  // IF alone can be the name.
  if (rest.size() < 3 || !rest[0].is("IF") || !rest[1].is("NOT")) return;
  cursor.skip(2);
  cursor.expect("EXISTS");
}

class TableReader {
 public:
  explicit TableReader(std::string_view sql) : sql_(sql), cursor_(sql) {}

  model::Table read() {
    read_head();
    cursor_.expect("(");
    table_.columns.reserve(cursor_.rest().size() / 5 + 1);
    read_column();
    while (cursor_.accept(",")) {
      if (is_at_table_constraint()) break;
      read_column();
    }
    while (!cursor_.accept(")")) read_table_constraint();
    read_options();
    cursor_.expect_end();
    resolve_columns();
    finish_table_key();
    finish_key_columns();
    return std::move(table_);
  }

  /// Returns the text of a column's definition.
  [[nodiscard]] std::string_view definition(std::size_t column) const { return definitions_[column]; }

 private:
  using ReadConstraint = void (TableReader::*)(model::Column&);

  void read_head() {
    cursor_.expect("CREATE");
    if (!cursor_.accept("TEMP")) cursor_.accept("TEMPORARY");
    cursor_.expect("TABLE");
    skip_if_not_exists(cursor_);
    table_.name.name = read_qualified_name(cursor_, "the name of the table");
    cursor_.set_subject("table " + sql::quote_identifier(table_.name.name, sqlite_syntax));
  }

  void read_column() {
    const std::size_t begin = cursor_.peek().offset;
    model::Column& column = table_.columns.emplace_back();
    column.name = cursor_.name("the name of a column");
    column.nullable = true;
    column.type = read_type(cursor_);
    constraint_name_.clear();
    while (!cursor_.is_at(",") && !cursor_.is_at(")")) read_column_constraint(column);
    definitions_.push_back(sql_.substr(begin, cursor_.end_of_last() - begin));
  }

  void read_column_constraint(model::Column& column) {
    static constexpr auto constraints = std::to_array<std::pair<std::string_view, ReadConstraint>>({
        {"NOT", &TableReader::read_not},
        {"DEFAULT", &TableReader::read_default},
        {"PRIMARY", &TableReader::read_column_primary_key},
        {"UNIQUE", &TableReader::read_column_unique},
        {"REFERENCES", &TableReader::read_column_references},
        {"CHECK", &TableReader::read_column_check},
        {"COLLATE", &TableReader::read_collation},
        {"NULL", &TableReader::read_null},
        {"DEFERRABLE", &TableReader::read_column_deferrable},
        {"GENERATED", &TableReader::read_generated},
        {"AS", &TableReader::read_computed},
    });
    if (cursor_.accept("CONSTRAINT")) {
      constraint_name_ = cursor_.name("the name of a constraint");
      return;
    }
    for (const auto& [keyword, read] : constraints) {
      if (!cursor_.accept(keyword)) continue;
      (this->*read)(column);
      constraint_name_.clear();
      return;
    }
    cursor_.fail("a constraint of column " + sql::quote_identifier(column.name, sqlite_syntax));
  }

  void read_not(model::Column& column) {
    if (cursor_.accept("DEFERRABLE")) return set_deferral(false);
    cursor_.expect("NULL");
    column.nullable = false;
    column.not_null_on_conflict = read_on_conflict(cursor_);
  }

  /// NULL has no effect, although SQLite parses even an ON CONFLICT after it.
  void read_null(model::Column&) { static_cast<void>(read_on_conflict(cursor_)); }

  /// DEFAULT NULL is equivalent to no default.
  void read_default(model::Column& column) {
    read_default_text(column);
    if (sql::is_null_literal(*column.default_expression, sqlite_syntax)) column.default_expression.reset();
  }

  void read_default_text(model::Column& column) {
    if (cursor_.is_at("(")) {
      column.default_expression = cursor_.text(cursor_.parenthesised());
      return;
    }
    const Tokens rest = cursor_.rest();
    const std::size_t size = rest[0].is("+") || rest[0].is("-") ? 2 : 1;
    const sql::Token& value = size == 2 ? rest[1] : rest[0];
    const bool is_literal = value.kind == sql::TokenKind::number || value.kind == sql::TokenKind::string;
    if (!is_literal && !is_name(value)) cursor_.fail("a default");
    cursor_.skip(size);
    column.default_expression = is_literal || is_constant(value) ? std::string(cursor_.text(rest.first(size)))
                                                                 : sql::quote_string(value.value(), sqlite_syntax);
  }

  /// In a default that is not an expression, any other word is a string.
  static bool is_constant(const sql::Token& token) {
    static constexpr auto words =
        std::to_array<std::string_view>({"NULL", "TRUE", "FALSE", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"});
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is(word); });
  }

  void read_column_primary_key(model::Column& column) {
    cursor_.expect("KEY");
    model::PrimaryKey key;
    key.columns.emplace_back(column.name);
    key.columns.back().descending = cursor_.accept("DESC");
    cursor_.accept("ASC");
    key.on_conflict = read_on_conflict(cursor_);
    column.auto_increment = cursor_.accept("AUTOINCREMENT");
    set_primary_key(std::move(key));
  }

  void read_column_unique(model::Column& column) {
    table_.uniques.push_back({take_constraint_name(), {column.name}, read_on_conflict(cursor_)});
  }

  void read_column_references(model::Column& column) {
    model::ForeignKey& key = table_.foreign_keys.emplace_back();
    key.name = take_constraint_name();
    key.columns = {column.name};
    read_references(cursor_, key);
  }

  void read_column_check(model::Column& column) {
    const Tokens expression = cursor_.parenthesised();
    if (constraint_name_.empty() && column.enum_values.empty()) {
      if (auto values = read_enum_values(expression, column.name)) {
        column.enum_values = std::move(*values);
        return;
      }
    }
    table_.checks.push_back({take_constraint_name(), std::string(cursor_.text(expression))});
  }

  void read_collation(model::Column& column) { column.collation = cursor_.name("the name of a collation"); }

  void read_column_deferrable(model::Column&) { set_deferral(true); }

  void read_generated(model::Column& column) {
    cursor_.expect("ALWAYS");
    cursor_.expect("AS");
    read_computed(column);
  }

  void read_computed(model::Column& column) {
    const std::string_view expression = cursor_.text(cursor_.parenthesised());
    const bool is_stored = cursor_.accept("STORED");
    if (!is_stored) cursor_.accept("VIRTUAL");
    column.computed = model::Computed{std::string(expression), is_stored};
  }

  [[nodiscard]] bool is_at_table_constraint() const {
    static constexpr auto keywords =
        std::to_array<std::string_view>({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"});
    return std::any_of(keywords.begin(), keywords.end(),
                       [this](std::string_view keyword) { return cursor_.is_at(keyword); });
  }

  /// Also reads the comma after it, which SQLite makes optional.
  void read_table_constraint() {
    if (cursor_.accept("CONSTRAINT")) {
      constraint_name_ = cursor_.name("the name of a constraint");
    } else if (cursor_.accept("PRIMARY")) {
      read_primary_key();
    } else if (cursor_.accept("UNIQUE")) {
      read_unique();
    } else if (cursor_.accept("CHECK")) {
      read_check();
    } else if (cursor_.accept("FOREIGN")) {
      read_foreign_key();
    } else {
      cursor_.fail("a constraint");
    }
    if (!cursor_.accept(",")) return;
    constraint_name_.clear();
    if (!is_at_table_constraint()) cursor_.fail("a constraint");
  }

  void read_primary_key() {
    cursor_.expect("KEY");
    cursor_.expect("(");
    model::PrimaryKey key;
    key.columns = read_key_parts(cursor_);
    is_table_key_ = true;
    is_auto_increment_ = cursor_.accept("AUTOINCREMENT");
    cursor_.expect(")");
    key.on_conflict = read_on_conflict(cursor_);
    set_primary_key(std::move(key));
  }

  void set_primary_key(model::PrimaryKey key) {
    if (table_.primary_key) cursor_.fail("only one primary key");
    key.name = take_constraint_name();
    table_.primary_key = std::move(key);
  }

  void read_unique() {
    cursor_.expect("(");
    model::Unique unique;
    unique.name = take_constraint_name();
    unique.columns = read_key_parts(cursor_);
    cursor_.expect(")");
    unique.on_conflict = read_on_conflict(cursor_);
    table_.uniques.push_back(std::move(unique));
  }

  void read_check() {
    const std::string_view expression = cursor_.text(cursor_.parenthesised());
    table_.checks.push_back({take_constraint_name(), std::string(expression)});
    // SQLite parses the action and ignores it.
    static_cast<void>(read_on_conflict(cursor_));
  }

  void read_foreign_key() {
    cursor_.expect("KEY");
    model::ForeignKey& key = table_.foreign_keys.emplace_back();
    key.name = take_constraint_name();
    key.columns = read_column_names(cursor_);
    cursor_.expect("REFERENCES");
    read_references(cursor_, key);
    if (cursor_.accept("DEFERRABLE")) set_deferral(true);
    if (!cursor_.accept("NOT")) return;
    cursor_.expect("DEFERRABLE");
    set_deferral(false);
  }

  /// Reads the text after [NOT] DEFERRABLE. It applies to the previous foreign key, even if that is another column's.
  void set_deferral(bool deferrable) {
    const model::Deferral deferral = read_deferral(cursor_);
    if (table_.foreign_keys.empty()) return;
    table_.foreign_keys.back().deferral = deferrable ? deferral : model::Deferral::not_deferrable;
  }

  model::ConstraintName take_constraint_name() { return std::exchange(constraint_name_, {}); }

  void read_options() {
    // SQLite allows a comma before the first one, too.
    if (!cursor_.accept(",") && (cursor_.is_at_end() || cursor_.is_at(";"))) return;
    do {
      if (cursor_.accept("WITHOUT")) {
        cursor_.expect("ROWID");
        table_.options["WITHOUT ROWID"];
      } else {
        cursor_.expect("STRICT");
        table_.options["STRICT"];
      }
    } while (cursor_.accept(","));
  }

  [[nodiscard]] model::Column* find_column(std::string_view name) {
    for (model::Column& column : table_.columns) {
      if (sql::equal_ignoring_case(column.name, name)) return &column;
    }
    return nullptr;
  }

  /// Spells the columns of keys like their definitions, independently of case.
  void resolve(std::string& name) {
    if (const model::Column* column = find_column(name)) name = column->name;
  }
  void resolve(std::vector<model::KeyPart>& parts) {
    for (model::KeyPart& part : parts) {
      if (part.expression.empty()) resolve(part.column);
    }
  }
  void resolve_columns() {
    for (model::Unique& unique : table_.uniques) resolve(unique.columns);
    for (model::ForeignKey& key : table_.foreign_keys) {
      for (std::string& column : key.columns) resolve(column);
    }
    if (is_table_key_) resolve(table_.primary_key->columns);
  }

  void finish_table_key() {
    if (!is_table_key_ || table_.primary_key->columns.size() != 1) return;
    model::KeyPart& part = table_.primary_key->columns.front();
    model::Column* column = find_column(part.column);
    if (column == nullptr) return;
    column->auto_increment = is_auto_increment_;
    // A key of one INTEGER column in a table constraint is the rowid, whatever its order and collation. In a column
    // constraint, DESC would make it a separate key. https://www.sqlite.org/lang_createtable.html#rowid
    if (!is_integer(*column)) return;
    part.collation.clear();
    if (!table_.options.contains("WITHOUT ROWID")) part.descending = false;
  }

  /// The rowid and the key of a table that is WITHOUT ROWID or STRICT are NOT NULL, even without the keyword.
  /// https://www.sqlite.org/lang_createtable.html#the_primary_key
  void finish_key_columns() {
    if (!table_.primary_key) return;
    const std::vector<model::KeyPart>& parts = table_.primary_key->columns;
    if (!table_.options.contains("WITHOUT ROWID") && !table_.options.contains("STRICT")) {
      const model::Column* only = parts.size() == 1 ? find_column(parts.front().column) : nullptr;
      if (only == nullptr || !is_integer(*only) || parts.front().descending) return;
    }
    for (const model::KeyPart& part : parts) {
      if (model::Column* column = find_column(part.column)) column->nullable = false;
    }
  }

  static bool is_integer(const model::Column& column) {
    return sql::equal_ignoring_case(column.type.name, "INTEGER") && column.type.arguments.empty();
  }

  std::string_view sql_;
  Cursor cursor_;
  model::Table table_;
  std::vector<std::string_view> definitions_;
  std::string constraint_name_;  ///< Read before the constraint that it names.
  bool is_table_key_ = false;    ///< If true, the primary key is a table constraint.
  bool is_auto_increment_ = false;
};

}  // namespace

model::Table read_create_table(std::string_view sql) { return TableReader(sql).read(); }

model::Index read_create_index(std::string_view sql) {
  Cursor cursor(sql);
  model::Index index;
  cursor.expect("CREATE");
  index.unique = cursor.accept("UNIQUE");
  cursor.expect("INDEX");
  skip_if_not_exists(cursor);
  index.name = read_qualified_name(cursor, "the name of the index");
  cursor.set_subject("index " + sql::quote_identifier(index.name.text, sqlite_syntax));
  cursor.expect("ON");
  static_cast<void>(cursor.name("the name of a table"));
  cursor.expect("(");
  index.columns = read_key_parts(cursor);
  cursor.expect(")");
  if (cursor.accept("WHERE")) {
    Tokens predicate = cursor.rest().first(cursor.rest().size() - 1);
    while (!predicate.empty() && predicate.back().is(";")) predicate = predicate.first(predicate.size() - 1);
    if (predicate.empty()) cursor.fail("a condition");
    index.where = cursor.text(predicate);
    cursor.skip(predicate.size());
  }
  cursor.expect_end();
  return index;
}

std::string_view column_definition(std::string_view create_table, std::string_view column) {
  TableReader reader(create_table);
  const model::Table table = reader.read();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (sql::equal_ignoring_case(table.columns[i].name, column)) return reader.definition(i);
  }
  return {};
}

}  // namespace whimbrel::dialect::sqlite
