#include "plan/detach.h"

#include <doctest/doctest.h>

#include "operation/describe.h"

using namespace whimbrel;
using namespace whimbrel::plan;

namespace {

using namespace operation;
using Words = std::vector<std::string>;

model::Uses uses(std::vector<model::Reference> used) { return {std::move(used)}; }

/// A table with one part of each kind that calls a function, and one of each that uses only its columns.
model::Table table() {
  const model::Uses outside = uses({{"f", {}, "function"}});
  const model::Uses inside = uses({{"t", "a", {}}});
  model::Table table;
  table.name = "t";
  for (const char* name : {"a", "b"}) table.columns.push_back({.name = name, .type = {"integer", {}}});
  table.columns[0].default_expression = "1";
  table.columns[0].default_uses = inside;
  table.columns[1].default_expression = "f()";
  table.columns[1].default_uses = outside;
  table.checks = {{"own", "a > 0", false, false, {}}, {"calling", "f() > 0", false, false, {}}};
  table.checks[0].uses = inside;
  table.checks[1].uses = outside;
  model::Index index;
  index.name = "by_a";
  index.uses = inside;
  table.indexes.push_back(index);
  index.name = "by_f";
  index.uses = outside;
  table.indexes.push_back(index);
  model::Trigger trigger;
  trigger.name = "calls";
  trigger.uses = outside;
  table.triggers.push_back(trigger);
  return table;
}

Words words_of(const std::vector<Operation>& operations) {
  Words words;
  for (const Operation& operation : operations) words.push_back(describe(operation));
  return words;
}

}  // namespace

TEST_CASE("parts of a new table that use something else are created after it") {
  std::vector<Operation> operations{CreateTable{table()}};
  REQUIRE(detach(operations, {0}));
  const model::Table& created = std::get<CreateTable>(operations[0]).table;
  REQUIRE(created.checks.size() == 1);
  CHECK(created.checks[0].name.text == "own");
  REQUIRE(created.indexes.size() == 1);
  CHECK(created.indexes[0].name.text == "by_a");
  CHECK(created.triggers.empty());
  CHECK(created.columns[0].default_expression == "1");
  CHECK_FALSE(created.columns[1].default_expression);
  REQUIRE(operations.size() == 5);
  CHECK(std::get<AddCheck>(operations[1]).check.name.text == "calling");
  CHECK(std::get<CreateIndex>(operations[2]).index.name.text == "by_f");
  CHECK(std::get<CreateTrigger>(operations[3]).trigger.name == "calls");
  const auto& altered = std::get<AlterColumn>(operations[4]);
  CHECK_FALSE(altered.before.default_expression);
  CHECK(altered.after.default_expression == "f()");
}

TEST_CASE("parts of a table that is dropped are dropped before it") {
  std::vector<Operation> operations{DropTable{table()}};
  REQUIRE(detach(operations, {0}));
  REQUIRE(operations.size() == 5);
  CHECK(std::holds_alternative<DropCheck>(operations[1]));
  CHECK(std::holds_alternative<DropIndex>(operations[2]));
  CHECK(std::holds_alternative<DropTrigger>(operations[3]));
  const auto& altered = std::get<AlterColumn>(operations[4]);
  CHECK(altered.before.default_expression == "f()");
  CHECK_FALSE(altered.after.default_expression);
}

TEST_CASE("only the tables of the cycle are taken apart, and a cycle without such parts stays") {
  model::Table plain;
  plain.name = "plain";
  std::vector<Operation> operations{CreateTable{table()}, CreateTable{plain}};
  const Words before = words_of(operations);
  CHECK_FALSE(detach(operations, {1}));
  CHECK(words_of(operations) == before);
}
