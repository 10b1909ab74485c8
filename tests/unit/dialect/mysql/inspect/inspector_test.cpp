#include <doctest/doctest.h>

#include "unit/dialect/mysql/inspect/described.h"

namespace whimbrel::test::mysql {

namespace {

using References = std::vector<model::Reference>;

std::vector<std::string> unsupported(dialect::Connection& connection) {
  return dialect::mysql::unsupported_objects(connection, dialect::mysql::read_server(connection.server()),
                                             {.objects = true});
}

}  // namespace

TEST_CASE("an empty database is an empty schema") {
  const auto connection = open_fresh();
  CHECK(read(*connection, {.objects = true}) == model::Schema{});
  CHECK(unsupported(*connection).empty());
}

TEST_CASE("foreign keys into other databases name them, and the actions that are the default are none") {
  const auto other = open_fresh();
  const auto connection = open_fresh();
  other->run("CREATE TABLE far (id int PRIMARY KEY)");
  const std::string name = value(*other, "SELECT DATABASE()").text();
  connection->run("CREATE TABLE near (a int, b int, CONSTRAINT far_key FOREIGN KEY (a) REFERENCES " + name +
                  ".far (id) ON DELETE RESTRICT ON UPDATE NO ACTION)");
  const model::Table table = read(*connection).tables.at(0);
  REQUIRE(table.foreign_keys.size() == 1);
  const model::ForeignKey& key = table.foreign_keys.front();
  CHECK(key.referenced_table == model::Name(name, "far"));
  CHECK(key.referenced_columns == std::vector<std::string>{"id"});
  CHECK(key.on_delete == model::ReferentialAction::no_action);
  CHECK(key.on_update == model::ReferentialAction::no_action);
  // The index that the server made.
  REQUIRE(table.indexes.size() == 1);
  CHECK(table.indexes.front().name.text == "far_key");
}

TEST_CASE("characters of four bytes are read, although the server shows question marks for them") {
  const auto connection = open_fresh();
  connection->run(
      "CREATE TABLE t (id int PRIMARY KEY, d varchar(20) DEFAULT '\xF0\x9F\x8E\x89?', e enum('a', '?', "
      "'\xF0\x9F\x8E\x89') NOT NULL, s set('x', '\xF0\xA0\xAE\xB7'), g varchar(20) AS (concat(id, "
      "'\xF0\x9F\x8E\x89')), f varchar(20) DEFAULT (concat('?', '\xF0\x9F\x8E\x89')), plain varchar(20) DEFAULT "
      "'?', CONSTRAINT k CHECK (d <> '\xF0\x9F\x98\x80')) CHARACTER SET utf8mb4");
  for (const char* const access : {"READ WRITE", "READ ONLY"}) {
    connection->run(std::string("SET SESSION TRANSACTION ") + access);
    const model::Table table = read(*connection).tables.at(0);
    const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
    CHECK(*table.find_column("d")->default_expression == "'\xF0\x9F\x8E\x89?'");
    CHECK(table.find_column("e")->enum_values == std::vector<std::string>{"a", "?", "\xF0\x9F\x8E\x89"});
    CHECK(table.find_column("s")->type.name == "set('x','\xF0\xA0\xAE\xB7')");
    CHECK(has(table.find_column("g")->computed->expression, "\xF0\x9F\x8E\x89"));
    CHECK(has(*table.find_column("f")->default_expression, "'?'"));
    CHECK(has(*table.find_column("f")->default_expression, "\xF0\x9F\x8E\x89"));
    CHECK(*table.find_column("plain")->default_expression == "'?'");
    REQUIRE(table.checks.size() == 1);
    CHECK(has(table.checks[0].expression, "\xF0\x9F\x98\x80"));
  }
  // MySQL's SHOW CREATE TABLE has no such characters in expressions: its copy differs, and is not taken for one.
  if (!is_mariadb(*connection)) return;
  const auto dialect = whimbrel::mysql::driver().make_dialect(connection->server());
  std::vector<std::string> left_out;
  const auto copy = dialect->copy_schema(*connection, {}, dialect::CopyUse::generated_statements, left_out);
  REQUIRE(copy != nullptr);
  CHECK(read(*copy) == read(*connection));
}

TEST_CASE("plain unique keys are constraints, others are indexes") {
  const auto connection = open_fresh();
  connection->run(
      "CREATE TABLE t (a int, b varchar(20), UNIQUE KEY plain (b(3), a DESC), UNIQUE KEY said (a) COMMENT 'c')");
  const model::Table table = read(*connection).tables.at(0);
  REQUIRE(table.uniques.size() == 1);
  CHECK(table.uniques[0].name.text == "plain");
  CHECK(table.uniques[0].columns[0].length == 3);
  CHECK(table.uniques[0].columns[1].descending);
  REQUIRE(table.indexes.size() == 1);
  CHECK(table.indexes[0].unique);
  CHECK(table.indexes[0].storage_parameters == "COMMENT 'c'");
}

TEST_CASE("checks, generated columns, defaults and views know the columns that they use") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE t (a int, b int, c int AS (a + b), d int, CONSTRAINT k CHECK (a > d))");
  connection->run("CREATE VIEW v AS SELECT x.a FROM t x");
  connection->run("CREATE VIEW a_view AS SELECT a FROM v");
  const model::Schema schema = read(*connection);
  const model::Table& table = schema.tables.at(0);
  CHECK(table.columns[2].computed->uses.value == References{{"t", "a", {}}, {"t", "b", {}}});
  CHECK(table.checks.at(0).uses.value == References{{"t", "a", {}}, {"t", "d", {}}});
  REQUIRE(schema.views.size() == 2);
  CHECK(schema.views[0].name.name == "v");
  CHECK(schema.views[0].uses.value == References{{"t", {}, {}}, {"t", "a", {}}});
  CHECK(schema.views[1].uses.value == References{{"v", {}, {}}});
}

TEST_CASE("only the changed tables of a part are read") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE a (x int, KEY x_key (x)); CREATE TABLE b (x int); CREATE VIEW v AS SELECT x FROM a");
  dialect::InspectScope scope{.only_changed = true};
  scope.part.emplace().changed = {"a"};
  const model::Schema part = read(*connection, scope);
  REQUIRE(part.tables.size() == 1);
  CHECK(part.tables[0] == *read(*connection).find_table("a"));
  CHECK(part.views.empty());
  scope.part->changed = {"no such table", "it's"};
  CHECK(read(*connection, scope) == model::Schema{});
  scope.part->changed.clear();
  CHECK(read(*connection, scope).tables.empty());
}

TEST_CASE("views that cannot be used are read, and so are other definers") {
  const auto connection = open_fresh();
  connection->run(
      "CREATE TABLE t (a int); CREATE TABLE gone (a int); CREATE VIEW broken AS SELECT a FROM gone; DROP TABLE gone");
  connection->run("CREATE DEFINER=`no one`@`nowhere` VIEW foreign_view AS SELECT a FROM t");
  connection->run(
      "CREATE DEFINER=`no one`@`nowhere` TRIGGER foreign_trigger BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1");
  const model::Schema schema = read(*connection);
  REQUIRE(schema.views.size() == 2);
  CHECK(schema.views[0].definition == "CREATE VIEW `broken` AS select `gone`.`a` AS `a` from `gone`");
  CHECK(schema.views[1].definition ==
        "CREATE DEFINER=`no one`@`nowhere` VIEW `foreign_view` AS select `t`.`a` AS `a` from `t`");
  CHECK(schema.tables.at(0).triggers.at(0).definition ==
        "CREATE DEFINER=`no one`@`nowhere` TRIGGER `foreign_trigger` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1");
}

TEST_CASE("routines, events and sequences are read only if objects are") {
  const auto connection = open_fresh();
  connection->run("CREATE PROCEDURE p() SELECT 1");
  connection->run("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1");
  if (is_mariadb(*connection)) connection->run("CREATE SEQUENCE s");
  CHECK(read(*connection).objects.empty());
  const std::vector<model::Object> objects = read(*connection, {.objects = true}).objects;
  REQUIRE(objects.size() == (is_mariadb(*connection) ? 3 : 2));
  CHECK(objects.back().kind == "procedure");
  CHECK(objects.back().removal == "DROP PROCEDURE `p`");
  CHECK(objects.back().after_tables);
  if (is_mariadb(*connection)) CHECK(objects.front().kind == "sequence");
}

TEST_CASE("the SQL mode in which a trigger was created is read") {
  const auto connection = open_fresh();
  connection->run("CREATE TABLE t (a int)");
  const std::string mode = value(*connection, "SELECT @@sql_mode").text();
  connection->run("SET sql_mode = 'ANSI_QUOTES'");
  connection->run("CREATE TRIGGER quoted BEFORE INSERT ON t FOR EACH ROW SET NEW.\"a\" = 1");
  connection->run("SET sql_mode = '" + mode + "'");
  CHECK(unsupported(*connection).empty());
  const std::vector<model::Table> tables = read(*connection).tables;
  REQUIRE(tables.size() == 1);
  REQUIRE(tables[0].triggers.size() == 1);
  CHECK(tables[0].triggers[0].session == "sql_mode = 'ANSI_QUOTES'");
}

}  // namespace whimbrel::test::mysql
