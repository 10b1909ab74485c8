#include <doctest/doctest.h>

#include <array>
#include <limits>

#include "dialect/mysql/text/type_text.h"
#include "sql/lexer.h"
#include "unit/dialect/mysql/inspect/described.h"

namespace whimbrel::test::mysql {

using dialect::mysql::column_type;
using dialect::mysql::default_literal;
using dialect::mysql::Server;
using dialect::mysql::table_options;
using model::ColumnRequest;
using model::ValueKind;

namespace {

constexpr Server mariadb{};
constexpr Server old_mariadb{.version = 100625};
constexpr Server mysql{.is_mariadb = false};

std::string type(const ColumnRequest& request, const Server& server = mariadb) {
  return to_string(column_type(request, server));
}

std::string reason(const ColumnRequest& request, const Server& server = mariadb) {
  const auto error = error_of([&] { static_cast<void>(column_type(request, server)); });
  return error ? error->what() : std::string();
}

constexpr std::array kinds = {ValueKind::int8,    ValueKind::int16,   ValueKind::int32,     ValueKind::int64,
                              ValueKind::uint8,   ValueKind::uint16,  ValueKind::uint32,    ValueKind::uint64,
                              ValueKind::boolean, ValueKind::float32, ValueKind::float64,   ValueKind::text,
                              ValueKind::bytes,   ValueKind::date,    ValueKind::timestamp, ValueKind::json};

}  // namespace

TEST_CASE("the type of each kind of member is read back as it was written, and holds its values") {
  const auto connection = open_fresh();
  const Server server = dialect::mysql::read_server(connection->server());
  for (const ValueKind kind : kinds) {
    const model::Type wanted = column_type({.kind = kind}, server);
    CAPTURE(to_string(wanted));
    connection->run("DROP TABLE IF EXISTS t");
    connection->run("CREATE TABLE t (x " + to_string(wanted) + " NULL)");
    CHECK(read(*connection).tables.at(0).columns.at(0).type == wanted);
    CHECK(dialect::mysql::value_kind(wanted) == kind);
  }
}

TEST_CASE("a feature of only one of the two servers is only refused if the server is known to be the other one") {
  const auto has = [](const char* flavour) {
    return dialect::mysql::since(model::Feature::computed_keys, dialect::mysql::read_server({.flavour = flavour}))
        .has_value();
  };
  CHECK(has(""));
  CHECK(has("mysql"));
  CHECK_FALSE(has("mariadb"));
}

TEST_CASE("types depend on the server and on the options of the member") {
  CHECK(type({.kind = ValueKind::uuid}) == "uuid");
  CHECK(type({.kind = ValueKind::uuid}, old_mariadb) == "varchar(36)");
  CHECK(type({.kind = ValueKind::uuid}, mysql) == "varchar(36)");
  CHECK(type({.kind = ValueKind::enumeration}) == "enum");
  CHECK(type({.kind = ValueKind::text, .length = 40}) == "varchar(40)");
  CHECK(type({.kind = ValueKind::bytes, .length = 16}) == "varbinary(16)");
  CHECK(type({.kind = ValueKind::text, .type = "char", .length = 2}) == "char(2)");
  CHECK(type({.kind = ValueKind::text, .type = "varchar", .length = 36}) == "varchar(36)");
  CHECK(type({.kind = ValueKind::uuid, .type = "Character Varying", .length = 36}) == "varchar(36)");
  CHECK(type({.kind = ValueKind::text, .type = "LONGTEXT"}) == "longtext");
  CHECK(type({.kind = ValueKind::float64, .precision = 10, .scale = 2}) == "decimal(10,2)");
  CHECK(type({.kind = ValueKind::timestamp}) == "datetime(6)");
  CHECK(type({.kind = ValueKind::timestamp, .with_time_zone = true, .precision = 3}) == "timestamp(3)");
  CHECK(type({.kind = ValueKind::timestamp, .precision = 0}) == "datetime");
  CHECK(type({.kind = ValueKind::int64, .auto_increment = true}) == "bigint");
}

TEST_CASE("what a type cannot carry is refused with its name") {
  CHECK(reason({.kind = ValueKind::array}) == "MariaDB has no array columns");
  CHECK(reason({.kind = ValueKind::int32, .length = 4}, mysql) == "MySQL's type int has no length");
  CHECK(reason({.kind = ValueKind::uuid, .length = 4}, mysql) == "MySQL's type varchar(36) has no length");
  CHECK(reason({.kind = ValueKind::boolean, .precision = 4}) == "MariaDB's type tinyint(1) has no precision");
  CHECK(reason({.kind = ValueKind::timestamp, .precision = 3, .scale = 1}) ==
        "MariaDB's type datetime(6) has no scale");
  CHECK(reason({.kind = ValueKind::timestamp, .precision = 7}) ==
        "MariaDB's type datetime has at most 6 fractional digits");
  CHECK(reason({.kind = ValueKind::float64, .precision = 4, .scale = 5}) == "MariaDB has no decimal(4,5)");
  CHECK(reason({.kind = ValueKind::text, .type = "varchar(3)", .length = 4}) ==
        "MariaDB's type varchar(3) already contains its arguments");
  CHECK(reason({.kind = ValueKind::text, .type = "varchar"}) == "MariaDB cannot parse \"varchar\" as a type");
  CHECK(reason({.kind = ValueKind::text, .type = "no(such", .length = 4}) ==
        "MariaDB cannot parse \"no(such\" as a type");
  CHECK(reason({.kind = ValueKind::text, .type = "no(such"}) == "MariaDB cannot parse \"no(such\" as a type");
  CHECK(contains(reason({.kind = ValueKind::text, .type = "enum('a')"}), "come from the member's type"));
  CHECK(contains(reason({.kind = ValueKind::float64, .auto_increment = true}), "integer types only, not double"));
  CHECK(contains(reason({.kind = ValueKind::bytes, .in_primary_key = true}), "primary key without the length"));
  CHECK(contains(reason({.kind = ValueKind::json, .in_primary_key = true}), "type json in a primary key"));
}

TEST_CASE("a literal default is read back as it was written") {
  const auto connection = open_fresh();
  const Server server = dialect::mysql::read_server(connection->server());
  struct Case {
    const char* type;
    ValueKind kind;
    model::Literal literal;
  };
  const std::vector<Case> cases = {
      {"tinyint(1)", ValueKind::boolean, true},
      {"int", ValueKind::int32, std::int64_t{-5}},
      {"bigint", ValueKind::int64, std::numeric_limits<std::int64_t>::min()},
      {"double", ValueKind::float64, 0.1},
      {"double", ValueKind::float64, -1.5e300},
      {"double", ValueKind::float64, 1e14},
      {"double", ValueKind::float64, 1e15},
      {"double", ValueKind::float64, 1e-15},
      {"double", ValueKind::float64, 1e-16},
      {"double", ValueKind::float64, 1234567890123456.0},
      {"varchar(40)", ValueKind::text, std::string("it's \\ \"x\"\n\r\t é")},
      {"varchar(40)", ValueKind::text, std::string()},
      {"varchar(40)", ValueKind::text, std::string("NULL")},
      {"varchar(40)", ValueKind::text, std::string("current_timestamp()")},
      {"varchar(40)", ValueKind::text, std::string("(1)")},
      {"varchar(40)", ValueKind::text, std::string("0x41")},
      {"varbinary(9)", ValueKind::bytes, std::string("it's")},
      {"date", ValueKind::date, std::string("2020-01-02")},
      {"datetime(3)", ValueKind::timestamp, std::string("2020-01-02 03:04:05.000")},
      {"enum('a','b''c')", ValueKind::enumeration, std::string("b'c")},
  };
  for (const Case& one : cases) {
    const std::string literal = default_literal(one.literal, one.kind, server);
    CAPTURE(one.type);
    CAPTURE(literal);
    connection->run("DROP TABLE IF EXISTS t");
    connection->run(std::string("CREATE TABLE t (x ") + one.type + " DEFAULT " + literal + ")");
    CHECK(read(*connection).tables.at(0).columns.at(0).default_expression == literal);
  }
  CHECK(default_literal({}, ValueKind::text, server) == "NULL");
  CHECK(error_of([&] {
    static_cast<void>(default_literal(std::numeric_limits<double>::infinity(), ValueKind::float64, server));
  }));
}

TEST_CASE("the current time is an expression that is read back, in UTC without a time zone") {
  const auto connection = open_fresh();
  const Server server = dialect::mysql::read_server(connection->server());
  for (const std::string type : {"datetime", "datetime(6)", "timestamp(3)", "timestamp", "date"}) {
    const model::Type wanted = *dialect::mysql::read_type(type);
    for (const std::string& now : dialect::mysql::current_timestamps(wanted, server)) {
      CAPTURE(type);
      CAPTURE(now);
      const bool is_plain = sql::to_lower(now).starts_with("current");
      connection->run("DROP TABLE IF EXISTS t");
      connection->run("CREATE TABLE t (x " + type + " NULL DEFAULT " + (is_plain ? now : "(" + now + ")") + ")");
      CHECK(read(*connection).tables.at(0).columns.at(0).default_expression == now);
    }
  }
  CHECK(dialect::mysql::current_timestamps({"datetime", {6}}, mysql).front() == "utc_timestamp(6)");
  CHECK(dialect::mysql::current_timestamps({"timestamp", {}}, mysql).front() == "CURRENT_TIMESTAMP");
}

TEST_CASE("the names that the servers derive are known") {
  using Kind = model::NamedPart::Kind;
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a (id int PRIMARY KEY)");
  connection->run("CREATE TABLE t (x int, y int, UNIQUE (x, y), KEY (y), FOREIGN KEY (x) REFERENCES a (id))");
  const model::Table table = *read(*connection).find_table({"", "t"});
  const auto is_derived = [&](Kind kind, const std::string& name, const std::vector<model::KeyPart>& columns) {
    return dialect::mysql::is_derived_name(name, {kind, "t", model::column_names(columns)});
  };
  CHECK(is_derived(Kind::unique, table.uniques.at(0).name.text, table.uniques.at(0).columns));
  CHECK(is_derived(Kind::index, table.indexes.at(0).name.text, table.indexes.at(0).columns));
  CHECK(is_derived(Kind::foreign_key, table.foreign_keys.at(0).name.text, {}));
  CHECK(dialect::mysql::is_derived_name("1", {Kind::foreign_key, "t", {"x"}}));
  CHECK_FALSE(dialect::mysql::is_derived_name("t_ibfk_", {Kind::foreign_key, "t", {"x"}}));
  CHECK_FALSE(dialect::mysql::is_derived_name("u_ibfk_1", {Kind::foreign_key, "t", {"x"}}));
  CHECK_FALSE(dialect::mysql::is_derived_name("by_x", {Kind::index, "t", {"x"}}));
  CHECK_FALSE(dialect::mysql::is_derived_name("x_2", {Kind::unique, "t", {"x"}}));
}

TEST_CASE("the options of a table are spelled as the server reports them") {
  using Options = std::map<std::string, std::string>;
  CHECK(table_options({.engine = "innodb", .charset = "UTF8", .collation = "utf8_bin"}, mariadb) ==
        Options{{"ENGINE", "InnoDB"}, {"DEFAULT CHARSET", "utf8mb3"}, {"COLLATE", "utf8mb3_bin"}});
  CHECK(table_options({.engine = "heap"}, mysql) == Options{{"ENGINE", "MEMORY"}});
  CHECK(table_options({.charset = "utf8mb4"}, mysql) == Options{{"DEFAULT CHARSET", "utf8mb4"}});
  CHECK(table_options({}, mysql).empty());
}

TEST_CASE("attributes of a column are separate from its type") {
  const auto split = dialect::mysql::split_attributes({"int", {5}, "unsigned zerofill invisible"});
  CHECK(to_string(split.type) == "int(5) unsigned zerofill");
  CHECK(split.attributes == "invisible");
  CHECK(dialect::mysql::split_attributes({"point", {}, "srid 4326 invisible"}).attributes == "srid 4326 invisible");
  CHECK(dialect::mysql::split_attributes({"int", {}}).attributes.empty());
}

}  // namespace whimbrel::test::mysql
