#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"
#include "support/dialects.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::test;

namespace {

using Names = std::vector<std::string>;

/// The table of the name, with what its parts use.
model::Table with_uses(dialect::Connection& connection, const std::string& name) {
  model::Table table = *dialect::sqlite::inspect(connection).find_table(name);
  dialect::sqlite::make_comparison(test::sqlite_dialect(), connection)->find_uses(table);
  return table;
}

/// The columns of the table "post".
Names columns(const model::Uses& uses) {
  if (!uses.value) return {"not known"};
  Names names;
  for (const model::Reference& used : *uses.value) {
    CHECK(used.name.name == "post");
    CHECK(used.kind.empty());
    names.push_back(used.column);
  }
  return names;
}

Names of_check(const std::string& expression) {
  const auto connection = open_memory();
  connection->run("CREATE TABLE post (id integer PRIMARY KEY, name text, length integer, \"a b\" text, CHECK (" +
                  expression + "))");
  return columns(with_uses(*connection, "post").checks.at(0).uses);
}

}  // namespace

TEST_CASE("an expression uses the columns that SQLite finds in it, and not what is called as they are") {
  CHECK(of_check("length(name) > 3") == Names{"name"});
  CHECK(of_check("length(name) > length") == Names{"length", "name"});
  CHECK(of_check("\"length\" > 3") == Names{"length"});
  CHECK(of_check("LENGTH > 3") == Names{"length"});
  CHECK(of_check("post.length > 3 AND [a b] <> 'name'") == Names{"a b", "length"});
  CHECK(of_check("name <> 'length' /* length */ -- length\n") == Names{"name"});
  CHECK(of_check("rowid > 0 AND oid > 0") == Names{});
}

TEST_CASE("an index uses the columns of its key, its expressions and its predicate") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE post (id integer PRIMARY KEY, name text, length integer, lower text, "
      "size integer GENERATED ALWAYS AS (length(name)) VIRTUAL);"
      "CREATE INDEX i ON post (id, lower(name)) WHERE length > 3; CREATE INDEX j ON post (lower)");
  const model::Table table = with_uses(*connection, "post");
  const model::Index& index = table.indexes.at(0);
  CHECK(columns(index.uses) == Names{"id", "length", "name"});
  CHECK(columns(table.indexes.at(1).uses) == Names{"lower"});
  CHECK(columns(table.columns.at(4).computed->uses) == Names{"name"});
}

TEST_CASE("an expression that calls a function which only a program has may use the columns whose names it says") {
  CHECK(of_check("name NOT LIKE '%x%'") == Names{"name"});
  const auto connection = open_memory();
  model::Table table;
  table.name = "post";
  table.columns = {{.name = "name", .type = {"text", {}}}, {.name = "other", .type = {"text", {}}}};
  table.checks = {{"", "of_the_program(name)"}};
  dialect::sqlite::find_uses(*connection, table);
  CHECK(columns(table.checks.at(0).uses) == Names{"name"});
}
