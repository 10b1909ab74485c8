#include <doctest/doctest.h>

#include "unit/change/there_and_back.h"

// Domains and composite types: what changes in place, and what happens to the columns when it cannot.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;
using test::go_there_and_back;

namespace {

std::string script(const std::string& from, const std::string& to) {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(from);
  wanted.query(to);
  std::string text;
  for (const sql::Statement& statement : compare(there, wanted, {}).script.up) text += statement.sql + ";\n";
  return text;
}

std::string refusal(const std::string& from, const std::string& to) {
  try {
    return script(from, to);
  } catch (const Error& error) {
    return error.what();
  }
}

const std::string address =
    "CREATE TABLE shop (id int PRIMARY KEY, place address, others address[] DEFAULT '{}');"
    "CREATE FUNCTION here() RETURNS address LANGUAGE sql AS 'SELECT NULL::address'";
const std::string rows_of_address =
    "INSERT INTO shop VALUES (1, ROW('a, \"b\"', 1), ARRAY[ROW('q', 2)::address]), (2, NULL, NULL), (3, ROW(NULL, "
    "NULL), NULL)";

}  // namespace

TEST_CASE("PostgreSQL: attributes are added to a composite type and dropped from it where columns have it") {
  const std::string two = "CREATE TYPE address AS (street text, number int);" + address;
  const std::string three = "CREATE TYPE address AS (street text, number int, \"z,ip\" varchar(5) COLLATE \"C\");" +
                            address + ";COMMENT ON TYPE address IS 'it''s'";
  go_there_and_back(two, three, rows_of_address);
  CHECK(script(two, three) ==
        "ALTER TYPE \"address\" ADD ATTRIBUTE \"z,ip\" character varying(5) COLLATE \"C\";\n"
        "COMMENT ON TYPE address IS 'it''s';\n");
}

TEST_CASE("PostgreSQL: the values of a dropped attribute are a loss") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query("CREATE TYPE address AS (street text, number int, zip text);" + address);
  wanted.query("CREATE TYPE address AS (street text, number int);" + address);
  const change::SchemaChange change = compare(there, wanted, {});
  CHECK(change.losses == std::vector<std::string>{R"(the values of attributes (zip) of type "address")"});
}

TEST_CASE("PostgreSQL: a composite type whose columns the change would not fit is left alone") {
  const std::string before = "CREATE TYPE address AS (street text, number int);" + address;
  const std::string swapped = "CREATE TYPE address AS (number int, street text);" + address;
  const std::string other_type = "CREATE TYPE address AS (street text, number date);" + address;
  // It could come back only as the last.
  const std::string first_gone = "CREATE TYPE address AS (number int);" + address;
  for (const std::string& after : {swapped, other_type, first_gone}) {
    CHECK(refusal(before, after).find("The change to type \"address\" cannot be made in place") == 0);
  }
  go_there_and_back(before, "CREATE TYPE address AS (street text, number bigint);" + address, rows_of_address);
}

TEST_CASE("PostgreSQL: a domain changes its check constraints, its default and NOT NULL in place") {
  const std::string rest =
      "; CREATE TABLE t (id int PRIMARY KEY, m mail, CHECK (length(m) > 2)); CREATE VIEW v AS "
      "SELECT m FROM t; CREATE FUNCTION f(mail) RETURNS int LANGUAGE sql AS 'SELECT 1'";
  const std::string from =
      "CREATE DOMAIN mail AS text DEFAULT 'a@b' CONSTRAINT has_at CHECK (VALUE ~ '@') CONSTRAINT "
      "short CHECK (length(VALUE) < 99)" +
      rest;
  const std::string to =
      "CREATE DOMAIN mail AS text NOT NULL CONSTRAINT has_at CHECK (VALUE ~ '.@'); ALTER DOMAIN mail ADD CONSTRAINT "
      "late "
      "CHECK (VALUE <> 'x') NOT VALID; COMMENT ON DOMAIN mail IS 'm'" +
      rest;
  go_there_and_back(from, to, "INSERT INTO t VALUES (1, 'me@home')");
  CHECK(script(from, to).find("DROP DOMAIN") == std::string::npos);
  CHECK(script(from, to).find("VIEW") == std::string::npos);
}

TEST_CASE("PostgreSQL: a domain with another base type keeps the values of its columns and all that uses them") {
  const auto schema = [](const std::string& base) {
    return "CREATE DOMAIN \"po's\" AS " + base +
           " CHECK (VALUE > 0); CREATE TABLE other (p \"po's\" PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p "
           "\"po's\" NOT NULL DEFAULT 7 REFERENCES other, ps \"po's\"[], g int GENERATED ALWAYS AS (p + 1) STORED, "
           "CONSTRAINT big CHECK (p > 0), UNIQUE (p, id)); CREATE INDEX i ON t ((p * 2)) WHERE p > 1; CREATE INDEX j "
           "ON t "
           "USING gin (ps); CREATE VIEW v AS SELECT p, ps FROM t WHERE p < 100; CREATE FUNCTION f(x \"po's\") RETURNS "
           "\"po's\" LANGUAGE sql AS 'SELECT x'; CREATE TABLE kid (k int) INHERITS (t); ALTER TABLE t ALTER COLUMN p "
           "SET "
           "STATISTICS 7";
  };
  const std::string rows =
      "INSERT INTO other VALUES (1), (2), (7); INSERT INTO t (id, p, ps) VALUES (1, 1, '{1,2}'), (2, 2, NULL), (3, 7, "
      "'{{3,4},{5,6}}'), (4, 7, '{NULL}'); INSERT INTO kid VALUES (9, 2, '{}')";
  go_there_and_back(schema("int"), schema("bigint"), rows);
  go_there_and_back(schema("numeric(9,0)"), schema("smallint"), rows);
}

TEST_CASE("PostgreSQL: a domain is recreated for a check constraint if arrays contain it") {
  const auto schema = [](const std::string& checks) {
    return "CREATE DOMAIN pos AS int" + checks + "; CREATE TYPE pair AS (a pos, b text); CREATE TABLE t (id int, ps " +
           "pos[] DEFAULT '{1}', p pair, plain pos); CREATE TABLE u (id int)";
  };
  go_there_and_back(schema(""), schema(" CHECK (VALUE > 0)"),
                    "INSERT INTO t VALUES (1, '{1,2}', ROW(3, '(\",'), 4), (2, NULL, NULL, NULL)");
  CHECK(script("CREATE DOMAIN pos AS int; CREATE TABLE t (p pos)",
               "CREATE DOMAIN pos AS int CHECK (VALUE > 0); CREATE TABLE t (p pos)") ==
        "ALTER DOMAIN \"pos\" ADD CONSTRAINT \"pos_check\" CHECK ((VALUE > 0));\n");
}

TEST_CASE("PostgreSQL: a column changes in another way while its type is recreated") {
  const auto schema = [](const std::string& base, const std::string& column) {
    return "CREATE DOMAIN d AS " + base + " CHECK (VALUE IS NULL OR VALUE > 0); CREATE TABLE t (id int, a d " + column +
           ")";
  };
  go_there_and_back(schema("int", "DEFAULT 5"), schema("bigint", "NOT NULL DEFAULT 6"), "INSERT INTO t VALUES (1, 2)");
  go_there_and_back(schema("int", ""),
                    "CREATE DOMAIN d AS bigint CHECK (VALUE IS NULL OR VALUE > 0); CREATE TABLE t (id "
                    "int, a bigint)",
                    "INSERT INTO t VALUES (1, 2), (2, NULL)");
}

TEST_CASE("PostgreSQL: a domain whose values a conversion could change is left alone") {
  for (const auto& [from, to] :
       {std::pair("numeric(9,4)", "numeric(9,2)"), {"text", "varchar(3)"}, {"timestamp", "date"}}) {
    const auto schema = [](const std::string& base) { return "CREATE DOMAIN d AS " + base + "; CREATE TABLE t (a d)"; };
    CHECK(refusal(schema(from), schema(to)).find("The change to domain \"d\" cannot be made in place") == 0);
    CHECK(refusal(schema(to), schema(from)).find("The change to domain \"d\" cannot be made in place") == 0);
  }
}

TEST_CASE("PostgreSQL: a change that its values would not survive as text is refused wherever a column contains them") {
  const auto is_refused = [](const std::string& from, const std::string& to, const std::string& rest) {
    CAPTURE(from);
    CAPTURE(rest);
    CHECK(refusal(from + ';' + rest, to + ';' + rest).find("cannot be made in place") != std::string::npos);
  };
  const std::string xy = "CREATE TYPE c AS (x int, y int)";
  const std::string yx = "CREATE TYPE c AS (y int, x int)";
  for (const char* rest :
       {"CREATE DOMAIN d AS c; CREATE TABLE t (a d)", "CREATE TYPE o AS (c c[]); CREATE TABLE t (a o)",
        "CREATE TYPE o AS (c c); CREATE DOMAIN d AS o; CREATE TABLE t (a d[])",
        "CREATE TYPE r AS RANGE (subtype = c); CREATE TABLE t (a r)"}) {
    is_refused(xy, yx, rest);
  }
  const std::string four = "CREATE DOMAIN d AS numeric(9,4)";
  const std::string two = "CREATE DOMAIN d AS numeric(9,2)";
  for (const char* rest :
       {"CREATE TYPE c AS (x d); CREATE TABLE t (a c[])", "CREATE DOMAIN da AS d[]; CREATE TABLE t (a da)",
        "CREATE TYPE r AS RANGE (subtype = d); CREATE TABLE t (a r)"}) {
    is_refused(four, two, rest);
  }
  is_refused("CREATE TYPE c AS (price int, y text)", "CREATE TYPE c AS (customer int, y text)",
             "CREATE TYPE o AS (c c); CREATE TABLE t (a o)");
  CHECK(refusal("CREATE VIEW v AS SELECT 1 AS x, 2 AS y; CREATE TABLE t (a v)",
                "CREATE VIEW v AS SELECT 2 AS y, 1 AS x; CREATE TABLE t (a v)")
            .find("it is still the type of column \"a\" of \"t\"") != std::string::npos);
  const std::string with_xml = "; CREATE TYPE c AS (m e, x xml); CREATE TABLE t (a c[])";
  CHECK(refusal("CREATE TYPE e AS ENUM ('a', 'b')" + with_xml, "CREATE TYPE e AS ENUM ('b')" + with_xml)
            .find("cannot be kept as text: it contains xml") != std::string::npos);
  // The composite type changes in a way that could be made in place, if the domain in it were not recreated.
  const std::string table = "; CREATE TABLE t (a c)";
  CHECK(refusal("CREATE DOMAIN d AS int; CREATE TYPE c AS (x d, y text)" + table,
                "CREATE DOMAIN d AS bigint; CREATE TYPE c AS (x d, z text)" + table)
            .find("type \"c\" changes and uses something") != std::string::npos);
}

TEST_CASE("PostgreSQL: an enum is recreated under domains, composite types and their arrays, which change, too") {
  const auto schema = [](const std::string& values, const std::string& check) {
    return "CREATE TYPE mood AS ENUM (" + values + "); CREATE DOMAIN calm AS mood CHECK (VALUE <> '" + check +
           "') DEFAULT 'ok'; CREATE DOMAIN calmer AS calm; CREATE TYPE pair AS (m mood, c calm, n int); CREATE TABLE t "
           "(id "
           "int PRIMARY KEY, m mood, c calm DEFAULT 'ok', cc calmer, p pair, ps pair[], cs calm[]); CREATE VIEW v AS "
           "SELECT "
           "c, p FROM t; CREATE INDEX ON t (c); GRANT USAGE ON TYPE calm TO pg_monitor; REVOKE ALL ON TYPE calm FROM "
           "PUBLIC";
  };
  go_there_and_back(schema("'sad', 'ok', 'gone'", "sad"), schema("'ok', 'sad'", "sad"),
                    "INSERT INTO t VALUES (1, 'sad', 'ok', 'ok', ROW('ok', NULL, 1), ARRAY[ROW('sad', 'ok', 2)::pair], "
                    "'{ok,NULL}'), (2, NULL, NULL, NULL, NULL, NULL, NULL)");
}

TEST_CASE("PostgreSQL: a type changes when the columns that its rows no longer fit have left it") {
  const auto schema = [](const std::string& types, const std::string& type) {
    return types + "CREATE TABLE t (id int PRIMARY KEY, a " + type + ", b text); CREATE VIEW v AS SELECT a FROM t";
  };
  const std::string rows = "INSERT INTO t VALUES (1, 'gone', 'x'), (2, NULL, NULL)";
  go_there_and_back(schema("CREATE TYPE e AS ENUM ('ok', 'gone');", "e DEFAULT 'ok'"),
                    schema("CREATE TYPE e AS ENUM ('ok');", "text DEFAULT 'ok'"), rows);
  go_there_and_back(schema("CREATE DOMAIN d AS text;", "d"),
                    schema("CREATE DOMAIN d AS text NOT NULL CHECK (VALUE <> 'gone');", "varchar"), rows);
  // The one leaves what the other joins.
  go_there_and_back("CREATE TYPE e AS ENUM ('ok', 'gone'); CREATE TABLE t (a e, b text)",
                    "CREATE TYPE e AS ENUM ('ok'); CREATE TABLE t (a text, b e)",
                    "INSERT INTO t VALUES ('gone', 'ok')");
}

TEST_CASE("PostgreSQL: a child table's own default for an inherited column survives that its type is recreated") {
  const auto over_domain = [](const std::string& base, const std::string& value) {
    return "CREATE DOMAIN d AS " + base + "; CREATE TABLE p (x d); CREATE TABLE c (x d DEFAULT " + value +
           ") INHERITS (p); CREATE TABLE g (x d DEFAULT 5) INHERITS (c); CREATE TABLE h () INHERITS (p); ALTER TABLE h "
           "ALTER x SET DEFAULT 7";
  };
  const std::string rows = "INSERT INTO p VALUES (2); INSERT INTO c VALUES (1); INSERT INTO g VALUES (4)";
  go_there_and_back(over_domain("int", "3"), over_domain("bigint", "3"), rows);
  go_there_and_back(over_domain("int", "3"), over_domain("bigint", "6"), rows);
  const auto over_enum = [](const std::string& values, const std::string& value) {
    return "CREATE TYPE e AS ENUM (" + values +
           "); CREATE TYPE ct AS (q e); CREATE TABLE p (x e, y e DEFAULT 'a', z ct); " +
           "CREATE TABLE c (x e DEFAULT '" + value + "', y e, z ct DEFAULT '(a)') INHERITS (p)";
  };
  go_there_and_back(over_enum("'a', 'b'", "b"), over_enum("'b', 'a'", "b"),
                    "INSERT INTO p VALUES ('b', 'a', NULL); INSERT INTO c VALUES ('a', 'b', '(b)')");
  go_there_and_back(over_enum("'a', 'b', 'c'", "c"), over_enum("'b', 'a'", "a"), "INSERT INTO c VALUES ('a')");
}

TEST_CASE("PostgreSQL: a column of a recreated domain keeps its sequence") {
  const auto schema = [](const std::string& base) {
    return "CREATE DOMAIN d AS " + base +
           "; CREATE TABLE t (id d); CREATE SEQUENCE sq OWNED BY t.id; ALTER TABLE t ALTER id SET DEFAULT "
           "nextval('sq')";
  };
  go_there_and_back(schema("int"), schema("bigint"), "INSERT INTO t DEFAULT VALUES; INSERT INTO t DEFAULT VALUES");
}

TEST_CASE("PostgreSQL: a generated column, a view and a function leave an attribute that is dropped or retyped") {
  const auto schema = [](const std::string& attributes, const std::string& name) {
    return "CREATE TYPE ct AS (" + attributes +
           "); CREATE TABLE t (id int PRIMARY KEY, x ct, g int GENERATED ALWAYS AS " + "((x)." + name +
           ") STORED); CREATE VIEW v AS SELECT (x)." + name + " AS n FROM t";
  };
  go_there_and_back(schema("a int, c int", "c"), schema("a int", "a"), "INSERT INTO t VALUES (1, '(1,2)')");
  const auto unused = [](const std::string& a, const std::string& b) {
    return "CREATE TYPE ct AS (a " + a + ", b text COLLATE " + b +
           ", c int); CREATE FUNCTION f(c ct) RETURNS int LANGUAGE sql AS 'SELECT c.c'; CREATE VIEW v AS SELECT "
           "(ROW(1, 'a', 2)::ct).b AS q; COMMENT ON COLUMN ct.a IS '" +
           a + "'";
  };
  go_there_and_back(unused("int", "\"C\""), unused("bigint", "\"POSIX\""), "");
}

TEST_CASE("PostgreSQL: ranges over a recreated domain are recreated with their multiranges") {
  const auto schema = [](const std::string& base) {
    return "CREATE DOMAIN d AS " + base + "; CREATE TYPE rg AS RANGE (subtype = d); CREATE TABLE t (id int, r rg, rs " +
           "rg[], x d)" + (test::has_postgres(14) ? "; ALTER TABLE t ADD m rg_multirange, ADD ms rg_multirange[]" : "");
  };
  go_there_and_back(schema("int"), schema("bigint"), "INSERT INTO t VALUES (1, '[1,3)', '{\"[1,2)\"}', 1)");
}

TEST_CASE("PostgreSQL: a domain over another one changes in place with it") {
  CHECK(script("CREATE DOMAIN d AS text; CREATE DOMAIN dd AS d; CREATE TABLE t (b dd)",
               "CREATE DOMAIN d AS text CHECK (VALUE <> '1'); CREATE DOMAIN dd AS d DEFAULT 'z'; CREATE TABLE t (b dd)")
            .find("DROP DOMAIN") == std::string::npos);
  go_there_and_back(
      "CREATE DOMAIN d AS text; CREATE DOMAIN dd AS d; CREATE TABLE t (b dd)",
      "CREATE DOMAIN d AS text CHECK (VALUE <> '1'); CREATE DOMAIN dd AS d DEFAULT 'z'; CREATE TABLE t (b dd)",
      "INSERT INTO t VALUES ('y')");
}

TEST_CASE("PostgreSQL: an enum in a table whose row type a column has is refused for that reason") {
  const auto schema = [](const std::string& values) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE TABLE r (x e, y text); CREATE TABLE t (a r)";
  };
  CHECK(refusal(schema("'a', 'b'"), schema("'b', 'a'")) ==
        "Column \"a\" of \"t\" has the row type of table \"r\", so PostgreSQL cannot convert it to the new values of "
        "enum "
        "\"e\": column \"x\" of that table.");
}

TEST_CASE("PostgreSQL: a column whose enum is recreated gets its other default, whatever else changes") {
  const auto schema = [](const std::string& values, const std::string& value, const std::string& comment) {
    return "CREATE TYPE e AS ENUM (" + values + "); CREATE TABLE t (x e DEFAULT '" + value +
           "', y int); COMMENT ON COLUMN t.x IS " + comment;
  };
  go_there_and_back(schema("'a', 'b'", "a", "NULL"), schema("'b', 'a'", "b", "'q'"),
                    "INSERT INTO t VALUES ('b'), (NULL)");
  go_there_and_back(schema("'a'", "a", "NULL"), schema("'a', 'b'", "b", "'q'"), "INSERT INTO t VALUES ('a')");
}

TEST_CASE("PostgreSQL: a composite type gets or loses an attribute of a type that is recreated") {
  const std::string rows = "INSERT INTO t VALUES (ROW(1))";
  go_there_and_back("CREATE DOMAIN d AS int; CREATE TYPE c AS (x int)",
                    "CREATE DOMAIN d AS bigint; CREATE TYPE c AS (x int, p d)", "SELECT 1");
  go_there_and_back("CREATE DOMAIN d AS int; CREATE TYPE c AS (x int); CREATE TABLE t (a c)",
                    "CREATE DOMAIN d AS bigint; CREATE TYPE c AS (x int, p d); CREATE TABLE t (a c)", rows);
}

TEST_CASE("PostgreSQL: a column becomes one of a domain, or ceases to be one, as the base type of the domain does") {
  const auto schema = [](const std::string& type) {
    return "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN whole AS int; CREATE DOMAIN small AS whole CHECK (VALUE "
           "< "
           "9); CREATE DOMAIN amount AS numeric(10,2); CREATE DOMAIN short AS varchar(3); CREATE DOMAIN calm AS mood; "
           "CREATE DOMAIN list AS int[]; CREATE TABLE t (a " +
           type + ')';
  };
  const std::string one = "INSERT INTO t VALUES (1)";
  for (const std::string type : {"whole", "small", "bigint"}) {
    go_there_and_back(schema("numeric(10,2)"), schema(type), one);
    go_there_and_back(schema("amount"), schema(type), one);
  }
  go_there_and_back(schema("boolean"), schema("small"), "INSERT INTO t VALUES (true)");
  go_there_and_back(schema("whole"), schema("small"), one);
  go_there_and_back(schema("whole[]"), schema("list"), "INSERT INTO t VALUES ('{1,2}')");
  go_there_and_back(schema("text"), schema("short"), "INSERT INTO t VALUES ('abc')");
  go_there_and_back(schema("mood"), schema("calm"), "INSERT INTO t VALUES ('b')");
  go_there_and_back(schema("text"), schema("calm"), "INSERT INTO t VALUES ('b')");
}

TEST_CASE("PostgreSQL: a conversion to or from a domain loses what that of the base type does") {
  const auto change = [](const std::string& from, const std::string& to) {
    const PostgresDatabase there;
    const PostgresDatabase wanted;
    const std::string domains = "CREATE DOMAIN whole AS int; CREATE DOMAIN exact AS numeric; CREATE TABLE t (a ";
    there.query(domains + from + ')');
    wanted.query(domains + to + ')');
    return test::compare(there, wanted, {});
  };
  CHECK(change("whole", "bigint").losses.empty());
  const change::SchemaChange wider = change("int", "exact");
  CHECK(wider.losses.empty());
  CHECK(wider.notes == std::vector<std::string>{"converts column \"a\" of \"t\" from integer to exact, which fails if "
                                                "the domain does not accept a value"});
  CHECK(change("exact", "int").losses ==
        std::vector<std::string>{"part of the values of column \"a\" of \"t\" (lossy conversion from exact to integer, "
                                 "which rounds them, and fails if one does not fit)"});
}

TEST_CASE("PostgreSQL: a function is replaced before an attribute that it used is dropped, and after a new one") {
  const auto schema = [](const std::string& attributes, const std::string& used) {
    return "CREATE TYPE c AS (y int, " + attributes +
           "); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT ($1)." + used +
           "; END; CREATE TABLE t (c c);";
  };
  const std::string rows = "INSERT INTO t VALUES (ROW(1, 2))";
  if (!test::has_postgres(14)) return;
  go_there_and_back(schema("x int", "x"), schema("x int, z int", "z"), rows);
  go_there_and_back(schema("x int, z int", "z"), schema("x int", "x"), "");
  go_there_and_back(schema("x int", "x"), schema("z int", "z"), rows);
  const auto whole = [](const std::string& attributes, const std::string& used) {
    return "CREATE TYPE c AS (" + attributes +
           "); CREATE FUNCTION f(x c) RETURNS c LANGUAGE sql BEGIN ATOMIC SELECT x " + "WHERE (x)." + used +
           " > 0; END";
  };
  go_there_and_back(whole("a int, b int", "b"), whole("a int", "a"), "");
}

TEST_CASE("PostgreSQL: an expression over a column that gets a domain is compared as with the domain's new base type") {
  go_there_and_back(
      "CREATE DOMAIN d AS int; CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a / 2) STORED, CHECK (a / 2 = 2)); "
      "CREATE INDEX i ON t ((a / 2)) WHERE a / 2 = 2",
      "CREATE DOMAIN d AS numeric; CREATE TABLE t (a d, g int GENERATED ALWAYS AS (a::int / 2) STORED, CHECK (a::int / "
      "2 = 2)); CREATE INDEX i ON t ((a::int / 2)) WHERE a::int / 2 = 2",
      "INSERT INTO t VALUES (5)");
}

TEST_CASE("PostgreSQL: whole numbers keep their values as decimals of a domain") {
  const auto schema = [](const std::string& base) {
    return "CREATE DOMAIN d AS " + base + "; CREATE TABLE t (a d, b d DEFAULT 7)";
  };
  for (const std::string type : {"smallint", "int", "bigint"}) {
    go_there_and_back(schema(type), schema("numeric(9,2)"), "INSERT INTO t VALUES (100), (-7), (NULL)");
    go_there_and_back(schema("numeric(9,2)"), schema(type), "INSERT INTO t VALUES (100), (-7), (NULL)");
  }
}

TEST_CASE("PostgreSQL: a function that makes values of a type is replaced after an attribute is dropped or added") {
  if (!test::has_postgres(14)) return;
  const auto schema = [](const std::string& attributes, const std::string& values) {
    return "CREATE TYPE c AS (" + attributes + "); CREATE FUNCTION f() RETURNS c LANGUAGE sql RETURN ROW(" + values +
           ")::c";
  };
  go_there_and_back(schema("x int, y int", "1, 2"), schema("x int", "1"), "");
}

TEST_CASE("PostgreSQL: a view selects a column that changes its type only after the change") {
  go_there_and_back(
      "CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e; CREATE TABLE t (id int, c e); "
      "CREATE VIEW v AS SELECT id FROM t",
      "CREATE TYPE e AS ENUM ('b', 'a'); CREATE DOMAIN d AS e; CREATE TABLE t (id int, c d); "
      "CREATE VIEW v AS SELECT id, c FROM t",
      "INSERT INTO t VALUES (1, 'b')");
  go_there_and_back(
      "CREATE DOMAIN d AS int; CREATE TABLE t (id int, a smallint DEFAULT 1, f d[]); "
      "CREATE VIEW v AS SELECT id FROM t",
      "CREATE DOMAIN d AS int CONSTRAINT positive CHECK (value > 0); CREATE TABLE t (id int, a d DEFAULT "
      "1); CREATE VIEW v AS SELECT id, a FROM t",
      "INSERT INTO t VALUES (1, 2, NULL)");
}
