#include <doctest/doctest.h>

#include "operation/describe.h"
#include "plan/plan.h"
#include "whimbrel/error.h"

namespace whimbrel::plan {

namespace {

using namespace operation;
using Words = std::vector<std::string>;

model::Uses uses(std::vector<model::Reference> used) { return {std::move(used)}; }
model::Reference function(const std::string& name) { return {name, {}, "function"}; }

model::Table table(const std::string& name, const std::vector<std::string>& columns = {"id"}) {
  model::Table table;
  table.name = name;
  for (const std::string& column : columns) table.columns.push_back({.name = column, .type = {"integer", {}}});
  return table;
}

model::View view(const std::string& name, std::vector<model::Reference> used) {
  model::View view;
  view.name = name;
  view.definition = "CREATE VIEW " + name;
  view.uses = uses(std::move(used));
  return view;
}

model::Object object(const std::string& kind, const std::string& name, std::vector<model::Reference> used,
                     bool after_tables = false) {
  model::Object object;
  object.kind = kind;
  object.name = name;
  object.after_tables = after_tables;
  object.uses = uses(std::move(used));
  return object;
}

model::Check check(const std::string& name, model::Uses used) {
  model::Check check{model::ConstraintName(name), "x", false, false, {}};
  check.uses = std::move(used);
  return check;
}

Words ordered(std::vector<Operation> operations) {
  Words words;
  for (const Operation& operation : order_and_detach(std::move(operations))) words.push_back(describe(operation));
  return words;
}

std::size_t place(const Words& words, const std::string& part) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].find(part) != std::string::npos) return i;
  }
  FAIL("nothing says " << part);
  return 0;
}

}  // namespace

TEST_CASE("what needs nothing of another stays in the order given") {
  CHECK(ordered({CreateTable{table("b")}, CreateTable{table("a")}}) ==
        Words{"create table \"b\"", "create table \"a\""});
}

TEST_CASE("a table is created after those that it refers to, and dropped before them") {
  model::Table referring = table("a", {"id", "b_id"});
  referring.foreign_keys.push_back({"fk", {"b_id"}, "b", {"id"}});
  CHECK(ordered({CreateTable{referring}, CreateTable{table("b")}}) ==
        Words{"create table \"b\"", "create table \"a\""});
  CHECK(ordered({DropTable{table("b")}, DropTable{referring}}) == Words{"drop table \"a\"", "drop table \"b\""});
}

TEST_CASE("views are made after those that they select from, and dropped before them, whatever they are called") {
  const model::View low = view("z", {{"t", "id", {}}});
  const model::View high = view("a", {{"z", "id", {}}});
  CHECK(ordered({CreateView{high}, CreateView{low}, CreateTable{table("t")}}) ==
        Words{"create table \"t\"", "create view \"z\"", "create view \"a\""});
  CHECK(ordered({DropTable{table("t")}, DropView{low}, DropView{high}}) ==
        Words{"drop view \"a\"", "drop view \"z\"", "drop table \"t\""});
}

TEST_CASE("a column is dropped after the default of another that freed the function, and the function after that") {
  model::Column before{.name = "a", .type = {"integer", {}}, .default_expression = "f()"};
  before.default_uses = uses({function("f()")});
  model::Column after = before;
  after.default_expression.reset();
  after.default_uses = uses({});
  const Words words =
      ordered({DropObject{object("function", "f()", {{"t", "gone", {}}}, true)},
               DropColumn{"t", {.name = "gone", .type = {"integer", {}}}, 1, {}}, AlterColumn{"t", before, after, {}}});
  CHECK(place(words, "\"a\"") < place(words, "function"));
  CHECK(place(words, "function") < place(words, "gone"));
}

TEST_CASE("a check that calls a function made after the tables comes after it, and goes before it") {
  const model::Check calling = check("c", uses({function("f()"), {"t", "id", {}}}));
  const model::Object made = object("function", "f()", {{"t", {}, {}}}, true);
  Words words = ordered({AddCheck{"t", calling}, CreateObject{made}, CreateTable{table("t")}});
  CHECK(place(words, "table \"t\"") < place(words, "function"));
  CHECK(place(words, "function") < place(words, "check \"c\""));
  words = ordered({DropObject{made}, DropCheck{"t", calling}});
  CHECK(place(words, "check \"c\"") < place(words, "function"));
}

TEST_CASE(
    "a table and a function over its rows that a check of it calls are made, and dropped, one part after the other") {
  model::Table whole = table("t");
  whole.checks.push_back(check("c", uses({function("f(t)"), {"t", "id", {}}})));
  const model::Object over_rows = object("function", "f(t)", {{"t", {}, {}}}, true);
  Words words =
      ordered({CreateTable{whole}, CreateObject{over_rows}, CreateTable{table("z")}, CreateTable{table("y")}});
  CHECK(place(words, "table \"t\"") < place(words, "function"));
  CHECK(place(words, "function") < place(words, "check \"c\""));
  CHECK(place(words, "\"z\"") < place(words, "\"y\""));
  whole.columns[0].default_expression = "f()";
  whole.columns[0].default_uses = uses({function("f(t)")});
  model::Column other{.name = "other", .type = {"integer", {}}, .default_expression = "g()"};
  other.default_uses = uses({function("g()")});
  whole.columns.push_back(other);
  words = ordered({DropTable{whole}, DropObject{over_rows}});
  CHECK(place(words, "column \"other\"") < place(words, "table \"t\""));
  CHECK(place(words, "column \"id\"") < place(words, "function"));
  CHECK(place(words, "check \"c\"") < place(words, "function"));
  CHECK(place(words, "function") < place(words, "table \"t\""));
}

TEST_CASE("an order of what is not to be executed yet takes nothing apart") {
  const model::View a = view("a", {{"b", {}, {}}});
  const model::View b = view("b", {{"a", {}, {}}});
  const std::vector<Operation> result = order({CreateView{a}, CreateView{b}, CreateTable{table("t")}});
  CHECK(result == std::vector<Operation>{CreateTable{table("t")}, CreateView{a}, CreateView{b}});
}

TEST_CASE("what cannot be cut is refused with the circle that it makes") {
  const model::View a = view("a", {{"b", {}, {}}});
  const model::View b = view("b", {{"a", {}, {}}});
  try {
    static_cast<void>(order_and_detach({CreateTable{table("t")}, CreateView{a}, CreateView{b}}));
    FAIL("it was ordered");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::unsafe);
    const std::string words = error.what();
    CHECK(words.find("create view \"a\" -> create view \"b\"") != std::string::npos);
    CHECK(words.find("\"t\"") == std::string::npos);
  }
}

TEST_CASE("a name is free before something else gets it") {
  model::Index index;
  index.name = "x";
  index.columns = {"id"};
  const Words words = ordered({CreateTable{table("x")}, DropIndex{"t", index}});
  CHECK(place(words, "drop index") < place(words, "create table"));
  CHECK(ordered({CreateView{view("x", {})}, DropTable{table("x")}}) == Words{"drop table \"x\"", "create view \"x\""});
}

TEST_CASE("a type is changed before a column that is to have it, and dropped after one that had it") {
  const model::Enum before{"mood", {"ok"}, {}};
  const model::Enum after{"mood", {"ok", "sad"}, {}};
  model::Column plain{.name = "m", .type = {"text", {}}};
  model::Column of_enum{.name = "m", .type = {"mood", {}}, .enum_name = "mood"};
  const Words words = ordered({AlterColumn{"t", plain, of_enum, {}}, AlterEnum{before, after, {}}});
  CHECK(place(words, "enum") < place(words, "column"));
  const Words back = ordered({DropEnum{before}, AlterColumn{"t", of_enum, plain, {}}});
  CHECK(place(back, "column") < place(back, "drop enum"));
}

TEST_CASE("a part of which nobody knows what it uses goes before, and comes after, all changes of columns") {
  const model::Check unknown = check("c", {});
  const model::Column a{.name = "a", .type = {"integer", {}}};
  model::Column b = a;
  b.type.name = "text";
  const Words words = ordered({AddCheck{"t", unknown}, AlterColumn{"t", a, b, {}}, DropCheck{"t", check("d", {})},
                               AddColumn{"t", {.name = "n", .type = {"integer", {}}}, 1, {}, {}}});
  CHECK(place(words, "check \"d\"") == 0);
  CHECK(place(words, "check \"c\"") == 3);
}

TEST_CASE("a column of an enum is dropped before the enum changes") {
  const model::Column of_enum{.name = "m", .type = {"mood", {}}, .enum_name = "mood"};
  const Words words =
      ordered({AlterEnum{{"mood", {"ok", "sad"}, {}}, {"mood", {"ok"}, {}}, {}}, DropColumn{"t", of_enum, 1, {}}});
  CHECK(place(words, "column") < place(words, "enum"));
}

TEST_CASE("a function made after the tables comes before a table with a trigger that calls it") {
  model::Table whole = table("t");
  whole.triggers = {{"tr", "x", uses({function("f()")})}};
  const Words words = ordered({CreateTable{whole}, CreateObject{object("function", "f()", {{"u", {}, {}}}, true)}});
  CHECK(place(words, "function") < place(words, "table \"t\""));
}

TEST_CASE("a column is dropped before the function that its default calls") {
  model::Column column{.name = "a", .type = {"integer", {}}, .default_expression = "f()"};
  column.default_uses = uses({function("f()")});
  const Words words = ordered({DropObject{object("function", "f()", {}, true)}, DropColumn{"t", column, 1, {}}});
  CHECK(place(words, "column") < place(words, "function"));
}

TEST_CASE("a table that gets another parent leaves the one that is dropped before that") {
  const Words words = ordered({DropTable{table("old")}, AlterTable{"t", {}, {}, {}, {}, {"old"}, {"new"}}});
  CHECK(place(words, "\"t\"") < place(words, "\"old\""));
}

TEST_CASE("a table with a parent comes after that and after the table that it refers to") {
  model::Table child = table("a", {"id", "b_id"});
  child.inherits = {"parent"};
  child.foreign_keys.push_back({"fk", {"b_id"}, "b", {"id"}});
  CHECK(ordered({CreateTable{child}, CreateTable{table("b")}, CreateTable{table("parent")}}).back() ==
        "create table \"a\"");
}

TEST_CASE("thousands of operations in a chain are ordered") {
  std::vector<Operation> operations;
  constexpr std::size_t count = 5000;
  for (std::size_t i = count; i > 0; --i) {
    operations.emplace_back(CreateView{view("v" + std::to_string(i), {{"v" + std::to_string(i - 1), {}, {}}})});
  }
  const std::vector<Operation> result = order(std::move(operations));
  REQUIRE(result.size() == count);
  CHECK(target_name(result.front()) == model::Name("v1"));
  CHECK(target_name(result.back()) == model::Name("v5000"));
}

TEST_CASE("a type changes after the columns that get another one, and before those that keep or get it") {
  const model::Enum values{"mood", {"ok", "sad"}, {}};
  const model::Enum fewer{"mood", {"ok"}, {}};
  model::Column of_enum{.name = "m", .type = {"mood", {}}, .enum_name = "mood"};
  model::Column free = of_enum;
  free.type.name = "text";
  free.enum_name.clear();
  const Words words = ordered({AlterEnum{values, fewer, {}}, AlterColumn{"t", of_enum, free, {}}});
  CHECK(place(words, "column") < place(words, "values of enum"));

  const AlterObject domain{object("domain", "d", {}), object("domain", "d", {function("f")})};
  model::Column of_domain{.name = "m", .type = {"d", {}}};
  of_domain.type_uses = uses({{"d", {}, "domain"}});
  const Words leaving = ordered({domain, AlterColumn{"t", of_domain, free, {}}});
  CHECK(place(leaving, "column") < place(leaving, "domain"));
  const Words getting = ordered({AlterColumn{"t", free, of_domain, {}}, domain});
  CHECK(place(getting, "domain") < place(getting, "column"));
  model::Column other = of_domain;
  other.nullable = true;
  const Words keeping = ordered({AlterColumn{"t", of_domain, other, {}}, domain});
  CHECK(place(keeping, "domain") < place(keeping, "column"));
}

TEST_CASE("an enum is dropped after its column has another type") {
  model::Column before = table("t").columns[0];
  before.enum_name = "e";
  model::Column after = before;
  after.enum_name.clear();
  after.type.name = "text";
  const Words words = ordered({DropEnum{{"e", {"x"}, {}}}, AlterColumn{"t", before, after, {}}});
  CHECK(place(words, "drop enum") > place(words, "change column"));
}

TEST_CASE("a column of an enum that becomes one of a new table of the same name needs the enum until then") {
  model::Column before = table("t").columns[0];
  before.enum_name = "e";
  model::Column after = before;
  after.enum_name.clear();
  after.type_uses = uses({{"e", {}, {}}});
  CHECK_THROWS_AS(ordered({DropEnum{{"e", {"x"}, {}}}, CreateTable{table("e")}, AlterColumn{"t", before, after, {}}}),
                  Error);
}

TEST_CASE("a check that uses a changed column, or perhaps does, is created after the change") {
  const model::Column before = table("t").columns[0];
  model::Column after = before;
  after.default_expression = "f()";
  after.default_uses = uses({function("f()")});
  const CreateObject late{object("function", "f()", {}, true)};
  for (const model::Uses& used : {model::Uses{}, uses({{"t", "id", {}}})}) {
    const Words words = ordered({AddCheck{"t", check("c", used)}, AlterColumn{"t", before, after, {}}, late});
    CHECK(place(words, "change column") > place(words, "function"));
    CHECK(place(words, "add check") > place(words, "change column"));
  }
}

}  // namespace whimbrel::plan
