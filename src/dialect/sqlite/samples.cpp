#include "dialect/sqlite/samples.h"

#include <algorithm>

#include "dialect/sqlite/generate/conversion.h"
#include "dialect/sqlite/row_copy.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Returns the name at the end of an error that begins with these words.
std::optional<std::string> name_after(const std::string& error, std::string_view words) {
  const auto place = error.find(words);
  if (place == std::string::npos) return std::nullopt;
  const auto begin = place + words.size();
  return error.substr(begin, error.find_first_of(" .;)\n", begin) - begin);
}

bool is_listed(Connection& connection, const std::string& pragma, const std::string& name) {
  return !connection.run("SELECT 1 FROM " + pragma + " WHERE name = ? COLLATE NOCASE", {Value(name)}).values.empty();
}

/// Returns a collation of the table that is not built in; empty if there is none. A scratch database has a stand-in for
/// any name.
std::string foreign_collation(const model::Table& table) {
  std::vector<std::string> collations;
  for (const model::Column& column : table.columns) collations.push_back(column.collation);
  const auto add = [&](const std::vector<model::KeyPart>& parts) {
    for (const model::KeyPart& part : parts) collations.push_back(part.collation);
  };
  if (table.primary_key) add(table.primary_key->columns);
  for (const model::Unique& unique : table.uniques) add(unique.columns);
  for (const model::Index& index : table.indexes) add(index.columns);
  const auto is_own = [](const std::string& collation) {
    return collation.empty() || sql::equal_ignoring_case(collation, "BINARY") ||
           sql::equal_ignoring_case(collation, "NOCASE") || sql::equal_ignoring_case(collation, "RTRIM");
  };
  const auto found = std::find_if_not(collations.begin(), collations.end(), is_own);
  return found == collations.end() ? std::string() : *found;
}

class SqliteSamples final : public Samples {
 public:
  // SQLite resolves functions and collations only when they are used.
  std::optional<std::string> use_error(Connection& scratch, const model::Table& table) const override {
    const std::string name = sql::quote_identifier(table.name.name, sqlite_syntax);
    if (auto error = compile_error(scratch, "SELECT * FROM " + name)) return error;
    if (auto error = compile_error(scratch, "INSERT INTO " + name + " DEFAULT VALUES")) return error;
    const std::string collation = foreign_collation(table);
    if (collation.empty()) return std::nullopt;
    return "no such collation sequence: " + collation;
  }

  bool has_what_lacks(Connection& original, const std::string& error) const override {
    if (const auto function = name_after(error, "no such function: ")) {
      return is_listed(original, "pragma_function_list", *function);
    }
    const auto collation = name_after(error, "no such collation sequence: ");
    return collation && is_listed(original, "pragma_collation_list", *collation);
  }

  std::optional<std::size_t> changed_values(Connection& connection, const model::Name& table, const std::string& column,
                                            const StoredAs& from, const StoredAs& to) const override {
    return sqlite::changed_values(connection, table.name, column, from, to);
  }

  std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                     const std::vector<SampledTable>& tables, std::size_t most) const override {
    return sqlite::copy_rows(connection, scratch, tables, most);
  }

  bool has_reaching_triggers(Connection&) const override { return false; }
  void without_triggers(Connection& scratch, const std::function<void()>& function) const override {
    sqlite::without_triggers(scratch, function);
  }

  // Without a transaction, every statement is its own.
  void check_at_once(Connection&) const override {}
  // A column accepts any kind of value, except in a STRICT table.
  std::vector<std::string> edge_values(const model::Column& column) const override {
    if (affinity(column.type) == Affinity::text) {
      return {"'a'", "''", "'01234'", "'+49'", "'1e5'", "'b c'", "'2020-01-01'", "x'00ff'"};
    }
    return {"1",
            "0",
            "-1",
            "9223372036854775807",
            "-9223372036854775807 - 1",
            "9007199254740993",
            "0.5",
            "1.0e300",
            "'01234'",
            "'text'",
            "'2020-01-01'",
            "x'00ff'"};
  }
  std::optional<std::string> nth_value(const model::Column& column, std::size_t n) const override {
    return affinity(column.type) == Affinity::text ? "'k" + std::to_string(n) + '\'' : std::to_string(n);
  }

  std::optional<std::string> row_id(const model::Table& table) const override { return sqlite::row_id(table); }
  std::string kept(const std::string& value) const override { return '+' + value; }
  std::string differs(const std::string& kept, const std::string& value) const override {
    return "(+" + kept + " IS NOT (+" + value + ") COLLATE BINARY)";
  }
  std::string equals(const std::string& kept, const std::string& value) const override { return kept + " = " + value; }
  std::string shown(const std::string& kept, const model::Type&) const override {
    return "substr(quote(" + kept + "), 1, 60)";
  }
};

}  // namespace

const Samples& samples() {
  static const SqliteSamples instance;
  return instance;
}

}  // namespace whimbrel::dialect::sqlite
