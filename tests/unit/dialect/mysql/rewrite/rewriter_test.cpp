#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/text/syntax.h"
#include "plan/plan.h"
#include "whimbrel/error.h"

using namespace whimbrel;
using namespace whimbrel::operation;

namespace {

using Strings = std::vector<std::string>;

const dialect::mysql::Server maria{.is_mariadb = true, .version = 100600};
const dialect::mysql::Server oracle{.is_mariadb = false, .version = 80400};

model::Column column(const std::string& name, const std::string& type = "int", bool nullable = true) {
  model::Column result;
  result.name = name;
  result.type.name = type;
  result.nullable = nullable;
  return result;
}

model::Table table(const std::string& name, std::vector<model::Column> columns) {
  model::Table result;
  result.name = name;
  result.columns = std::move(columns);
  return result;
}

struct Ways {
  Strings up, down, notes;
};

/// The statements of both directions. The operations of the plan must lead from one schema to the other.
Ways ways(const model::Schema& before, const std::vector<Operation>& operations,
          const dialect::mysql::Server& server = maria) {
  model::Schema after = before;
  for (const Operation& operation : operations) apply(after, operation, dialect::mysql::mysql_syntax);
  const plan::Plan plan = plan::plan({}, operations, before, after, *dialect::mysql::make_rewriter(server));
  model::Schema reached = before;
  for (const Operation& operation : plan.up) apply(reached, operation, dialect::mysql::mysql_syntax);
  CHECK(canonical(reached) == canonical(after));
  for (const Operation& operation : plan.down) apply(reached, operation, dialect::mysql::mysql_syntax);
  CHECK(canonical(reached) == canonical(before));
  Ways result;
  for (const sql::Statement& statement : dialect::mysql::generate(plan.up, server)) result.up.push_back(statement.sql);
  for (const sql::Statement& statement : dialect::mysql::generate(plan.down, server))
    result.down.push_back(statement.sql);
  result.notes = plan.notes;
  return result;
}

model::ForeignKey key(const std::string& name, const std::string& own, const std::string& to,
                      const std::string& theirs) {
  model::ForeignKey result;
  result.name = name;
  result.columns = {own};
  result.referenced_table = to;
  result.referenced_columns = {theirs};
  return result;
}

}  // namespace

TEST_CASE("a dropped column comes back to its place") {
  const model::Schema before{.tables = {table("t", {column("a"), column("b"), column("c")})}};
  const Ways both = ways(before, {DropColumn{"t", column("b"), 1, {}, {}}});
  CHECK(both.up == Strings{"ALTER TABLE `t` DROP COLUMN `b`"});
  CHECK(both.down == Strings{"ALTER TABLE `t` ADD COLUMN `b` int AFTER `a`"});
  const Ways first = ways(before, {DropColumn{"t", column("a"), 0, {}, {}}});
  CHECK(first.down == Strings{"ALTER TABLE `t` ADD COLUMN `a` int FIRST"});
}

TEST_CASE("the type of a column in a foreign key changes while the key is away") {
  model::Table parent = table("p", {column("id", "int", false)});
  parent.primary_key = model::PrimaryKey{{}, {"id"}, {}, {}, {}};
  model::Table child = table("c", {column("p_id")});
  child.foreign_keys = {key("FK", "p_id", "p", "id")};
  const Ways both = ways({.tables = {parent, child}},
                         {AlterColumn{"p", column("id", "int", false), column("id", "bigint", false), {}, {}},
                          AlterColumn{"c", column("p_id"), column("p_id", "bigint"), {}, {}}});
  REQUIRE(both.up.size() == 4);
  CHECK(both.up.front() == "ALTER TABLE `c` DROP FOREIGN KEY `FK`");
  CHECK(both.up.back().starts_with("ALTER TABLE `c` ADD CONSTRAINT `FK` FOREIGN KEY"));
  CHECK(both.down.front() == "ALTER TABLE `c` DROP FOREIGN KEY `FK`");
  CHECK(both.notes == Strings{"fails if rows of \"c\" have values in (p_id) that do not exist in \"p\"",
                              "copies table \"c\"; writes are blocked until it finishes",
                              "copies table \"p\"; writes are blocked until it finishes"});
}

TEST_CASE("MySQL keeps AUTO_INCREMENT of a referenced column unless the key is away") {
  model::Column id = column("id", "int", false);
  model::Table parent = table("p", {id});
  parent.columns.front().auto_increment = true;
  parent.primary_key = model::PrimaryKey{{}, {"id"}, {}, {}, {}};
  model::Table child = table("c", {column("p_id")});
  child.foreign_keys = {key("FK", "p_id", "p", "id")};
  const std::vector<Operation> change = {AlterColumn{"p", parent.columns.front(), id, {}, {}}};
  CHECK(ways({.tables = {parent, child}}, change, oracle).up.size() == 3);
  CHECK(ways({.tables = {parent, child}}, change, maria).up.size() == 1);
}

TEST_CASE("an index under another name is renamed") {
  model::Table before = table("t", {column("a")});
  model::Index index;
  index.name = "old";
  index.columns = {"a"};
  before.indexes = {index};
  model::Index renamed = index;
  renamed.name = "new";
  const Ways both = ways({.tables = {before}}, {DropIndex{"t", index}, CreateIndex{"t", renamed}});
  CHECK(both.up == Strings{"ALTER TABLE `t` RENAME KEY `old` TO `new`"});
  CHECK(both.down == Strings{"ALTER TABLE `t` RENAME KEY `new` TO `old`"});
}

TEST_CASE("an index that a foreign key needs is replaced in one statement") {
  model::Table parent = table("p", {column("id", "int", false)});
  parent.primary_key = model::PrimaryKey{{}, {"id"}, {}, {}, {}};
  model::Table child = table("c", {column("p_id"), column("x")});
  child.foreign_keys = {key("FK", "p_id", "p", "id")};
  model::Index narrow;
  narrow.name = "narrow";
  narrow.columns = {"p_id"};
  child.indexes = {narrow};
  model::Index wide;
  wide.name = "wide";
  wide.columns = {"p_id", "x"};
  CHECK(ways({.tables = {parent, child}}, {CreateIndex{"c", wide}, DropIndex{"c", narrow}}).up ==
        Strings{"ALTER TABLE `c` DROP KEY `narrow`, ADD KEY `wide` (`p_id`, `x`)"});
}

TEST_CASE("a virtual column that becomes an ordinary one keeps its values") {
  model::Table before = table("t", {column("a"), column("v"), column("z")});
  before.columns[1].computed = model::Computed{"`a` + 1", false, {}};
  const Ways both = ways({.tables = {before}}, {AlterColumn{"t", before.columns[1], column("v"), {}, {}}});
  CHECK(both.up == Strings{"ALTER TABLE `t` ADD COLUMN `whimbrel_v` int AFTER `a`", "UPDATE `t` SET `whimbrel_v` = `v`",
                           "ALTER TABLE `t` DROP COLUMN `v`", "ALTER TABLE `t` RENAME COLUMN `whimbrel_v` TO `v`"});
  CHECK(both.down ==
        Strings{"ALTER TABLE `t` DROP COLUMN `v`, ADD COLUMN `v` int GENERATED ALWAYS AS (`a` + 1) VIRTUAL AFTER `a`"});
}

TEST_CASE("a column with a check of its own in MariaDB keeps it") {
  model::Table before = table("t", {column("a")});
  before.checks.push_back({model::ConstraintName::make_derived("a"), "`a` > 0", false, false, {}});
  const Ways both = ways({.tables = {before}}, {AlterColumn{"t", column("a"), column("a", "bigint"), {}, {}}});
  CHECK(both.up == Strings{"ALTER TABLE `t` MODIFY `a` bigint CHECK (`a` > 0)"});
  const Ways dropped = ways({.tables = {before}}, {DropCheck{"t", before.checks.front()}});
  CHECK(dropped.up == Strings{"ALTER TABLE `t` MODIFY `a` int"});
  CHECK(dropped.down == Strings{"ALTER TABLE `t` MODIFY `a` int CHECK (`a` > 0)"});
}

TEST_CASE("columns follow the character set of their table") {
  model::Table before = table("t", {column("a", "text"), column("n")});
  before.options = {{"ENGINE", "InnoDB"}, {"DEFAULT CHARSET", "latin1"}};
  std::map<std::string, std::string> options = before.options;
  options["DEFAULT CHARSET"] = "utf8mb4";
  const Ways both = ways({.tables = {before}}, {AlterTable{"t", before.options, options, {}, {}, {}, {}}});
  CHECK(both.up == Strings{"ALTER TABLE `t` DEFAULT CHARSET=utf8mb4, MODIFY `a` text"});
}

TEST_CASE("the history of a versioned table is not dropped") {
  model::Table before = table("t", {column("a")});
  before.options = {{"WITH SYSTEM VERSIONING", ""}};
  const AlterTable op{"t", before.options, {}, "", "", {}, {}};
  CHECK_THROWS_AS(static_cast<void>(ways({.tables = {before}}, {op})), Error);
  model::Table later = before;
  later.options.clear();
  const auto* const versioned = &before.options;
  const Ways both = ways({.tables = {later}}, {AlterTable{"t", {}, *versioned, "", "", {}, {}}});
  CHECK(both.up == Strings{"ALTER TABLE `t` ADD SYSTEM VERSIONING"});
}
