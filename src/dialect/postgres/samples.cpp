#include "dialect/postgres/samples.h"

#include "dialect/postgres/row_copy.h"
#include "dialect/postgres/text/deparsed_text.h"
#include "dialect/postgres/text/syntax.h"
#include "dialect/postgres/without_triggers.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

bool is_text(std::string_view type) { return type == "text" || type.starts_with("character") || type == "citext"; }

/// Returns values, one of which exceeds a given length or precision, so that it is rejected.
std::vector<std::string> edges_of(const model::Type& type) {
  const std::string& name = type.name;
  if (is_text(name)) {
    std::vector<std::string> values = {"'a'", "''", "'01234'", "'+49'", "'b c'", "U&'\\00e9'"};
    if (!type.arguments.empty()) values.push_back("repeat('x', " + std::to_string(type.arguments[0]) + ')');
    return values;
  }
  if (name == "smallint") return {"1", "0", "-32768", "32767"};
  if (name == "integer") return {"1", "0", "-2147483648", "2147483647"};
  if (name == "bigint") return {"1", "0", "9223372036854775807", "9007199254740993", "2147483648"};
  if (is_number_type(name)) return {"1", "0", "0.5", "0.1", "-1.75", "99999999", "'NaN'"};
  if (name == "boolean") return {"true", "false"};
  if (name == "date") return {"'2000-01-01'", "'1970-01-01'", "'0001-01-01'", "'infinity'"};
  if (name.starts_with("timestamp")) return {"'2000-01-01 12:34:56.789'", "'1970-01-01'", "'infinity'"};
  if (name.starts_with("time")) return {"'12:34:56.789'", "'00:00'", "'23:59:59'"};
  if (name == "uuid") return {"'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000000'"};
  if (name == "json" || name == "jsonb") return {"'{}'", "'null'", "'[1, \"a\"]'"};
  if (name == "bytea") return {"'\\x00ff'", "''"};
  if (name.ends_with("[]")) return {"'{}'", "'{NULL}'"};
  return {"'a'", "'1'", "''"};
}

class PostgresSamples final : public Samples {
 public:
  // The server checks definitions when they are created, and a scratch schema or database has the same functions.
  std::optional<std::string> use_error(Connection&, const model::Table&) const override { return std::nullopt; }
  bool has_what_lacks(Connection&, const std::string&) const override { return false; }
  // A lossy conversion is known from its types.
  std::optional<std::size_t> changed_values(Connection&, const model::Name&, const std::string&, const StoredAs&,
                                            const StoredAs&) const override {
    return std::nullopt;
  }

  std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                     const std::vector<SampledTable>& tables, std::size_t most) const override {
    return postgres::copy_rows(connection, scratch, tables, most);
  }

  bool has_reaching_triggers(Connection& scratch) const override { return has_triggers(scratch); }
  void without_triggers(Connection& scratch, const std::function<void()>& function) const override {
    postgres::without_triggers(scratch, function);
  }

  // Pending checks would also prevent ALTER TABLE.
  void check_at_once(Connection& scratch) const override { scratch.run("SET CONSTRAINTS ALL IMMEDIATE"); }
  std::vector<std::string> edge_values(const model::Column& column) const override {
    return column.enum_values.empty() ? edges_of(column.type) : quoted(column.enum_values, postgres_syntax);
  }
  std::optional<std::string> nth_value(const model::Column& column, std::size_t n) const override {
    const std::string number = std::to_string(n);
    const std::string& type = column.type.name;
    if (is_number_type(type)) return number;
    if (is_text(type)) return "'k" + number + '\'';
    if (type == "uuid") return "lpad('" + number + "', 32, '0')::uuid";
    if (type == "bytea") return "decode(lpad('" + number + "', 8, '0'), 'hex')";
    if (type == "date" || type.starts_with("timestamp")) return "date '2000-01-01' + " + number;
    return std::nullopt;
  }

  // The location of a row changes with each update.
  std::optional<std::string> row_id(const model::Table&) const override { return std::nullopt; }
  std::string kept(const std::string& value) const override { return value + "::text"; }
  std::string differs(const std::string& kept, const std::string& value) const override {
    return '(' + kept + " IS DISTINCT FROM " + value + "::text)";
  }
  std::string equals(const std::string& kept, const std::string& value) const override {
    return kept + " = " + value + "::text";
  }
  std::string shown(const std::string& kept, const model::Type& type) const override {
    if (is_number_type(type.name)) return "coalesce(" + kept + ", 'NULL')";
    return "quote_nullable(left(" + kept + ", 60))";
  }
};

}  // namespace

const Samples& samples() {
  static const PostgresSamples instance;
  return instance;
}

}  // namespace whimbrel::dialect::postgres
