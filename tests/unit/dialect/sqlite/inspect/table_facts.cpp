#include "unit/dialect/sqlite/inspect/table_facts.h"

#include <algorithm>
#include <map>

#include "dialect/sqlite/inspect/reader.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/null_literal.h"
#include "sql/syntax.h"
#include "sql/writer.h"

namespace whimbrel::test {

namespace {

using Facts = std::vector<std::string>;
using Rows = std::vector<std::vector<Value>>;

/// A type in lower case, without white space and quotes, and without what SQLite 3.31 takes for a part of it.
std::string plain_type(std::string_view type) {
  std::string result = sql::to_lower(type);
  const auto is_left_out = [](char c) { return std::string_view(" \t\n\"'`[]").find(c) != std::string_view::npos; };
  result.erase(std::remove_if(result.begin(), result.end(), is_left_out), result.end());
  constexpr std::string_view generated = "generatedalways";
  if (result.ends_with(generated)) result.resize(result.size() - generated.size());
  return result;
}

/// An expression with one space between its tokens. A single name is the string that SQLite takes it for.
std::string plain_expression(std::string_view expression) {
  const std::vector<sql::Token> tokens = sql::tokenize(expression, dialect::sqlite::sqlite_syntax);
  const bool is_name =
      tokens.size() == 1 && (tokens[0].kind == sql::TokenKind::quoted_identifier ||
                             (tokens[0].kind == sql::TokenKind::word && !tokens[0].is("NULL") &&
                              !tokens[0].is("TRUE") && !tokens[0].is("FALSE") && !tokens[0].is("CURRENT_TIMESTAMP") &&
                              !tokens[0].is("CURRENT_DATE") && !tokens[0].is("CURRENT_TIME")));
  if (is_name) return sql::quote_string(tokens[0].value(), dialect::sqlite::sqlite_syntax);
  std::string result;
  for (const sql::Token& token : tokens) result += std::string(token.text) + ' ';
  return result.substr(0, result.size() - 1);
}

std::string join(const Facts& facts) {
  std::string result;
  for (const std::string& fact : facts) result += fact + '\n';
  return result;
}

/// Is more than one word in quotes written as the type? What SQLite keeps of it then depends on the quotes.
bool has_odd_type(const model::Table& table, const std::string& column) {
  const auto tokens =
      sql::tokenize(dialect::sqlite::column_definition(table.definition.value, column), dialect::sqlite::sqlite_syntax);
  return tokens.size() > 2 &&
         (tokens[1].kind == sql::TokenKind::quoted_identifier || tokens[1].kind == sql::TokenKind::string);
}

struct ColumnFact {
  std::string name, type, default_expression, collation;
  bool not_null = false, auto_increment = false;
  std::int64_t key_position = 0;
  std::int64_t hidden = 0;
};

std::string line(const ColumnFact& fact) {
  return "column " + fact.name + " type=" + plain_type(fact.type) + " notnull=" + std::to_string(fact.not_null) +
         " default=" + fact.default_expression + " collation=" + sql::to_lower(fact.collation) +
         " autoincrement=" + std::to_string(fact.auto_increment) + " key=" + std::to_string(fact.key_position) +
         " hidden=" + std::to_string(fact.hidden);
}

/// An index, or what SQLite makes one for: a primary key, a unique.
struct KeyFact {
  std::string kind;  ///< pk, u, or the name of an index and what it is.
  std::vector<std::string> columns;
  std::string orders;
  bool operator==(const KeyFact& other) const { return columns == other.columns; }
};

Facts lines(const std::vector<KeyFact>& keys) {
  Facts facts;
  for (const KeyFact& key : keys) {
    std::string& fact = facts.emplace_back("key " + key.kind + " " + key.orders);
    for (const std::string& column : key.columns) fact += " " + column;
  }
  std::sort(facts.begin(), facts.end());
  facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
  return facts;
}

Facts column_facts(TestDatabase& database, const model::Table& table) {
  Facts facts;
  // A key without an index of its own is the rowid, which is never NULL.
  const bool is_key_rowid =
      database.run("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'", {table.name.name}).values.empty();
  const Rows rows =
      database.run("SELECT name, type, dflt_value, pk, hidden FROM pragma_table_xinfo(?)", {table.name.name}).values;
  for (const std::vector<Value>& row : rows) {
    ColumnFact fact;
    fact.name = row[0].text();
    fact.type = has_odd_type(table, fact.name) ? "odd" : row[1].text();
    fact.default_expression = row[2].is_null() || sql::is_null_literal(row[2].text(), dialect::sqlite::sqlite_syntax)
                                  ? "none"
                                  : plain_expression(row[2].text());
    fact.key_position = row[3].integer();
    fact.hidden = row[4].integer();
    const char* collation = nullptr;
    int not_null = 0;
    int auto_increment = 0;
    sqlite3_table_column_metadata(database.native(), "main", table.name.name.c_str(), fact.name.c_str(), nullptr,
                                  &collation, &not_null, nullptr, &auto_increment);
    fact.collation = collation == nullptr ? "" : collation;
    fact.not_null = not_null != 0 || (is_key_rowid && fact.key_position > 0);
    fact.auto_increment = auto_increment != 0;
    facts.push_back(line(fact));
  }
  return facts;
}

Facts foreign_key_facts(TestDatabase& database, const std::string& table) {
  std::map<std::int64_t, std::string, std::greater<>> by_id;  // SQLite counts from the last one.
  const Rows rows =
      database
          .run(
              "SELECT id, \"table\", on_update, on_delete, \"from\", \"to\" FROM pragma_foreign_key_list(?) "
              "ORDER BY id, seq",
              {table})
          .values;
  for (const std::vector<Value>& row : rows) {
    std::string& fact = by_id[row[0].integer()];
    if (fact.empty())
      fact = "references " + sql::to_lower(text(row[1])) + " update=" + text(row[2]) + " delete=" + text(row[3]);
    fact += " " + text(row[4]) + "->" + sql::to_lower(text(row[5]));
  }
  Facts facts;
  for (const auto& [id, fact] : by_id) facts.push_back(fact);
  return facts;
}

std::vector<KeyFact> key_facts(TestDatabase& database, const std::string& table) {
  std::vector<KeyFact> facts;
  const Rows rows = database.run("SELECT name, \"unique\", origin, partial FROM pragma_index_list(?)", {table}).values;
  for (const std::vector<Value>& row : rows) {
    KeyFact fact;
    fact.kind = row[2].text();
    if (fact.kind == "c") fact.kind = "index " + row[0].text() + " unique=" + text(row[1]) + " partial=" + text(row[3]);
    const Rows columns =
        database.run("SELECT name, cid, coll, \"desc\" FROM pragma_index_xinfo(?) WHERE key", {row[0]}).values;
    for (const std::vector<Value>& column : columns) {
      const std::string name = column[1].integer() == -2 ? "<expression>" : text(column[0]);
      fact.columns.push_back(name + "/" + sql::to_lower(text(column[2])));
      fact.orders += text(column[3]);
    }
    if (row[2].text() == "c") fact.columns.push_back(row[0].text());
    facts.push_back(std::move(fact));
  }
  return facts;
}

bool is_without_rowid(const model::Table& table) { return table.options.count("WITHOUT ROWID") > 0; }

bool is_rowid(const model::Table& table, const model::Column& column) {
  if (is_without_rowid(table) || !table.primary_key || table.primary_key->columns.size() != 1) return false;
  const model::KeyPart& part = table.primary_key->columns[0];
  return part.column == column.name && !part.descending && plain_type(to_string(column.type)) == "integer";
}

KeyFact expected_key(const model::Table& table, std::string kind, const std::vector<model::KeyPart>& parts) {
  KeyFact fact;
  fact.kind = std::move(kind);
  for (const model::KeyPart& part : parts) {
    const model::Column* column = part.expression.empty() ? table.find_column(part.column) : nullptr;
    std::string collation = part.collation.empty() && column != nullptr ? column->collation : part.collation;
    if (collation.empty()) collation = "BINARY";
    std::string name = column == nullptr ? "<expression>" : column->name;
    name += "/" + sql::to_lower(collation);
    // The key of a table without a rowid has each column once.
    const bool is_again = std::find(fact.columns.begin(), fact.columns.end(), name) != fact.columns.end();
    if (is_again && fact.kind == "pk" && is_without_rowid(table)) continue;
    fact.columns.push_back(std::move(name));
    fact.orders += part.descending ? '1' : '0';
  }
  return fact;
}

std::vector<KeyFact> expected_keys(const model::Table& table) {
  std::vector<KeyFact> facts;
  if (table.primary_key && std::none_of(table.columns.begin(), table.columns.end(),
                                        [&](const model::Column& column) { return is_rowid(table, column); })) {
    facts.push_back(expected_key(table, "pk", table.primary_key->columns));
  }
  for (const model::Unique& unique : table.uniques) facts.push_back(expected_key(table, "u", unique.columns));
  for (const model::Index& index : table.indexes) {
    const std::string kind = "index " + index.name.text + " unique=" + std::to_string(index.unique) +
                             " partial=" + std::to_string(!index.where.empty());
    facts.push_back(expected_key(table, kind, index.columns));
    facts.back().columns.push_back(index.name.text);
  }
  return facts;
}

std::int64_t key_position(const model::Table& table, const model::Column& column) {
  if (!table.primary_key) return 0;
  if (is_rowid(table, column)) return 1;
  const std::vector<std::string> columns = expected_key(table, "pk", table.primary_key->columns).columns;
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const std::string& key) { return key.substr(0, key.rfind('/')) == column.name; });
  return found == columns.end() ? 0 : found - columns.begin() + 1;
}

std::string action_name(model::ReferentialAction action) {
  switch (action) {
    case model::ReferentialAction::no_action:
      return "NO ACTION";
    case model::ReferentialAction::restrict:
      return "RESTRICT";
    case model::ReferentialAction::cascade:
      return "CASCADE";
    case model::ReferentialAction::set_null:
      return "SET NULL";
    case model::ReferentialAction::set_default:
      return "SET DEFAULT";
  }
  return {};
}

std::string expected_column(const model::Table& table, const model::Column& column) {
  ColumnFact fact;
  fact.name = column.name;
  fact.type = has_odd_type(table, column.name) ? "odd" : to_string(column.type);
  fact.key_position = key_position(table, column);
  fact.not_null = !column.nullable;
  fact.default_expression = column.default_expression ? plain_expression(*column.default_expression) : "none";
  fact.collation = column.collation.empty() ? "BINARY" : column.collation;
  fact.auto_increment = column.auto_increment;
  if (column.computed) fact.hidden = column.computed->stored ? 3 : 2;
  return line(fact);
}

std::string expected_foreign_key(const model::ForeignKey& key) {
  std::string fact = "references " + sql::to_lower(key.referenced_table.name) +
                     " update=" + action_name(key.on_update) + " delete=" + action_name(key.on_delete);
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    fact += " " + key.columns[i] + "->" +
            (key.referenced_columns.empty() ? "null" : sql::to_lower(key.referenced_columns.at(i)));
  }
  return fact;
}

/// SQLite makes one index for several constraints on the same columns. Which one it was made for is not looked at.
void forget_doubles(std::vector<KeyFact>& facts, const std::vector<KeyFact>& expected) {
  for (KeyFact& fact : facts) {
    if (std::count(expected.begin(), expected.end(), fact) < 2) continue;
    fact.kind.clear();
    fact.orders.clear();
  }
}

}  // namespace

std::string table_facts(TestDatabase& database, const model::Table& table) {
  Facts facts = column_facts(database, table);
  const Facts foreign_keys = foreign_key_facts(database, table.name.name);
  facts.insert(facts.end(), foreign_keys.begin(), foreign_keys.end());
  std::vector<KeyFact> keys = key_facts(database, table.name.name);
  forget_doubles(keys, expected_keys(table));
  const Facts key_lines = lines(keys);
  facts.insert(facts.end(), key_lines.begin(), key_lines.end());
  return join(facts);
}

std::string expected_facts(const model::Table& table) {
  Facts facts;
  for (const model::Column& column : table.columns) facts.push_back(expected_column(table, column));
  for (const model::ForeignKey& key : table.foreign_keys) facts.push_back(expected_foreign_key(key));
  std::vector<KeyFact> keys = expected_keys(table);
  forget_doubles(keys, expected_keys(table));
  const Facts key_lines = lines(keys);
  facts.insert(facts.end(), key_lines.begin(), key_lines.end());
  return join(facts);
}

}  // namespace whimbrel::test
