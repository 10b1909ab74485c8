#include <doctest/doctest.h>

#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/data_source.h"
#include "whimbrel/naming_strategy.h"
#include "whimbrel/schema.h"

// The schema operations of a QueryRunner on PostgreSQL.

namespace {

using namespace whimbrel;

struct Fixture {
  fixture::Program program{{}};
  DataSource source;
  QueryRunner& runner;

  explicit Fixture(const NamingStrategy* naming = nullptr) : source(options(naming)), runner(source.query_runner()) {
    source.initialize();
  }

  static DataSourceOptions options(const NamingStrategy* naming) {
    DataSourceOptions options;
    options.url = test::fresh_database();
    options.naming = naming;
    return options;
  }

  [[nodiscard]] std::string one(const char* query) const { return runner.query(query)[0][0].text(); }
};

TableDefinition shop_order() {
  return {.name = "shop.order",
          .columns = {{.name = "id", .type = type<std::int32_t>(), .generated = true},
                      {.name = "buyer", .type = type<std::int32_t>()}},
          .foreign_keys = {{.columns = {"buyer"}, .referenced_table = "buyer", .referenced_columns = {"id"}}}};
}

}  // namespace

TEST_CASE("PostgreSQL: a schema operation takes the schema of a table before a dot") {
  const Fixture fixture;
  QueryRunner& runner = fixture.runner;
  runner.query("CREATE SCHEMA shop; CREATE TABLE \"order\" (id int); CREATE TABLE \"a.b\" (id int)");
  runner.create_table(
      {.name = "public.buyer", .columns = {{.name = "id", .type = type<std::int32_t>(), .generated = true}}});
  runner.create_table(shop_order());
  runner.query("INSERT INTO buyer DEFAULT VALUES; INSERT INTO shop.\"order\" (buyer) VALUES (1)");

  CHECK(runner.has_table("shop.order"));
  CHECK(runner.has_table("public.buyer"));
  CHECK_FALSE(runner.has_table("shop.buyer"));
  CHECK(runner.has_table("a.b"));
  CHECK_FALSE(runner.has_column("order", "buyer"));
  CHECK(runner.has_column("shop.order", "buyer"));
  runner.add_column("shop.order", {.name = "total", .type = type<std::int64_t>(), .backfill = "7"});
  CHECK(fixture.one("SELECT total FROM shop.\"order\"") == "7");
  CHECK_FALSE(runner.has_column("order", "total"));
  runner.create_index("shop.order", {.columns = {"total"}});
  runner.create_view({.name = "shop.totals", .query = "SELECT sum(total) AS sum FROM shop.\"order\""});
  CHECK(fixture.one("SELECT sum FROM shop.totals") == "7");
  runner.drop_view("shop.totals");

  runner.rename_table("shop.order", "purchase");
  CHECK(runner.has_table("shop.purchase"));
  CHECK_THROWS_WITH_AS(runner.rename_table("shop.purchase", "public.purchase"),
                       "Table \"shop.purchase\" cannot be renamed to \"public.purchase\": a rename does not move it to "
                       "another schema.",
                       Error);
  CHECK_THROWS_WITH_AS(runner.rename_table("public.buyer", "order"), "Table \"order\" already exists.", Error);
  runner.drop_table("a.b");
  CHECK_FALSE(runner.has_table("a.b"));
  CHECK(fixture.one("SELECT total FROM shop.purchase") == "7");
}

TEST_CASE("PostgreSQL: a schema operation names constraints by the program's naming strategy") {
  const Fixture fixture(&snake_case_naming());
  fixture.runner.create_table({.name = "tag",
                               .columns = {{.name = "id", .type = type<std::int32_t>(), .generated = true},
                                           {.name = "label", .type = type<std::string>(), .unique = true}}});
  fixture.runner.create_check("tag", {.expression = "label <> ''"});
  CHECK(fixture.one("SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint "
                    "WHERE conrelid = 'tag'::regclass AND contype = 'u'") == "uq_tag_label");
}

TEST_CASE("PostgreSQL: a schema operation keeps a policy over a column that changes its type") {
  const Fixture fixture;
  QueryRunner& runner = fixture.runner;
  runner.query(
      "CREATE TABLE note (id int, stars int); INSERT INTO note VALUES (1, 2);"
      "CREATE POLICY starred ON note USING (stars > 1)");
  runner.change_column("note", "stars", {.name = "stars", .type = type<std::int64_t>()});
  CHECK(fixture.one("SELECT pg_get_expr(polqual, polrelid) FROM pg_policy") == "(stars > 1)");
  CHECK(fixture.one("SELECT stars FROM note") == "2");
}
