#include "plan/remake.h"

#include <doctest/doctest.h>

#include "operation/describe.h"
#include "plan/plan.h"
#include "whimbrel/error.h"

using namespace whimbrel;
using namespace whimbrel::plan;

namespace {

using namespace operation;
using Words = std::vector<std::string>;

/// A database that can change nothing while something uses it.
class Strict final : public RemakeRules {
 public:
  bool must_remake(const Dependent& dependent, Change change) const override {
    return change != Change::type || dependent.kind != DependentKind::index;
  }
  bool is_made_anew(const AlterEnum&) const override { return true; }
  bool is_dropped_along(const model::Object& object) const override { return object.kind == "statistics"; }
  bool keeps_texts(const AlterObject&) const override { return true; }
  bool keeps_expressions(const model::Type& before, const model::Type& after) const override {
    return before.name == after.name;
  }
  model::Type text_type() const override { return {"text", {}}; }
};

model::Uses uses(std::vector<model::Reference> used) { return {std::move(used)}; }

model::View view(const std::string& name, std::vector<model::Reference> used) {
  model::View view;
  view.name = name;
  view.uses = uses(std::move(used));
  return view;
}

model::Object object(const std::string& kind, const std::string& name, std::vector<model::Reference> used) {
  model::Object object;
  object.kind = kind;
  object.name = name;
  object.uses = uses(std::move(used));
  return object;
}

model::Table table_t() {
  model::Table table;
  table.name = "t";
  for (const char* name : {"id", "a", "b"}) table.columns.push_back({.name = name, .type = {"integer", {}}});
  return table;
}

/// What is done where column `a` of `t` gets another type.
Words retyped(model::Schema from) {
  model::Schema to = from;
  model::Column& column = *to.find_table("t")->find_column("a");
  const model::Column before = column;
  column.type.name = "text";
  std::vector<Operation> operations{AlterColumn{"t", before, column, {}}};
  add_remakes(operations, from, to, Strict());
  Words words;
  for (const Operation& operation : order(std::move(operations))) words.push_back(describe(operation));
  return words;
}

Words without(Words words, const std::string& part) {
  std::erase_if(words, [&](const std::string& one) { return one.find(part) == std::string::npos; });
  return words;
}

}  // namespace

TEST_CASE("what uses a changed column goes before it and comes back after it; what does not stays") {
  model::Schema schema;
  schema.tables = {table_t()};
  schema.tables[0].checks = {{"c", "a > 0", false, false, uses({{"t", "a", {}}})},
                             {"d", "b > 0", false, false, uses({{"t", "b", {}}})}};
  const Words words = retyped(schema);
  REQUIRE(words.size() == 3);
  CHECK(words[0].find("drop check \"c\"") == 0);
  CHECK(words[1].find("\"a\"") != std::string::npos);
  CHECK(words[2].find("add check \"c\"") == 0);
}

TEST_CASE("what uses what must go must go as well, and only once") {
  model::Schema schema;
  schema.tables = {table_t()};
  schema.tables[0].columns[2].computed = model::Computed{"a + 1", true, uses({{"t", "a", {}}})};
  schema.tables[0].checks = {{"c", "b > a", false, false, uses({{"t", "a", {}}, {"t", "b", {}}})}};
  schema.views = {view("v", {{"t", "b", {}}}), view("w", {{"t", "id", {}}, {"v", "b", {}}}),
                  view("x", {{"t", "id", {}}})};
  schema.objects = {object("policy", "p of t", {{"w", "b", {}}})};
  const Words words = retyped(schema);
  CHECK(without(words, "\"c\"").size() == 2);
  CHECK(without(words, "column \"b\"").size() == 2);
  CHECK(without(words, "view \"v\"").size() == 2);
  CHECK(without(words, "view \"w\"").size() == 2);
  CHECK(without(words, "policy").size() == 2);
  CHECK(without(words, "view \"x\"").empty());
  CHECK(words.size() == 11);
}

TEST_CASE("what uses a recreated object is found, whatever the order in which they stand") {
  model::Schema schema;
  schema.tables = {table_t()};
  schema.tables[0].columns[2].default_expression = "next()";
  schema.tables[0].columns[2].default_uses = uses({{"p of t", {}, "policy"}});
  schema.objects = {object("policy", "p of t", {{"t", "a", {}}})};
  CHECK(without(retyped(schema), "column \"b\"").size() == 2);
}

TEST_CASE("the condition of an index is an expression of it") {
  class OnlyExpressions final : public RemakeRules {
   public:
    bool must_remake(const Dependent& dependent, Change) const override { return dependent.has_expression; }
    bool is_made_anew(const AlterEnum&) const override { return false; }
    bool is_dropped_along(const model::Object&) const override { return false; }
    bool keeps_texts(const AlterObject&) const override { return true; }
    bool keeps_expressions(const model::Type& before, const model::Type& after) const override {
      return before.name == after.name;
    }
    model::Type text_type() const override { return {"text", {}}; }
  };
  model::Schema schema;
  schema.tables = {table_t()};
  model::Index plain;
  plain.name = "plain";
  plain.columns = {"a"};
  model::Index partial = plain;
  partial.name = "partial";
  partial.where = "a > 0";
  partial.uses = uses({{"t", "a", {}}});
  schema.tables[0].indexes = {plain, partial};
  model::Column after = schema.tables[0].columns[1];
  after.type.name = "text";
  std::vector<Operation> operations{AlterColumn{"t", schema.tables[0].columns[1], after, {}}};
  add_remakes(operations, schema, schema, OnlyExpressions());
  REQUIRE(operations.size() == 3);
  CHECK(describe(operations[1]).find("\"partial\"") != std::string::npos);

  std::vector<Operation> added{AlterEnum{{"e", {"x"}, {}}, {"e", {"x", "y"}, {}}, {}}};
  schema.tables[0].columns[1].default_uses = uses({{"e", {}, "enum"}});
  add_remakes(added, schema, schema, OnlyExpressions());
  CHECK(added.size() == 1);
}

TEST_CASE("the default of a column whose enum is recreated is left to the enum") {
  model::Schema schema;
  schema.tables = {table_t()};
  model::Column& column = schema.tables[0].columns[1];
  column.default_expression = "'x'";
  column.default_uses = uses({{"e", {}, "enum"}});
  std::vector<Operation> operations{AlterEnum{{"e", {"x", "y"}, {}}, {"e", {"x"}, {}}, {{"t", column, true}}}};
  add_remakes(operations, schema, schema, Strict());
  CHECK(operations.size() == 1);
}

TEST_CASE("a table of another name with the same column is left alone, and so is one of the same name elsewhere") {
  model::Schema schema;
  schema.tables = {table_t()};
  schema.views = {view("v", {{"u", "a", {}}}), view("w", {{model::Name("s", "t"), "a", {}}})};
  CHECK(retyped(schema).size() == 1);
}

TEST_CASE("keys that refer to a changed key are made again") {
  model::Schema from;
  from.tables = {table_t(), table_t()};
  from.tables[1].name = "u";
  from.tables[0].primary_key = model::PrimaryKey{"pk", {"id"}, {}};
  from.tables[1].foreign_keys.push_back({"fk", {"a"}, "t", {"id"}});
  from.views = {view("grouped", {{"t", "pk", "constraint"}})};
  model::Schema to = from;
  to.tables[0].primary_key->columns = {"id", "a"};
  std::vector<Operation> operations{AlterPrimaryKey{"t", from.tables[0].primary_key, to.tables[0].primary_key}};
  add_remakes(operations, from, to, Strict());
  CHECK(operations.size() == 5);
}

TEST_CASE("a foreign key goes before a column at either end of it gets another type") {
  model::Schema schema;
  schema.tables = {table_t(), table_t()};
  schema.tables[1].name = "u";
  schema.tables[0].foreign_keys.push_back({"own", {"a"}, "u", {"id"}});
  schema.tables[1].foreign_keys.push_back({"other", {"b"}, "t", {"a"}});
  const Words words = retyped(schema);
  CHECK(without(words, "\"own\"").size() == 2);
  CHECK(without(words, "\"other\"").size() == 2);
}

TEST_CASE("a foreign key goes with the unique constraint that it refers to, in whatever order its columns are") {
  model::Schema from;
  from.tables = {table_t(), table_t()};
  from.tables[1].name = "u";
  from.tables[0].uniques = {{"k", {"a", "b"}}};
  from.tables[1].foreign_keys.push_back({"fk", {"b", "a"}, "t", {"b", "a"}});
  model::Schema to = from;
  to.tables[0].uniques[0].nulls_not_distinct = true;
  std::vector<Operation> operations{DropUnique{"t", from.tables[0].uniques[0]},
                                    AddUnique{"t", to.tables[0].uniques[0]}};
  add_remakes(operations, from, to, Strict());
  CHECK(operations.size() == 4);
}

TEST_CASE("exclusions, triggers and unique constraints over a changed column are recreated, and what uses them") {
  model::Schema schema;
  schema.tables = {table_t()};
  schema.tables[0].exclusions = {{"e", "a WITH =", {}, uses({{"t", "a", {}}})}};
  schema.tables[0].triggers = {{"tr", "x", uses({{"t", "a", {}}})}};
  schema.tables[0].uniques = {{"k", {"a"}}};
  schema.views = {view("v", {{"t", "k", "constraint"}})};
  const Words words = retyped(schema);
  CHECK(words.size() == 9);
  for (const char* const name : {"\"e\"", "\"tr\"", "\"k\"", "\"v\""}) CHECK(without(words, name).size() == 2);
}

TEST_CASE("what uses a recreated computed column is recreated, too") {
  model::Schema schema;
  schema.tables = {table_t()};
  schema.tables[0].columns[2].computed = model::Computed{"a + 1", true, uses({{"t", "a", {}}})};
  model::Index index;
  index.name = "i";
  index.columns = {"b"};
  schema.tables[0].indexes = {index};
  CHECK(without(retyped(schema), "\"i\"").size() == 2);
}

TEST_CASE("another collation counts as another type") {
  model::Schema from;
  from.tables = {table_t()};
  from.tables[0].checks = {{"c", "a > 'b'", false, false, uses({{"t", "a", {}}})}};
  model::Schema to = from;
  to.tables[0].columns[1].collation = "C";
  std::vector<Operation> operations{AlterColumn{"t", from.tables[0].columns[1], to.tables[0].columns[1], {}}};
  add_remakes(operations, from, to, Strict());
  CHECK(operations.size() == 3);
}

TEST_CASE("a view that groups by a primary key comes back when the key gets another name, and not when it goes") {
  model::Schema from;
  from.tables = {table_t()};
  from.tables[0].primary_key = model::PrimaryKey{"pk", {"id"}, {}};
  from.views = {view("grouped", {{"t", "pk", "constraint"}})};
  model::Schema to = from;
  to.tables[0].primary_key->name = "other";
  to.tables[0].primary_key->columns = {"id", "a"};
  std::vector<Operation> operations{AlterPrimaryKey{"t", from.tables[0].primary_key, std::nullopt},
                                    AlterPrimaryKey{"t", std::nullopt, to.tables[0].primary_key}};
  add_remakes(operations, from, to, Strict());
  CHECK(operations.size() == 4);
  to.tables[0].primary_key.reset();
  operations = {AlterPrimaryKey{"t", from.tables[0].primary_key, std::nullopt}};
  CHECK_THROWS_WITH_AS(add_remakes(operations, from, to, Strict()), doctest::Contains("View \"grouped\""), Error);
}

TEST_CASE("a default that calls a function which is made anew is taken away for it") {
  model::Schema from;
  from.tables = {table_t()};
  from.tables[0].columns[1].default_expression = "f()";
  from.tables[0].columns[1].default_uses = uses({{"f()", {}, "function"}});
  const model::Object before = object("function", "f()", {});
  model::Object after = before;
  after.definition = "other";
  from.objects = {before};
  model::Schema to = from;
  to.objects = {after};
  std::vector<Operation> operations{DropObject{before}, CreateObject{after}};
  add_remakes(operations, from, to, Strict());
  operations = order(std::move(operations));
  REQUIRE(operations.size() == 4);
  CHECK_FALSE(std::get<AlterColumn>(operations[0]).after.default_expression);
  CHECK(std::holds_alternative<DropObject>(operations[1]));
  CHECK(std::holds_alternative<CreateObject>(operations[2]));
  CHECK(std::get<AlterColumn>(operations[3]).after.default_expression == "f()");
}

TEST_CASE("a view or a trigger that stays cannot use what goes") {
  model::Schema from;
  from.tables = {table_t()};
  from.views = {view("v", {{"t", "a", {}}})};
  model::Schema to = from;
  to.tables[0].columns.erase(to.tables[0].columns.begin() + 1);
  std::vector<Operation> operations{DropColumn{"t", from.tables[0].columns[1], 1, {}}};
  CHECK_THROWS_WITH_AS(add_remakes(operations, from, to, Strict()), doctest::Contains("View \"v\""), Error);
  std::vector<Operation> whole{DropTable{from.tables[0]}};
  to.tables.clear();
  CHECK_THROWS_WITH_AS(add_remakes(whole, from, to, Strict()), doctest::Contains("View \"v\""), Error);
  to.tables = from.tables;
  to.tables[0].columns.erase(to.tables[0].columns.begin() + 1);
  from.views.clear();
  to.views.clear();
  model::Trigger trigger{"tr", "x", {}};
  trigger.uses = uses({{"t", "a", {}}});
  from.tables[0].triggers = to.tables[0].triggers = {trigger};
  CHECK_THROWS_WITH_AS(add_remakes(operations, from, to, Strict()), doctest::Contains("Trigger \"tr\""), Error);
  operations.emplace_back(DropTrigger{"t", trigger});
  CHECK_NOTHROW(add_remakes(operations, from, to, Strict()));
}

TEST_CASE("what stays is not left without what it uses, unless it goes along") {
  for (const char* const kind : {"policy", "statistics"}) {
    model::Schema from;
    from.tables = {table_t()};
    from.objects = {object(kind, "p of t", {{"t", "a", {}}})};
    model::Schema to = from;
    const model::Column dropped = *from.tables[0].find_column("a");
    std::erase_if(to.tables[0].columns, [](const model::Column& column) { return column.name == "a"; });
    std::vector<Operation> operations{DropColumn{{"t"}, dropped, 0, {}}};
    if (std::string(kind) == "statistics") {
      add_remakes(operations, from, to, Strict());
      CHECK(operations.size() == 1);
    } else {
      CHECK_THROWS_WITH_AS(add_remakes(operations, from, to, Strict()),
                           "policy \"p of t\" uses something that this change drops.", Error);
    }
  }
}
