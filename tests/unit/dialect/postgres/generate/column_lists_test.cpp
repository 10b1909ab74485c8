#include "dialect/postgres/generate/column_lists.h"

#include <doctest/doctest.h>

using namespace whimbrel;
using dialect::postgres::ColumnOrders;

namespace {

const ColumnOrders from = {{"t", {"a", "b", "c"}}, {"a", {"b", "c"}}};
const ColumnOrders to = {{"t", {"c", "a", "b"}}, {"a", {"c", "b"}}};

std::string in_order(const std::string& query) {
  model::View view;
  view.definition = query;
  dialect::postgres::write_in_order(view, {}, from, to);
  return view.definition;
}

}  // namespace

TEST_CASE("PostgreSQL: a list of columns is written for another order of them") {
  CHECK(in_order("CREATE VIEW v AS SELECT q FROM t x(p, q)") == "CREATE VIEW v AS SELECT q FROM t x(\"c\", p, q)");
  CHECK(in_order("create view v as select q from t as x(p, q, r)") == "create view v as select q from t as x(r, p, q)");
}

TEST_CASE("PostgreSQL: the names after a keyword in lower case are no list of columns") {
  const std::string query =
      "create view v as select t.a from u join t using(a, b) where a in(b, c) and b = any(c) or exists(select) "
      "union select over(a) from t";
  CHECK(in_order(query) == query);
}

TEST_CASE("PostgreSQL: a query after WITH hides the table of its name") {
  for (const std::string query :
       {"WITH t AS (SELECT 1 AS a, 2 AS b, 3 AS c) SELECT x.q FROM t x(p, q, r)",
        "WITH RECURSIVE o AS (SELECT 1), t(a, b) AS MATERIALIZED (SELECT 1, 2) SELECT x.q FROM t x(p, q)"}) {
    CHECK(in_order(query) == query);
  }
}

TEST_CASE("PostgreSQL: a list of the rows of a function belongs to the overload that has as many columns") {
  const dialect::postgres::ResultTypes types = {{"f", {"t", "integer"}}};
  model::View view;
  for (const auto& [query, ordered] : std::vector<std::pair<std::string, std::string>>{
           {"SELECT 1 FROM f(1) f(f)", "SELECT 1 FROM f(1) f(f)"},
           {"SELECT 1 FROM f(1) f(a, b, c)", "SELECT 1 FROM f(1) f(c, a, b)"}}) {
    view.definition = query;
    dialect::postgres::write_in_order(view, types, from, to);
    CHECK(view.definition == ordered);
  }
}

TEST_CASE("PostgreSQL: the statement that alters an object in place is written for the order, too") {
  model::Object policy;
  policy.definition = "CREATE POLICY p ON u USING ((EXISTS ( SELECT FROM t x(p, q) WHERE (x.q = u.id))))";
  policy.alteration.value =
      model::Alteration{"", 0, "ALTER POLICY p ON u TO PUBLIC USING ((EXISTS ( SELECT FROM t x(p, q))))"};
  dialect::postgres::write_in_order(policy, {}, from, to);
  CHECK(policy.definition ==
        "CREATE POLICY p ON u USING ((EXISTS ( SELECT FROM t x(\"c\", p, q) WHERE (x.q = u.id))))");
  CHECK(policy.alteration.value->statement ==
        "ALTER POLICY p ON u TO PUBLIC USING ((EXISTS ( SELECT FROM t x(\"c\", p, q))))");
}
