#include "dialect/samples.h"

#include <algorithm>
#include <array>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/row_copy.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/type_text.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

template <std::size_t Count>
bool is_one_of(std::string_view name, const std::array<std::string_view, Count>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_text(std::string_view type) {
  constexpr auto types =
      std::to_array<std::string_view>({"char", "varchar", "tinytext", "text", "mediumtext", "longtext"});
  return is_one_of(type, types);
}
bool is_bytes(std::string_view type) {
  constexpr auto types = std::to_array<std::string_view>(
      {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit", "geometry", "point", "linestring",
       "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "vector"});
  return is_one_of(type, types);
}

bool has_word(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

std::vector<std::string> edges_of_integer(const model::Type& type, const std::string& lowest,
                                          const std::string& highest, const std::string& highest_unsigned) {
  if (has_word(type.suffix, "unsigned")) return {"1", "0", highest_unsigned, highest};
  return {"1", "0", lowest, highest};
}

/// Returns values, one of which exceeds a given length or precision, so that it is rejected.
std::vector<std::string> edges_of(const model::Type& type) {
  const std::string& name = type.name;
  if (is_text(name)) {
    std::vector<std::string> values = {"'a'", "''", "'01234'", "'+49'", "'b c'", "_utf8mb4 x'c3a9'"};
    if (!type.arguments.empty()) values.push_back("repeat('x', " + std::to_string(type.arguments[0]) + ')');
    return values;
  }
  if (name == "tinyint") return edges_of_integer(type, "-128", "127", "255");
  if (name == "smallint") return edges_of_integer(type, "-32768", "32767", "65535");
  if (name == "mediumint") return edges_of_integer(type, "-8388608", "8388607", "16777215");
  if (name == "int") return edges_of_integer(type, "-2147483648", "2147483647", "4294967295");
  if (name == "bigint") {
    std::vector<std::string> values =
        edges_of_integer(type, "-9223372036854775808", "9223372036854775807", "18446744073709551615");
    values.emplace_back("9007199254740993");
    return values;
  }
  if (name == "year") return {"2000", "1901", "2155"};
  if (is_number_type(name)) return {"1", "0", "0.5", "0.1", "-1.75", "99999999"};
  if (name == "date") return {"'2000-01-01'", "'1970-01-01'", "'1000-01-01'", "'9999-12-31'"};
  if (name == "datetime") return {"'2000-01-01 12:34:56.789'", "'1970-01-01'", "'9999-12-31 23:59:59'"};
  if (name == "timestamp") return {"'2000-01-01 12:34:56.789'", "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'"};
  if (name == "time") return {"'12:34:56.789'", "'00:00'", "'-838:59:59'"};
  if (name == "uuid") return {"'00000000-0000-0000-0000-000000000001'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"};
  if (name == "inet4") return {"'127.0.0.1'"};
  if (name == "inet6") return {"'::1'", "'2001:db8::ff00:42:8329'"};
  if (name == "json") return {"'{}'", "'null'", "'[1, \"a\"]'"};
  if (name == "bit") return {"b'1'", "b'0'"};
  if (name == "point" || name == "geometry") return {"ST_GeomFromText('POINT(1 2)')"};
  if (is_bytes(name)) return {"x'00ff'", "''"};
  return {"'a'", "'1'", "''"};
}

/// The text of a value, or its bytes; in the same form for each type.
std::string comparable(const std::string& value, const std::string& other) {
  return "IF(CHARSET(" + value + ") = 'binary' OR CHARSET(" + other + ") = 'binary', HEX(" + value + "), HEX(CONVERT(" +
         value + " USING utf8mb4)))";
}

class MysqlSamples final : public Samples {
 public:
  // The server checks definitions when they are created, and a scratch database has the same functions.
  std::optional<std::string> use_error(Connection&, const model::Table&) const override { return std::nullopt; }
  bool has_what_lacks(Connection&, const std::string&) const override { return false; }
  // A lossy conversion is known from its types.
  std::optional<std::size_t> changed_values(Connection&, const model::Name&, const std::string&, const StoredAs&,
                                            const StoredAs&) const override {
    return std::nullopt;
  }

  std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                     const std::vector<SampledTable>& tables, std::size_t most) const override {
    return mysql::copy_rows(connection, scratch, tables, most);
  }

  // A scratch database refuses triggers that name another one.
  bool has_reaching_triggers(Connection&) const override { return false; }
  void without_triggers(Connection& scratch, const std::function<void()>& function) const override {
    mysql::without_triggers(scratch, function);
  }

  // There are no deferred constraints.
  void check_at_once(Connection&) const override {}
  std::vector<std::string> edge_values(const model::Column& column) const override {
    return column.enum_values.empty() ? edges_of(column.type) : quoted(column.enum_values, mysql_syntax);
  }
  std::optional<std::string> nth_value(const model::Column& column, std::size_t n) const override {
    const std::string number = std::to_string(n);
    const std::string& type = column.type.name;
    if (!column.enum_values.empty()) return std::nullopt;
    if (type == "year") return std::to_string(1901 + n % 255);
    if (is_number_type(type)) return number;
    if (is_text(type)) return "'k" + number + '\'';
    if (type == "uuid") return "concat('00000000-0000-0000-0000-', lpad('" + number + "', 12, '0'))";
    if (type == "binary" || type == "varbinary" || has_word(type, "blob"))
      return "unhex(lpad('" + number + "', 8, '0'))";
    if (type == "date" || type == "datetime" || type == "timestamp")
      return "date '2000-01-01' + INTERVAL " + number + " DAY";
    return std::nullopt;
  }

  std::optional<std::string> row_id(const model::Table&) const override { return std::nullopt; }
  // Numbers and dates become text; text keeps its character set, and bytes remain bytes.
  std::string kept(const std::string& value) const override { return "CONCAT(" + value + ')'; }
  std::string differs(const std::string& kept, const std::string& value) const override {
    const std::string now = this->kept(value);
    return "(NOT " + comparable(kept, now) + " <=> " + comparable(now, kept) + ')';
  }
  std::string equals(const std::string& kept, const std::string& value) const override {
    const std::string now = this->kept(value);
    return comparable(kept, now) + " = " + comparable(now, kept);
  }
  std::string shown(const std::string& kept, const model::Type& type) const override {
    if (is_number_type(type.name)) return "COALESCE(" + kept + ", 'NULL')";
    if (is_bytes(type.name)) return "COALESCE(CONCAT('x', QUOTE(HEX(LEFT(" + kept + ", 30)))), 'NULL')";
    return "QUOTE(LEFT(" + kept + ", 60))";
  }
};

}  // namespace

const Samples& samples() {
  static const MysqlSamples instance;
  return instance;
}

}  // namespace whimbrel::dialect::mysql
