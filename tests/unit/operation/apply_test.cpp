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

TEST_CASE("keys, indexes and triggers follow a renamed table") {
  model::Schema renamed = schema();
  model::Index index{.name = "i", .columns = {"name"}};
  index.definition.value = "CREATE INDEX i ON t (name)";
  renamed.tables[0].indexes.push_back(index);
  renamed.tables.push_back({.name = "u"});
  renamed.tables[1].foreign_keys.push_back({"fk", {"t_name"}, "t", {"name"}});
  renamed.views[0].triggers = {{"tr", "x", uses({{"t", "name", {}}})}};
  apply(renamed, RenameTable{"t", "z"}, dialect::sqlite::sqlite_syntax);
  CHECK(renamed.tables[0].indexes[0].definition.value.empty());
  CHECK(renamed.tables[1].foreign_keys[0].referenced_table == model::Name("z"));
  CHECK(renamed.views[0].triggers[0].uses.value == std::vector<model::Reference>{{"z", "name", {}}});
}

TEST_CASE("the key of a column comes and goes with it") {
  model::Schema changed = schema();
  const model::Column column{.name = "u_id", .type = {"integer", {}}};
  const model::ForeignKey key{"fk", {"u_id"}, "u", {"id"}};
  apply(changed, AddColumn{"t", column, 2, {}, key}, dialect::sqlite::sqlite_syntax);
  CHECK(changed.tables[0].foreign_keys == std::vector{key});
  apply(changed, DropColumn{"t", column, 2, key}, dialect::sqlite::sqlite_syntax);
  CHECK(changed.tables[0].foreign_keys.empty());
}

TEST_CASE("a renamed constraint may be the primary key") {
  model::Schema changed = schema();
  changed.tables[0].primary_key = model::PrimaryKey{"pk", {"name"}, {}};
  apply(changed, RenameConstraint{"t", "pk", "key"}, dialect::sqlite::sqlite_syntax);
  CHECK(changed.tables[0].primary_key->name.text == "key");
}

TEST_CASE("a renamed column has its new name wherever a constraint lists it") {
  model::Schema renamed = schema();
  model::Table& table = renamed.tables[0];
  table.primary_key = model::PrimaryKey{.name = "pk", .columns = {"length"}, .included = {"name"}};
  table.uniques = {{.name = "u", .columns = {"length"}, .included = {"name"}}};
  table.foreign_keys = {{.name = "fk", .columns = {"length", "name"}, .referenced_table = "x"}};
  table.foreign_keys[0].set_columns = {"name"};
  table.key_columns.value = {"length", "name"};
  apply(renamed, RenameColumn{"t", "name", "title"}, dialect::sqlite::sqlite_syntax);
  const std::vector<std::string> title{"title"};
  CHECK(table.primary_key->included == title);
  CHECK(table.uniques[0].included == title);
  CHECK(table.foreign_keys[0].columns == std::vector<std::string>{"length", "title"});
  CHECK(table.foreign_keys[0].set_columns == title);
  CHECK(table.key_columns.value == std::vector<std::string>{"length", "title"});
}

TEST_CASE("an operation that does not fit the schema is an error that says which and why") {
  model::Schema target = schema();
  CHECK_THROWS_WITH_AS(apply(target, RenameColumn{"t", "nothing", "size"}, dialect::sqlite::sqlite_syntax),
                       doctest::Contains("there is no such column"), Error);
  CHECK_THROWS_WITH_AS(apply(target, DropTable{model::Table{.name = "nothing"}}, dialect::sqlite::sqlite_syntax),
                       doctest::Contains("there is no such table"), Error);
}

}  // namespace whimbrel::operation
