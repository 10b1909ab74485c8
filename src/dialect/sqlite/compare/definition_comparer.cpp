#include "dialect/sqlite/compare/definition_comparer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Creates a schema as far as possible.
class Maker {
 public:
  explicit Maker(Connection& scratch) : scratch_(scratch) {
    scratch_.stand_in_for_unknown(&stand_ins_);
    scratch_.run("PRAGMA foreign_keys = OFF");
  }
  ~Maker() { scratch_.stand_in_for_unknown(nullptr); }
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;

  void make(const std::string& definition) {
    try {
      scratch_.run(definition);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
    }
  }
  void make(const model::Schema& schema) {
    for (const model::Table& table : schema.tables) {
      make(table.definition.value.empty() ? bare_table(table) : table.definition.value);
    }
    for (const model::Table& table : schema.tables) {
      for (const model::Index& index : table.indexes) {
        if (!index.definition.value.empty()) make(index.definition.value);
      }
    }
    for (const model::Object& object : schema.objects) make(object.definition);
    for (const model::View& view : schema.views) make(view.definition);
    const auto make_triggers = [&](const auto& item) {
      for (const model::Trigger& trigger : item.triggers) make(trigger.definition);
    };
    std::for_each(schema.tables.begin(), schema.tables.end(), make_triggers);
    std::for_each(schema.views.begin(), schema.views.end(), make_triggers);
  }
  /// Calls every function that a definition needs, which creates its stand-in.
  void finish() { static_cast<void>(find_broken(scratch_)); }

 private:
  Connection& scratch_;
  std::vector<std::string> stand_ins_;
};

/// Returns the text from the list of columns or the AS on.
std::string_view select_of(std::string_view definition) {
  for (const sql::Token& token : sql::tokenize(definition, sqlite_syntax)) {
    if (token.is("AS") || token.is("(")) return definition.substr(token.offset);
  }
  return definition;
}

/// Returns the names of the view's columns without quotes: RENAME puts some into that of an unnamed expression. Nullopt
/// if the view cannot be read.
std::optional<std::vector<std::string>> result_names(Connection& scratch, const std::string& view) {
  std::vector<std::string> names;
  Rows::Data rows;
  try {
    rows = scratch.run("SELECT name FROM pragma_table_xinfo(?)", {Value(view)});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    return std::nullopt;
  }
  for (const auto& row : rows.values) {
    const std::string name = row.at(0).text();
    std::string& text = names.emplace_back();
    std::size_t end = 0;
    for (const sql::Token& token : sql::tokenize(name, sqlite_syntax)) {
      text += name.substr(end, token.offset - end) + token.value();
      end = token.end();
    }
    text += name.substr(end);
  }
  return names;
}

/// Returns whether texts in double quotes, which may be strings, are equal to the letter.
bool are_same_in_double_quotes(std::string_view a, std::string_view b) {
  const std::vector<sql::Token> left = sql::tokenize(a, sqlite_syntax);
  const std::vector<sql::Token> right = sql::tokenize(b, sqlite_syntax);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](const auto& one, const auto& other) {
    const bool is_quoted = one.text.starts_with('"') || other.text.starts_with('"');
    return !is_quoted || one.value() == other.value();
  });
}

}  // namespace

std::string bare_table(const model::Table& table) {
  sql::Writer writer(sqlite_syntax);
  writer.raw("CREATE TABLE ").identifier(table.name.name).raw("(");
  writer.list(table.columns, [&](const model::Column& column) {
    writer.identifier(column.name).raw(" ").raw(model::to_string(column.type));
    if (!column.collation.empty()) writer.raw(" COLLATE ").identifier(column.collation);
  });
  return writer.raw(")").take();
}

void DefinitionComparer::begin(std::unique_ptr<Connection> renamed, const model::Schema& desired, bool is_whole) {
  current_ = std::move(renamed);
  desired_.reset();
  columns_.reset();
  schema_ = &desired;
  is_whole_ = is_whole;
}

bool DefinitionComparer::are_same(const StoredStatement& current, const StoredStatement& desired) {
  if (!same_name(current.name, desired.name)) return false;
  const bool is_equal = current.sql == desired.sql;
  if (is_equal && !(may_name_column(current) && reads_strings(current))) return true;
  const auto left = with_single_quotes(this->current(), current);
  const auto right = with_single_quotes(this->desired(), desired);
  // The current one would stay among the desired columns, which may have the name of a string in it.
  const auto later = with_single_quotes(this->desired(), current);
  if (is_equal && !later) return true;
  if (later != left) return false;
  const bool are_known = left && right;
  const bool is_view = current.kind == "view";
  const auto body = [&](const std::string& text) { return is_view ? select_of(text) : std::string_view(text); };
  if (!are_known && !are_same_in_double_quotes(body(current.sql), body(desired.sql))) return false;
  const std::string& left_sql = are_known ? *left : current.sql;
  const std::string& right_sql = are_known ? *right : desired.sql;
  if (!same_but_for_quotes(body(left_sql), body(right_sql))) return false;
  if (!is_view) return true;
  const auto left_names = result_names(this->current(), current.name);
  const auto right_names = result_names(this->desired(), desired.name);
  return !left_names || !right_names || *left_names == *right_names;
}

bool DefinitionComparer::may_name_column(const StoredStatement& current) {
  if (schema_ == nullptr || current.sql.find('"') == std::string::npos) return false;
  if (!columns_) {
    columns_.emplace();
    for (const model::Table& table : schema_->tables) {
      for (const model::Column& column : table.columns) columns_->insert(column.name);
    }
  }
  const std::vector<sql::Token> tokens = sql::tokenize(current.sql, sqlite_syntax);
  return std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    return token.kind == sql::TokenKind::quoted_identifier && columns_->contains(token.value());
  });
}

bool DefinitionComparer::reads_strings(const StoredStatement& current) {
  if (current.sql.find('"') == std::string::npos) return false;
  if (!names_) names_ = find_broken_names(connection_);
  return names_->strings.contains({current.kind, current.name});
}

Connection& DefinitionComparer::current() {
  if (current_ == nullptr) {
    std::vector<std::string> left_out;
    current_ = copy_schema(connection_, left_out);
  }
  return *current_;
}

Connection& DefinitionComparer::desired() {
  if (desired_ != nullptr) return *desired_;
  desired_ = connection_.open_scratch();
  Maker maker(*desired_);
  if (schema_ != nullptr) maker.make(*schema_);
  if (!is_whole_) {
    const Rows::Data rest = connection_.run(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'view') ORDER BY rowid");
    for (const auto& row : rest.values) maker.make(row.at(0).text());
  }
  maker.finish();
  return *desired_;
}

}  // namespace whimbrel::dialect::sqlite
