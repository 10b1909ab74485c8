#include <doctest/doctest.h>

#include "dialect/postgres/dialect.h"
#include "operation/describe.h"
#include "plan/plan.h"
#include "whimbrel/error.h"

using namespace whimbrel;
using namespace whimbrel::operation;
using Words = std::vector<std::string>;

namespace {

plan::Plan planned(const std::vector<Operation>& operations, const model::Schema& before, const model::Schema& after) {
  return plan::plan({}, operations, before, after, *dialect::postgres::make_rewriter());
}

Words described(const std::vector<Operation>& operations) {
  Words words;
  for (const Operation& operation : operations) words.push_back(describe(operation));
  return words;
}

model::Table table(const std::string& name, const std::vector<std::string>& columns = {"id"}) {
  model::Table table;
  table.name = name;
  for (const std::string& column : columns) table.columns.push_back({.name = column, .type = {"integer", {}}});
  return table;
}

model::Schema schema(std::vector<model::Table> tables) {
  model::Schema schema;
  schema.tables = std::move(tables);
  return schema;
}

}  // namespace

TEST_CASE("PostgreSQL: tables that refer to each other are created before their keys, and dropped after them") {
  model::Table a = table("a");
  model::Table b = table("b");
  a.foreign_keys.push_back({"to_b", {"id"}, "b", {"id"}});
  b.foreign_keys.push_back({"to_a", {"id"}, "a", {"id"}});
  const plan::Plan plan = planned({CreateTable{a}, CreateTable{b}}, {}, schema({a, b}));
  REQUIRE(plan.up.size() == 4);
  CHECK(std::get<CreateTable>(plan.up[0]).table.foreign_keys.empty());
  CHECK(std::holds_alternative<AddForeignKey>(plan.up[2]));
  CHECK(std::holds_alternative<AddForeignKey>(plan.up[3]));
  REQUIRE(plan.down.size() == 4);
  CHECK(std::holds_alternative<DropForeignKey>(plan.down[0]));
  CHECK(std::holds_alternative<DropForeignKey>(plan.down[1]));
}

TEST_CASE("PostgreSQL: a check that is not valid, and a second unique over the same columns, are added to the table") {
  model::Table made = table("t");
  made.primary_key = model::PrimaryKey{"pk", {"id"}, {}};
  made.checks = {{"c", "id > 0", true}, {"d", "id > 1"}};
  made.uniques = {{"k", {"id"}}};
  const plan::Plan plan = planned({CreateTable{made}}, {}, schema({made}));
  REQUIRE(plan.up.size() == 3);
  const model::Table& created = std::get<CreateTable>(plan.up[0]).table;
  REQUIRE(created.checks.size() == 1);
  CHECK(created.checks[0].name.text == "d");
  CHECK(created.uniques.empty());
}

TEST_CASE("PostgreSQL: a primary key goes before its columns change, and the other comes after") {
  model::Table before = table("t", {"a", "b"});
  before.primary_key = model::PrimaryKey{"pk", {"a"}, {}};
  model::Table after = before;
  after.primary_key->columns = {"b"};
  after.columns[0].nullable = true;
  const plan::Plan plan = planned({AlterColumn{"t", before.columns[0], after.columns[0], {}},
                                   AlterPrimaryKey{"t", before.primary_key, after.primary_key}},
                                  schema({before}), schema({after}));
  REQUIRE(plan.up.size() == 3);
  CHECK_FALSE(std::get<AlterPrimaryKey>(plan.up[0]).after);
  CHECK(std::holds_alternative<AlterColumn>(plan.up[1]));
  CHECK_FALSE(std::get<AlterPrimaryKey>(plan.up[2]).before);
}

TEST_CASE("PostgreSQL: a key over other columns is no renamed key, nor a check that says something else") {
  model::Table before = table("t", {"a", "b"});
  before.primary_key = model::PrimaryKey{"pk", {"a"}, {}};
  before.checks = {{"c", "a > 0"}};
  model::Table after = before;
  after.primary_key = model::PrimaryKey{"key", {"a"}, {}};
  after.checks = {{"d", "a > 0"}};
  const auto change = [&] {
    return described(planned({AlterPrimaryKey{"t", before.primary_key, after.primary_key},
                              DropCheck{"t", before.checks[0]}, AddCheck{"t", after.checks[0]}},
                             schema({before}), schema({after}))
                         .up);
  };
  CHECK(change() == Words{"rename constraint \"c\" of \"t\" to \"d\"", "rename constraint \"pk\" of \"t\" to \"key\""});
  after.primary_key->columns = {"b"};
  after.checks[0].expression = "a > 1";
  for (const std::string& words : change()) CHECK_FALSE(words.starts_with("rename"));
}

TEST_CASE("PostgreSQL: a computed column goes before what it is computed from, and comes after it") {
  model::Table before = table("t", {"id", "a", "b"});
  before.columns[2].computed = model::Computed{"a + 1", true, {}};
  const plan::Plan plan =
      planned({DropColumn{"t", before.columns[1], 1, {}}, DropColumn{"t", before.columns[2], 1, {}}}, schema({before}),
              schema({table("t")}));
  CHECK(described(plan.up) == Words{"drop column \"b\" from \"t\"", "drop column \"a\" from \"t\""});
  CHECK(described(plan.down) == Words{"add column \"a\" to \"t\"", "add column \"b\" to \"t\""});
}

TEST_CASE("PostgreSQL: a column that a child keeps goes from the parent only") {
  model::Table parent = table("p", {"id", "a"});
  model::Table child = table("t", {"own", "a"});
  child.inherits = {"p"};
  model::Table without = child;
  without.columns.pop_back();
  const model::Column a = child.columns[1];
  const plan::Plan plan = planned({DropColumn{"p", a, 1, {}}}, schema({parent, without}), schema({table("p"), child}));
  REQUIRE(plan.up.size() == 1);
  CHECK(std::get<DropColumn>(plan.up[0]).only);
}

TEST_CASE("PostgreSQL: constraints exchange their names over a temporary one") {
  model::Table before = table("t", {"a", "b"});
  before.checks = {{"c", "a > 0"}, {"d", "b > 0"}};
  model::Table after = before;
  after.checks = {{"d", "a > 0"}, {"c", "b > 0"}};
  const plan::Plan plan = planned({DropCheck{"t", before.checks[0]}, DropCheck{"t", before.checks[1]},
                                   AddCheck{"t", after.checks[0]}, AddCheck{"t", after.checks[1]}},
                                  schema({before}), schema({after}));
  CHECK(described(plan.up) == Words{"rename constraint \"c\" of \"t\" to \"temporary_c\"",
                                    "rename constraint \"d\" of \"t\" to \"c\"",
                                    "rename constraint \"temporary_c\" of \"t\" to \"d\""});
}

TEST_CASE("PostgreSQL: all changed partitions are detached before one is attached, when they have changed") {
  const auto moved = [](const std::string& name, const std::string& from, const std::string& to) {
    return AlterTable{name, {{"FOR VALUES", from}}, {{"FOR VALUES", to}}, {}, {}, {"p"}, {"p"}};
  };
  const auto part = [](const std::string& name) {
    model::Table result = table(name);
    result.inherits = {"p"};
    return result;
  };
  const model::Schema whole = schema({table("p"), part("a"), part("b")});
  const model::Index index{.name = "i", .columns = {"id"}};
  const plan::Plan plan = planned({moved("a", "1", "2"), moved("b", "2", "1"), CreateIndex{"b", index}}, whole, whole);
  const auto parents = [](const Operation& operation) { return std::get<AlterTable>(operation).inherits_after.size(); };
  REQUIRE(plan.up.size() == 5);
  CHECK(std::holds_alternative<CreateIndex>(plan.up[0]));
  CHECK(parents(plan.up[1]) + parents(plan.up[2]) == 0);
  CHECK(parents(plan.up[3]) + parents(plan.up[4]) == 2);
}

TEST_CASE("PostgreSQL: an index that a key needs is not created concurrently") {
  const model::Table before = table("t");
  model::Table after = before;
  model::Index index{.name = "i", .columns = {"id"}, .unique = true};
  index.concurrent.value = true;
  after.indexes = {index};
  model::Table other = table("u");
  const std::vector<Operation> alone{CreateIndex{"t", index}};
  const auto is_concurrent = [&](const std::vector<Operation>& operations, const model::Schema& to) {
    const plan::Plan plan = planned(operations, schema({before, other}), to);
    return std::get<CreateIndex>(plan.up.front()).concurrently && std::get<DropIndex>(plan.down.back()).concurrently;
  };
  CHECK(is_concurrent(alone, schema({after, other})));
  const model::ForeignKey key{"fk", {"id"}, "t", {"id"}};
  model::Table referring = other;
  referring.foreign_keys = {key};
  CHECK_FALSE(is_concurrent({CreateIndex{"t", index}, AddForeignKey{"u", key}}, schema({after, referring})));
  after.options["REPLICA IDENTITY"] = "USING INDEX i";
  CHECK_FALSE(is_concurrent(alone, schema({after, other})));
}

TEST_CASE("PostgreSQL: a table is not dropped with partitions in schemas that were not read") {
  model::Table whole = table("t");
  CHECK_NOTHROW(planned({DropTable{whole}}, schema({whole}), {}));
  whole.parts_elsewhere.value = "\"s\".\"part\"";
  CHECK_THROWS_WITH_AS(planned({DropTable{whole}}, schema({whole}), {}), doctest::Contains("\"s\".\"part\""), Error);
}

TEST_CASE("PostgreSQL: an enum that gets a value is recreated where the plan says that value") {
  const model::Enum before{"mood", {"ok"}, {}};
  const model::Enum after{"mood", {"ok", "sad"}, {}};
  model::Table t = table("t");
  t.columns.push_back({.name = "m", .type = {"mood", {}}, .enum_name = "mood"});
  model::Schema from = schema({t});
  from.enums = {before};
  model::Schema to = from;
  to.enums = {after};
  const auto is_recreated = [&](const std::vector<Operation>& others) {
    std::vector<Operation> operations{AlterEnum{before, after, {}}};
    operations.insert(operations.end(), others.begin(), others.end());
    for (const Operation& operation : planned(operations, from, to).up) {
      if (const auto* op = std::get_if<AlterEnum>(&operation)) return !op->columns.empty();
    }
    return false;
  };
  CHECK_FALSE(is_recreated({}));
  model::View view{.name = "v", .definition = "CREATE VIEW v AS SELECT 'sad'::mood"};
  CHECK(is_recreated({CreateView{view}}));
  model::Column filled{.name = "n", .type = {"mood", {}}, .enum_name = "mood"};
  CHECK_FALSE(is_recreated({AddColumn{"t", filled, 2, "'ok'", {}}}));
  CHECK(is_recreated({AddColumn{"t", filled, 2, "'sad'", {}}}));
}
