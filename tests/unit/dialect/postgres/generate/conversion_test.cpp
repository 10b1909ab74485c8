#include "dialect/postgres/generate/conversion.h"

#include <doctest/doctest.h>

namespace whimbrel::dialect::postgres {

namespace {

using model::Type;

std::string risk(const Type& from, const Type& to) { return conversion_risk(from, to).words; }
bool loses(const Type& from, const Type& to) { return conversion_risk(from, to).loses; }

const Type integer{"integer", {}};
const Type bigint{"bigint", {}};
const Type smallint{"smallint", {}};
const Type text{"text", {}};

Type varchar(std::uint32_t length) { return {"character varying", {length}}; }
Type numeric(std::uint32_t precision, std::uint32_t scale) { return {"numeric", {precision, scale}}; }

}  // namespace

TEST_CASE("a type with a length is left to PostgreSQL's own conversion, which cuts nothing") {
  CHECK(conversion_sql("a", varchar(20), varchar(10)).empty());
  CHECK(conversion_sql("a", text, varchar(10)).empty());
  CHECK(conversion_sql("a", integer, varchar(2)).empty());
  CHECK(conversion_sql("a", {"character varying(9)[]", {}}, {"character varying(3)[]", {}}).empty());
  CHECK(conversion_sql("a", {"bit varying", {9}}, {"bit varying", {3}}).empty());
}

TEST_CASE("a conversion that PostgreSQL does not do by itself is written out") {
  CHECK(conversion_sql("a \"b\"", text, integer) == "\"a \"\"b\"\"\"::integer");
  CHECK(conversion_sql("a", integer, bigint) == "\"a\"::bigint");
  CHECK(conversion_sql("a", bigint, {"boolean", {}}) == "\"a\" <> 0::bigint");
  CHECK(conversion_sql("a", {"boolean", {}}, bigint) == "\"a\"::integer::bigint");
  CHECK(conversion_sql("a", text, {"text[]", {}}) == "\"a\"::text[]");
  CHECK(conversion_sql("a", {"mood", {}}, {"size", {}}) == "\"a\"::text::size");
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
  for (const char* const same : {"real", "double precision", "date"}) CHECK(risk({same, {}}, {same, {}}).empty());
  CHECK(risk({"json", {}}, {"jsonb", {}}).empty());
  CHECK(risk({"date", {}}, {"timestamp without time zone", {}}).empty());
}

TEST_CASE("a conversion that takes a part of the values without an error loses") {
  CHECK(loses(numeric(10, 2), integer));
  CHECK(loses(bigint, {"double precision", {}}));
  CHECK(loses({"timestamp with time zone", {}}, {"date", {}}));
  CHECK(loses({"timestamp without time zone", {}}, {"time without time zone", {}}));
  CHECK(loses(integer, {"boolean", {}}));
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
  CHECK(risk(text, integer) == "which fails if a value is no integer");
  CHECK(risk(bigint, {"boolean", {}}) == "which keeps of them only whether they are 0");
  CHECK(risk({"timestamp without time zone", {}}, {"timestamp with time zone", {}}) ==
        "by the TimeZone of the session that runs it");
  CHECK(risk({"timestamp(3) with time zone", {}}, {"date", {}}) == "by the TimeZone of the session that runs it");
  CHECK(risk({"timestamp without time zone", {}}, {"date", {}}) == "which leaves the time of day out");
}

TEST_CASE("the columns that a statement converts are found in it") {
  using Texts = std::vector<std::string>;
  CHECK(converted_columns("ALTER TABLE \"t\" ALTER COLUMN \"a\" DROP DEFAULT, ALTER COLUMN \"a\" TYPE integer USING "
                          "\"a\"::integer, ALTER COLUMN \"b\" TYPE text") == Texts{"\"a\"", "\"b\""});
  CHECK(converted_columns("ALTER TABLE \"t\" ALTER COLUMN \"type\" SET NOT NULL").empty());
  CHECK(converted_columns("CREATE TABLE t (a integer)").empty());
}

}  // namespace whimbrel::dialect::postgres
