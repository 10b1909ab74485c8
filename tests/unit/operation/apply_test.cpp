#include <doctest/doctest.h>

#include "dialect/sqlite/text/syntax.h"
#include "operation/operation.h"
#include "whimbrel/error.h"

namespace whimbrel::operation {

namespace {

model::Uses uses(std::vector<model::Reference> used) { return {std::move(used)}; }

model::Schema schema() {
  model::Schema schema;
  model::Table& table = schema.tables.emplace_back();
  table.name = "t";
  table.columns = {{.name = "length", .type = {"integer", {}}}, {.name = "name", .type = {"text", {}}}};
  table.checks = {{"c", "length(name) > 3", false, false, uses({{"t", "name", {}}})},
                  {"d", "length > 3", false, false, {}}};
  model::View& view = schema.views.emplace_back();
  view.name = "v";
  view.uses = uses({{"t", "length", {}}, {"u", "length", {}}});
  return schema;
}

}  // namespace

TEST_CASE("a renamed column has its new name in what uses it, and what is only called as it was keeps its name") {
  model::Schema renamed = schema();
  apply(renamed, RenameColumn{"t", "length", "size"}, dialect::sqlite::sqlite_syntax);
  CHECK(renamed.tables[0].checks[0].expression == "length(name) > 3");
  CHECK(renamed.tables[0].checks[1].expression == "size > 3");
  CHECK(renamed.views[0].uses.value == std::vector<model::Reference>{{"t", "size", {}}, {"u", "length", {}}});
}

TEST_CASE("a renamed table has its new name in what uses it") {
  model::Schema renamed = schema();
  apply(renamed, RenameTable{"t", "z"}, dialect::sqlite::sqlite_syntax);
  CHECK(renamed.tables[0].checks[0].uses.value == std::vector<model::Reference>{{"z", "name", {}}});
  CHECK(renamed.views[0].uses.value == std::vector<model::Reference>{{"u", "length", {}}, {"z", "length", {}}});
}

TEST_CASE("an operation that does not fit the schema is an error that says which and why") {
  model::Schema target = schema();
  CHECK_THROWS_WITH_AS(apply(target, RenameColumn{"t", "nothing", "size"}, dialect::sqlite::sqlite_syntax),
                       doctest::Contains("there is no such column"), Error);
  CHECK_THROWS_WITH_AS(apply(target, DropTable{model::Table{.name = "nothing"}}, dialect::sqlite::sqlite_syntax),
                       doctest::Contains("there is no such table"), Error);
}

}  // namespace whimbrel::operation
