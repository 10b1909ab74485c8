#include "dialect/postgres/generate/column_lists.h"

#include <doctest/doctest.h>

#include "whimbrel/error.h"

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

namespace {

std::string function_in_order(const std::string& definition) {
  model::Object function;
  function.kind = "function";
  function.definition = definition;
  dialect::postgres::write_in_order(function, {}, from, to);
  return function.definition;
}

}  // namespace

TEST_CASE("PostgreSQL: the values of a row are written for another order of columns") {
  CHECK(in_order("CREATE VIEW v AS SELECT (ROW(x.a, f(1, 2), 'c')::t).a, ROW(1, 2, 3), ROW(1, 2)::s FROM t x") ==
        "CREATE VIEW v AS SELECT (ROW('c', x.a, f(1, 2))::t).a, ROW(1, 2, 3), ROW(1, 2)::s FROM t x");
  CHECK(in_order("SELECT ROW(1, 2)::public.t") == "SELECT ROW(1, 2)::public.t");
  CHECK_THROWS_AS(in_order("SELECT ROW(1, 2)::t"), Error);
  CHECK(in_order("SELECT ROW(1, ROW(1, 22, 3)::t, 3)::t, ROW(4, 5, 6)::t") ==
        "SELECT ROW(3, 1, ROW(3, 1, 22)::t)::t, ROW(6, 4, 5)::t");
}

TEST_CASE(
    "PostgreSQL: what a function with a body of statements selects last is written for another order of columns") {
  const std::string head = "CREATE FUNCTION f() RETURNS SETOF t\n LANGUAGE sql\nBEGIN ATOMIC\n SELECT 1;\n ";
  CHECK(function_in_order(head + "SELECT t.a,\n    (t.b + 1) AS b,\n    t.c\n   FROM t\n  WHERE (t.a > 0);\nEND\n") ==
        head + "SELECT t.c,\n    t.a,\n    (t.b + 1) AS b\n   FROM t\n  WHERE (t.a > 0);\nEND\n");
  for (const std::string same : {"SELECT x FROM t x;\nEND", "SELECT ROW(1, 2)::s;\nEND"}) {
    CHECK(function_in_order(head + same) == head + same);
  }
  const std::string body = "CREATE FUNCTION f() RETURNS t LANGUAGE sql AS $$ SELECT 1, 2, 3 $$";
  CHECK(function_in_order(body) == body);
  CHECK(function_in_order(head + "INSERT INTO t (a) SELECT x.a FROM x RETURNING t.a, t.b, t.c;\nEND") ==
        head + "INSERT INTO t (a) SELECT x.a FROM x RETURNING t.c, t.a, t.b;\nEND");
  CHECK(function_in_order(head + "WITH x AS (SELECT 1, 2) SELECT DISTINCT ON (t.a, t.b) t.a, t.b, t.c FROM t;\nEND") ==
        head + "WITH x AS (SELECT 1, 2) SELECT DISTINCT ON (t.a, t.b) t.c, t.a, t.b FROM t;\nEND");
  CHECK(function_in_order(head + "SELECT t.a, (ROW(1, 2, 3)::t).b, t.c FROM t;\nEND") ==
        head + "SELECT t.c, t.a, (ROW(3, 1, 2)::t).b FROM t;\nEND");
}

TEST_CASE("PostgreSQL: each of the queries and rows that a function combines is written for another order of columns") {
  const std::string head = "CREATE FUNCTION f() RETURNS SETOF t\n LANGUAGE sql\nBEGIN ATOMIC\n ";
  for (const auto& [query, ordered] : std::vector<std::pair<std::string, std::string>>{
           {"SELECT 1, 2, 3 UNION ALL SELECT f(4, 5), 6, 7 FROM t EXCEPT SELECT 8, 9, 10 LIMIT 1",
            "SELECT 3, 1, 2 UNION ALL SELECT 7, f(4, 5), 6 FROM t EXCEPT SELECT 10, 8, 9 LIMIT 1"},
           {"WITH x AS (SELECT 1 UNION SELECT 2) SELECT 1, 2, 3 UNION (SELECT 4, 5, 6 ORDER BY 1) UNION SELECT t FROM "
            "t",
            "WITH x AS (SELECT 1 UNION SELECT 2) SELECT 3, 1, 2 UNION (SELECT 6, 4, 5 ORDER BY 1) UNION SELECT t FROM "
            "t"},
           {"((SELECT 1, 2, 3) UNION SELECT 4, 5, 6) INTERSECT VALUES (1, 2, 3), (4, 5, 6)",
            "((SELECT 3, 1, 2) UNION SELECT 6, 4, 5) INTERSECT VALUES (3, 1, 2), (6, 4, 5)"},
           {"SELECT x.a, x.b, x.c FROM (SELECT 1, 2, 3 UNION SELECT 4, 5, 6) x(a, b, c)",
            "SELECT x.c, x.a, x.b FROM (SELECT 1, 2, 3 UNION SELECT 4, 5, 6) x(a, b, c)"},
           {"SELECT 1, 2, percentile_disc(0.5) WITHIN GROUP (ORDER BY 3) FROM t GROUP BY 1 UNION SELECT 4, 5, 6",
            "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY 3), 1, 2 FROM t GROUP BY 1 UNION SELECT 6, 4, 5"},
           {"INSERT INTO t SELECT 1, 2, 3 UNION SELECT 4, 5, 6 RETURNING t.a, t.b, t.c",
            "INSERT INTO t SELECT 1, 2, 3 UNION SELECT 4, 5, 6 RETURNING t.c, t.a, t.b"}}) {
    CHECK(function_in_order(head + query + ";\nEND") == head + ordered + ";\nEND");
  }
  // It would order by other columns.
  for (const std::string query : {"SELECT 1, 2, 3 UNION SELECT 4, 5, 6 ORDER BY 1", "VALUES (1, 2, 3) ORDER BY 1",
                                  "(SELECT 1, 2, 3 UNION SELECT 4, 5, 6 ORDER BY 1) UNION SELECT 7, 8, 9"}) {
    CHECK_THROWS_AS(function_in_order(head + query + ";\nEND"), Error);
  }
}

TEST_CASE(
    "PostgreSQL: a function that returns a type of the server is not one that makes rows of a table of that name") {
  const dialect::postgres::ColumnOrders before{
      {{"", "TABLE"}, {"x", "y"}}, {{"", "record"}, {"x", "y"}}, {{"", "name"}, {"x", "y"}}};
  const dialect::postgres::ColumnOrders after{
      {{"", "TABLE"}, {"y", "x"}}, {{"", "record"}, {"y", "x"}}, {{"", "name"}, {"y", "x"}}};
  for (const std::string result : {"TABLE(a int, b date)", "record", "SETOF record", "name"}) {
    model::Object function;
    function.kind = "function";
    function.uses.value.emplace();
    function.definition =
        "CREATE FUNCTION f() RETURNS " + result + " LANGUAGE sql BEGIN ATOMIC SELECT 1, ROW(2, 3)::record; END";
    const std::string definition = function.definition;
    dialect::postgres::write_in_order(function, {}, before, after);
    CHECK(function.definition == definition);
  }
}
