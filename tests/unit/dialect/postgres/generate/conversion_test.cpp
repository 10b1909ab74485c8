#include "dialect/postgres/generate/conversion.h"

#include <doctest/doctest.h>

namespace whimbrel::dialect::postgres {

namespace {

using model::Type;

std::string risk(const Type& from, const Type& to) { return conversion_risk({from}, {to}).words; }
bool loses(const Type& from, const Type& to) { return conversion_risk({from}, {to}).loses; }

std::string sql(const std::string& name, const Type& from, const Type& to) {
  model::Column before;
  before.name = name;
  before.type = from;
  model::Column after = before;
  after.type = to;
  return conversion_sql(before, after);
}

const Type integer{"integer", {}};
const Type bigint{"bigint", {}};
const Type smallint{"smallint", {}};
const Type text{"text", {}};

Type varchar(std::uint32_t length) { return {"character varying", {length}}; }
Type numeric(std::uint32_t precision, std::uint32_t scale) { return {"numeric", {precision, scale}}; }

}  // namespace

TEST_CASE("a type with a length is left to PostgreSQL's own conversion, which cuts nothing") {
  CHECK(sql("a", varchar(10), varchar(20)).empty());
  CHECK(sql("a", integer, varchar(2)).empty());
  CHECK(sql("a", {"character varying(9)[]", {}}, {"character varying(3)[]", {}}).empty());
  CHECK(sql("a", {"bit varying", {9}}, {"bit varying", {3}}).empty());
}

TEST_CASE("a text that is longer is made to fail also where it ends with spaces, which PostgreSQL would let go") {
  CHECK(sql("a", varchar(20), varchar(10)) == "CASE WHEN length(\"a\") > 10 THEN \"a\" || '.' ELSE \"a\" END");
  CHECK(sql("a", {"json", {}}, varchar(3)) ==
        "CASE WHEN length(\"a\"::text) > 3 THEN \"a\"::text || '.' ELSE \"a\"::text END");
}

TEST_CASE("a conversion that PostgreSQL does not do by itself is written out") {
  CHECK(sql("a \"b\"", text, integer) == "\"a \"\"b\"\"\"::integer");
  CHECK(sql("a", integer, bigint) == "\"a\"::bigint");
  CHECK(sql("a", bigint, {"boolean", {}}) == "\"a\" <> 0::bigint");
  CHECK(sql("a", {"boolean", {}}, bigint) == "\"a\"::integer::bigint");
  CHECK(sql("a", text, {"text[]", {}}) == "CASE WHEN \"a\" IS NOT NULL THEN ARRAY[\"a\"::text]::text[] END");
  CHECK(sql("a", {"mood", {}}, {"short", {}}) == "(ARRAY[\"a\"::text]::text::short[])[1]");
  model::Column size;
  size.name = "a";
  size.type = {"size", {}};
  size.enum_values = {"small", "large"};
  CHECK(conversion_sql(size, size) == "\"a\"::text::size");
  CHECK(sql("a", {"real", {}}, {"numeric", {}}) == "\"a\"::text::numeric");
  CHECK(sql("a", {"money", {}}, bigint) == "\"a\"::numeric::bigint");
  CHECK(sql("a", {"oid", {}}, {"real", {}}) == "\"a\"::bigint::real");
  CHECK(sql("a", {"timestamp(3) without time zone", {}}, {"time(0) with time zone", {}}) ==
        "\"a\"::timestamp with time zone::time(0) with time zone");
}

TEST_CASE("a conversion that keeps every value has no risk") {
  CHECK(risk(smallint, integer).empty());
  CHECK(risk(integer, bigint).empty());
  CHECK(risk(integer, numeric(12, 2)).empty());
  CHECK(risk(varchar(10), varchar(20)).empty());
  CHECK(risk(varchar(20), text).empty());
  CHECK(risk(integer, text).empty());
  CHECK(risk(numeric(10, 2), numeric(12, 3)).empty());
  CHECK(risk({"real", {}}, {"double precision", {}}).empty());
  CHECK(risk({"jsonb", {}}, {"json", {}}).empty());
  CHECK(risk({"real", {}}, {"numeric", {}}).empty());
  CHECK(risk(varchar(10), text).empty());
  CHECK(risk({"integer[]", {}}, {"bigint[]", {}}).empty());
  for (const char* const same : {"real", "double precision", "date"}) CHECK(risk({same, {}}, {same, {}}).empty());
  CHECK(risk({"date", {}}, {"timestamp without time zone", {}}).empty());
}

TEST_CASE("a conversion that takes a part of the values without an error loses") {
  CHECK(loses(numeric(10, 2), integer));
  CHECK(loses(bigint, {"double precision", {}}));
  CHECK(loses({"timestamp with time zone", {}}, {"date", {}}));
  CHECK(loses({"timestamp without time zone", {}}, {"time without time zone", {}}));
  CHECK(loses(integer, {"boolean", {}}));
  CHECK(loses({"numeric(9,4)[]", {}}, {"numeric(9,1)[]", {}}));
  CHECK(loses({"timestamp without time zone[]", {}}, {"date[]", {}}));
  CHECK(loses({"timestamp without time zone", {}}, {"timestamp(0) without time zone", {}}));
  CHECK(loses({"json", {}}, {"jsonb", {}}));
  CHECK(loses({"time with time zone", {}}, {"time without time zone", {}}));
  CHECK(loses(integer, {"bit", {8}}));
  CHECK_FALSE(loses(integer, {"bit", {32}}));
  CHECK_FALSE(loses(text, {"json", {}}));
  CHECK_FALSE(loses(bigint, integer));
  CHECK_FALSE(loses(text, varchar(10)));
  CHECK_FALSE(loses({"timestamp without time zone", {}}, {"timestamp with time zone", {}}));
  CHECK_FALSE(loses({"date", {}}, {"timestamp without time zone", {}}));
}

TEST_CASE("what a conversion can do to values is said") {
  CHECK(risk(bigint, integer) == "which fails if a value does not fit");
  CHECK(risk(integer, numeric(5, 2)) == "which fails if a value does not fit");
  CHECK(risk(numeric(10, 2), integer) == "which rounds them, and fails if one does not fit");
  CHECK(risk(numeric(10, 2), numeric(12, 1)) == "which rounds them");
  CHECK(risk(numeric(10, 2), numeric(8, 2)) == "which fails if a value does not fit");
  CHECK(risk(numeric(10, 2), numeric(8, 1)) == "which rounds them, and fails if one does not fit");
  CHECK(risk({"double precision", {}}, {"real", {}}) == "which may round them");
  CHECK(risk(varchar(20), varchar(10)) == "which fails if a value is longer than 10");
  CHECK(risk(text, varchar(10)) == "which fails if a value is longer than 10");
  CHECK(risk(text, integer) == "which fails if a value is not a valid integer, and reformats the others");
  CHECK(risk(text, {"character", {5}}) == "which fails if a value is longer than 5, and drops trailing spaces");
  CHECK(risk({"timestamp without time zone", {}}, {"timestamp(0) with time zone", {}}) ==
        "using the TimeZone of the session that runs the migration, and rounds the seconds");
  CHECK(risk(bigint, {"boolean", {}}) == "which keeps only whether each value is zero");
  CHECK(risk({"timestamp without time zone", {}}, {"timestamp with time zone", {}}) ==
        "using the TimeZone of the session that runs the migration");
  CHECK(risk({"timestamp(3) with time zone", {}}, {"date", {}}) ==
        "using the TimeZone of the session that runs the migration");
  CHECK(risk({"timestamp without time zone", {}}, {"date", {}}) == "which drops the time of day");
}

TEST_CASE("the columns that a statement converts are found in it") {
  using Texts = std::vector<std::string>;
  CHECK(converted_columns("ALTER TABLE \"t\" ALTER COLUMN \"a\" DROP DEFAULT, ALTER COLUMN \"a\" TYPE integer USING "
                          "\"a\"::integer, ALTER COLUMN \"b\" TYPE text") == Texts{"\"a\"", "\"b\""});
  CHECK(converted_columns("ALTER TABLE \"t\" ALTER COLUMN \"type\" SET NOT NULL").empty());
  CHECK(converted_columns("CREATE TABLE t (a integer)").empty());
}

}  // namespace whimbrel::dialect::postgres
