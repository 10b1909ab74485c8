#include "dialect/sqlite/rewrite/drop_column.h"

#include <doctest/doctest.h>

namespace whimbrel::dialect::sqlite {

TEST_CASE("a column cannot be dropped in place while its table or another one needs it") {
  model::Schema schema;
  schema.tables.resize(2);
  model::Table& table = schema.tables[0];
  table.name = "t";
  table.columns = {{.name = "a", .type = {"integer", {}}}, {.name = "b", .type = {"integer", {}}}};
  model::Table& other = schema.tables[1];
  other.name = "other";
  REQUIRE_FALSE(is_used("a", table, schema));
  SUBCASE("a check of the table") {
    table.checks.push_back({.expression = "a > 0"});
    table.checks[0].uses.value = std::vector<model::Reference>{{"t", "a", {}}};
  }
  SUBCASE("a key of another table, whatever case it writes the name in") {
    other.foreign_keys.push_back({"fk", {"t_a"}, "T", {"A"}});
  }
  SUBCASE("a trigger of another table") {
    other.triggers.push_back({"tr", "CREATE TRIGGER tr DELETE ON other BEGIN UPDATE t SET a = 1; END", {}});
  }
  SUBCASE("a view") {
    model::View& view = schema.views.emplace_back();
    view.name = "v";
    view.definition = "CREATE VIEW v AS SELECT a FROM t";
  }
  CHECK(is_used("a", table, schema));
  CHECK_FALSE(is_used("b", table, schema));
}

}  // namespace whimbrel::dialect::sqlite
