#include <doctest/doctest.h>

#include "dialect/mysql/compare/normalised.h"
#include "dialect/mysql/compare/renames.h"
#include "dialect/mysql/dialect.h"
#include "support/mysql_server.h"
#include "whimbrel/error.h"
#include "whimbrel/mysql.h"

using namespace whimbrel;
using namespace whimbrel::operation;

namespace {

using Strings = std::vector<std::string>;

struct Compared {
  Compared() {
    connection = mysql::driver().open({.url = test::mysql_server().fresh_database()});
    dialect = dialect::mysql::make_dialect(connection->server());
    comparison = dialect->comparison(*connection);
  }
  bool same(diff::ExpressionUse use, const model::Table& table, const std::string& column, const std::string& current,
            const std::string& desired) const {
    const diff::ExpressionPair pair{&table, use, column, current, desired};
    return comparison->same_expressions({&pair, 1}).front();
  }
  std::unique_ptr<dialect::Connection> connection;
  std::unique_ptr<const dialect::Dialect> dialect;
  std::unique_ptr<diff::Comparison> comparison;
};

model::Table table_with_column(const std::string& name, const model::Type& type) {
  model::Table table;
  table.name = "t";
  model::Column column;
  column.name = name;
  column.type = type;
  table.columns = {column};
  return table;
}

Strings sql_of(const std::vector<Operation>& operations, const dialect::mysql::Server& server) {
  Strings result;
  for (const sql::Statement& statement : dialect::mysql::generate(operations, server)) result.push_back(statement.sql);
  return result;
}

}  // namespace

TEST_CASE("the server decides which expressions are the same") {
  using diff::ExpressionUse;
  const Compared compared;
  const model::Table table = table_with_column("a", {"int", {}});
  const model::Table texts = table_with_column("a", {"varchar", {20}});
  const auto stored = [&](const std::string& sql) { return sql; };
  CHECK(compared.same(ExpressionUse::check, table, "", stored("`a` > 0"), "a>0"));
  CHECK(compared.same(ExpressionUse::check, table, "", "`a` > 0", "(a > 0)"));
  CHECK_FALSE(compared.same(ExpressionUse::check, table, "", "`a` > 0", "a > 1"));
  CHECK(compared.same(ExpressionUse::default_value, texts, "a", "upper('x')", "UPPER(\"x\")"));
  CHECK_FALSE(compared.same(ExpressionUse::default_value, texts, "a", "upper('x')", "lower('x')"));
  CHECK(compared.same(ExpressionUse::default_value, table, "a", "1", "1"));
  CHECK_FALSE(compared.same(ExpressionUse::check, table, "", "`a` > 0", "this is no SQL"));
  CHECK(compared.comparison->remark().empty());
}

TEST_CASE("one expression that the server refuses does not hide the others") {
  const Compared compared;
  const model::Table table = table_with_column("a", {"int", {}});
  const std::vector<diff::ExpressionPair> pairs = {{&table, diff::ExpressionUse::check, "", "`a` > 0", "a>0"},
                                                   {&table, diff::ExpressionUse::check, "", "`a` > 0", "b > 0"},
                                                   {&table, diff::ExpressionUse::check, "", "`a` > 5", "5 < a and 1"},
                                                   {&table, diff::ExpressionUse::check, "", "`a` = 7", "a = 7"}};
  CHECK(compared.comparison->same_expressions(pairs) == std::vector<bool>{true, false, false, true});
}

TEST_CASE("expressions of tables whose columns have the same names and different types are compared for each") {
  const Compared compared;
  const model::Table numbers = table_with_column("a", {"int", {}});
  const model::Table texts = table_with_column("a", {"varchar", {20}});
  model::Table latin = texts;
  latin.options["DEFAULT CHARSET"] = "latin1";
  const model::Table capitals = table_with_column("A", {"int", {}});
  std::vector<diff::ExpressionPair> pairs;
  std::vector<bool> expected;
  for (int i = 0; i < 60; ++i) {
    const std::string bound = std::to_string(i);
    pairs.push_back({&numbers, diff::ExpressionUse::check, "", "`a` > " + bound, "a>" + bound});
    pairs.push_back({&texts, diff::ExpressionUse::check, "", "`a` <> '" + bound + '\'', "a != '" + bound + '\''});
    pairs.push_back({&latin, diff::ExpressionUse::default_value, "a", "lower('X" + bound + "')",
                     i % 2 == 0 ? "LOWER('X" + bound + "')" : "upper('X" + bound + "')"});
    pairs.push_back({&capitals, diff::ExpressionUse::check, "", "`A` = " + bound, "A = " + bound});
    expected.insert(expected.end(), {true, true, i % 2 == 0, true});
  }
  CHECK(compared.comparison->same_expressions(pairs) == expected);
}

TEST_CASE("views are the same if the server stores them alike") {
  const Compared compared;
  compared.connection->run("CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t WHERE b > 0");
  const model::View stored{"v", "CREATE VIEW `v` AS select `t`.`a` AS `a` from `t` where `t`.`b` > 0", {}};
  const model::View same{"v", "CREATE VIEW v AS SELECT a FROM t WHERE b>0", {}};
  const model::View other{"v", "CREATE VIEW v AS SELECT a FROM t WHERE b>1", {}};
  const model::View broken{"v", "CREATE VIEW v AS SELECT nothing FROM t", {}};
  const std::vector<diff::ViewPair> pairs = {{&stored, &same}, {&stored, &other}, {&stored, &broken}};
  CHECK(compared.comparison->same_views(pairs) == std::vector<bool>{true, false, false});
}

TEST_CASE("a computed column is nullable on MariaDB, and what it is declared on MySQL") {
  const Compared compared;
  model::Table table = table_with_column("a", {"int", {}});
  table.columns.front().nullable = false;
  table.columns.push_back(table.columns.front());
  table.columns.back().name = "b";
  table.columns.back().computed = model::Computed{"`a` + 1", false, {}};
  const auto pair = compared.comparison->normalised({}, {.tables = {table}}, false);
  REQUIRE(pair);
  CHECK_FALSE(pair->desired.tables.front().columns.front().nullable);
  CHECK(pair->desired.tables.front().columns.back().nullable == test::is_mariadb());
}

TEST_CASE("every spelling of CURRENT_TIMESTAMP in ON UPDATE is that of the server") {
  const Compared compared;
  const auto spelled = [&](const std::string& given, const model::Type& type) {
    model::Table table = table_with_column("a", type);
    table.columns.front().on_update = given;
    const auto pair = compared.comparison->normalised({}, {.tables = {table}}, false);
    REQUIRE(pair);
    return pair->desired.tables.front().columns.front().on_update;
  };
  struct Case {
    model::Type type;
    std::string given;
  };
  const std::vector<Case> cases = {
      {{"datetime", {6}}, "CURRENT_TIMESTAMP(6)"}, {{"datetime", {6}}, "now(6)"}, {{"datetime", {3}}, "Now( 3 )"},
      {{"datetime", {}}, "current_timestamp"},     {{"datetime", {}}, "NOW()"},   {{"timestamp", {}}, "now(0)"}};
  for (const Case& one : cases) {
    CAPTURE(one.given);
    compared.connection->run("DROP TABLE IF EXISTS t; CREATE TABLE t (a " + model::to_string(one.type) +
                             " NULL ON UPDATE " + one.given + ")");
    const model::Schema read = compared.dialect->inspect(*compared.connection, {});
    CHECK(spelled(one.given, one.type) == read.tables.front().columns.front().on_update);
  }
  CHECK(spelled("upper('x')", {"datetime", {}}) == "upper('x')");
}

TEST_CASE("the index that a foreign key needs is a part of the desired schema") {
  model::Table table = table_with_column("p_id", {"int", {}});
  model::ForeignKey key;
  key.name = model::ConstraintName::make_derived("FK_1");
  key.columns = {"p_id"};
  key.referenced_table = "p";
  key.referenced_columns = {"id"};
  table.foreign_keys = {key};
  const diff::SchemaPair fresh = dialect::mysql::normalised({}, {.tables = {table}});
  REQUIRE(fresh.desired.tables.front().indexes.size() == 1);
  CHECK(fresh.desired.tables.front().indexes.front().name.text == "FK_1");
  model::Table current = table;
  model::Index index;
  index.name = "other";
  index.columns = {"p_id"};
  current.indexes = {index};
  const diff::SchemaPair kept = dialect::mysql::normalised({.tables = {current}}, {.tables = {table}});
  CHECK(kept.desired.tables.front().indexes.front().name.text == "other");
  model::Table covered = table;
  covered.uniques.push_back({"UQ", {"p_id", "x"}, {}, {}, false, {}});
  CHECK(dialect::mysql::normalised({}, {.tables = {covered}}).desired.tables.front().indexes.empty());
}

TEST_CASE("views and triggers are recreated around renames") {
  model::Table table = table_with_column("a", {"int", {}});
  table.triggers.push_back({"tr", "CREATE TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.`a` = 1", {}});
  model::View view{"v", "CREATE VIEW `v` AS select `t`.`a` AS `a`,`x`.`a` AS `b` from (`t` join `t` `x`)", {}};
  const model::Schema schema{.tables = {table}, .views = {view}};
  const dialect::mysql::Server maria{.is_mariadb = true, .version = 101100};
  CHECK(sql_of(dialect::mysql::with_followers(schema, {RenameColumn{"t", "a", "z"}}, maria), maria) ==
        Strings{"DROP TRIGGER `tr`", "DROP VIEW `v`", "ALTER TABLE `t` RENAME COLUMN `a` TO `z`",
                "CREATE VIEW `v` AS select `t`.`z` AS `a`,`x`.`z` AS `b` from (`t` join `t` `x`)",
                "CREATE TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.`z` = 1"});
}

TEST_CASE("MySQL's checks and generated columns are recreated around the rename of a column") {
  model::Table table = table_with_column("a", {"int", {}});
  model::Column computed = table.columns.front();
  computed.name = "b";
  computed.nullable = true;
  const model::Uses uses_a{{{{"t", "a", {}}}}};
  computed.computed = model::Computed{"`a` + 1", false, uses_a};
  table.columns.push_back(computed);
  table.checks.push_back({"ck", "`a` > 0", false, false, uses_a});
  const dialect::mysql::Server oracle{.is_mariadb = false, .version = 80400};
  CHECK(sql_of(dialect::mysql::with_followers({.tables = {table}}, {RenameColumn{"t", "a", "z"}}, oracle), oracle) ==
        Strings{"ALTER TABLE `t` DROP CHECK `ck`, DROP COLUMN `b`", "ALTER TABLE `t` RENAME COLUMN `a` TO `z`",
                "ALTER TABLE `t` ADD CONSTRAINT `ck` CHECK (`z` > 0), ADD COLUMN `b` int GENERATED ALWAYS AS (`z` + 1) "
                "VIRTUAL AFTER `z`"});
}

TEST_CASE("MySQL's generated columns are added behind columns that are there, also between two renames and back") {
  model::Table table = table_with_column("a", {"int", {}});
  const auto add = [&](const std::string& name, const std::string& used) {
    model::Column column = table_with_column(name, {"int", {}}).columns.front();
    column.nullable = true;
    if (!used.empty()) column.computed = model::Computed{'`' + used + "` + 1", false, {{{{"t", used, {}}}}}};
    table.columns.insert(used.empty() ? table.columns.end() : table.columns.begin(), column);
  };
  add("b", "");
  add("l", "b");
  add("k", "a");
  const dialect::mysql::Server oracle{.is_mariadb = false, .version = 80400};
  const std::vector<Operation> renames = dialect::mysql::with_followers(
      {.tables = {table}}, {RenameColumn{"t", "a", "p"}, RenameColumn{"t", "b", "q"}}, oracle);
  const std::string alter = "ALTER TABLE `t` ";
  const std::string k = "ADD COLUMN `k` int GENERATED ALWAYS AS ";
  const std::string l = "ADD COLUMN `l` int GENERATED ALWAYS AS ";
  CHECK(sql_of(renames, oracle) == Strings{alter + "DROP COLUMN `k`", alter + "RENAME COLUMN `a` TO `p`",
                                           alter + k + "(`p` + 1) VIRTUAL FIRST, DROP COLUMN `l`",
                                           alter + "RENAME COLUMN `b` TO `q`",
                                           alter + l + "(`q` + 1) VIRTUAL AFTER `k`"});
  CHECK(sql_of(reverse(renames), oracle) == Strings{alter + "DROP COLUMN `l`", alter + "RENAME COLUMN `q` TO `b`",
                                                    alter + l + "(`b` + 1) VIRTUAL AFTER `k`",
                                                    alter + "DROP COLUMN `k`", alter + "RENAME COLUMN `p` TO `a`",
                                                    alter + k + "(`a` + 1) VIRTUAL FIRST"});
}

TEST_CASE("a trigger that uses the renamed column in another way is refused") {
  model::Table table = table_with_column("a", {"int", {}});
  table.triggers.push_back(
      {"tr", "CREATE TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET @x = (SELECT max(a) FROM t)", {}});
  CHECK_THROWS_AS(
      static_cast<void>(dialect::mysql::with_followers({.tables = {table}}, {RenameColumn{"t", "a", "z"}}, {})), Error);
}

TEST_CASE("a trigger that uses the renamed table is refused, also if it has the name of the table") {
  model::Table table = table_with_column("a", {"int", {}});
  table.triggers.push_back({"sale", "CREATE TRIGGER `sale` BEFORE INSERT ON `t` FOR EACH ROW DELETE FROM sale", {}});
  const model::Table sale{.name = "sale", .columns = table.columns};
  const model::Schema schema{.tables = {table, sale}};
  CHECK_THROWS_AS(static_cast<void>(dialect::mysql::with_followers(schema, {RenameTable{"sale", "u"}}, {})), Error);
  CHECK_NOTHROW(static_cast<void>(dialect::mysql::with_followers(schema, {RenameColumn{"sale", "a", "u"}}, {})));
}
