#include <algorithm>
#include <fstream>
#include <iterator>

#include "change/generate.h"
#include "support/version.h"
#include "unit/change/there_and_back.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Comments on what entities cannot give one, and the defaults of columns of views, are parts of a complete schema.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;
using test::go_there_and_back;

namespace {

const std::string schema =
    "CREATE SCHEMA \"s x\"; CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE \"s x\".\"E\" AS ENUM ('a');"
    "CREATE DOMAIN d AS int CONSTRAINT \"d c\" CHECK (VALUE > 0); CREATE TYPE p AS (\"a b\" int, c text);"
    "CREATE TABLE r (id int PRIMARY KEY, k int UNIQUE);"
    "CREATE TABLE \"s x\".\"T\" (id int CONSTRAINT \"p k\" PRIMARY KEY, a int CONSTRAINT u UNIQUE, b int,"
    "  CONSTRAINT \"a > 0\" CHECK (a > 0), CONSTRAINT x EXCLUDE (b WITH =), CONSTRAINT f FOREIGN KEY (b) REFERENCES r);"
    "CREATE INDEX \"I\" ON \"s x\".\"T\" (b); CREATE INDEX i ON r (k);"
    "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
    "CREATE TRIGGER \"G\" AFTER INSERT ON \"s x\".\"T\" FOR EACH ROW EXECUTE FUNCTION g();"
    "CREATE VIEW v AS SELECT id, k FROM r; CREATE TRIGGER vg INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION g();"
    "CREATE MATERIALIZED VIEW m AS SELECT id AS \"i d\" FROM r; CREATE INDEX mi ON m (\"i d\");"
    "CREATE POLICY po ON r USING (true); CREATE RULE ru AS ON DELETE TO r DO NOTHING;"
    "CREATE STATISTICS st ON id, k FROM r;";

const std::vector<std::string> commented = {
    "SCHEMA \"s x\"",
    "SCHEMA public",
    "TYPE e",
    "TYPE \"s x\".\"E\"",
    "DOMAIN d",
    "CONSTRAINT \"d c\" ON DOMAIN d",
    "TYPE p",
    "COLUMN p.\"a b\"",
    "CONSTRAINT r_pkey ON r",
    "INDEX r_pkey",
    "CONSTRAINT \"p k\" ON \"s x\".\"T\"",
    "CONSTRAINT u ON \"s x\".\"T\"",
    "CONSTRAINT \"a > 0\" ON \"s x\".\"T\"",
    "CONSTRAINT x ON \"s x\".\"T\"",
    "CONSTRAINT f ON \"s x\".\"T\"",
    "INDEX \"s x\".\"I\"",
    "INDEX i",
    "INDEX mi",
    "TRIGGER \"G\" ON \"s x\".\"T\"",
    "TRIGGER vg ON v",
    "VIEW v",
    "COLUMN v.k",
    "MATERIALIZED VIEW m",
    "COLUMN m.\"i d\"",
    "POLICY po ON r",
    "RULE ru ON r",
    "STATISTICS st",
    "FUNCTION g()",
};

std::string all_with(const std::string& text) {
  std::string sql;
  for (const std::string& what : commented) sql += "COMMENT ON " + what + " IS " + text + ';';
  return sql;
}

bool is_comment(const sql::Statement& statement) { return statement.sql.starts_with("COMMENT ON "); }

/// The statements from one schema to the other.
std::vector<sql::Statement> way(const std::string& from, const std::string& to) {
  const PostgresDatabase first;
  const PostgresDatabase second;
  first.query(from);
  second.query(to);
  return compare(first, second, {}).script.up;
}

enum class Mood { glad, sad, calm };

namespace before {
struct Note {
  std::int32_t id{};
  std::int32_t stars{};
  Mood mood{};
  static void describe(Entity<Note>& note) {
    note.primary_generated<&Note::id>();
    note.column<&Note::stars>();
    note.column<&Note::mood>({.enum_name = "mood"});
    note.check("mood = 'glad'", {.name = "is glad"});
    note.unique<&Note::stars>({.name = "one"});
    note.index<&Note::stars>({.name = "by_stars"});
  }
};
}  // namespace before

namespace after {
enum class Mood { glad, sad };
struct Note {
  std::int32_t id{};
  std::int64_t stars{};
  Mood mood{};
  static void describe(Entity<Note>& note) {
    note.primary_generated<&Note::id>();
    note.column<&Note::stars>();
    note.column<&Note::mood>({.enum_name = "mood"});
    note.check("mood = 'glad'", {.name = "is glad"});
    note.unique<&Note::stars, &Note::id>({.name = "one"});
    note.index<&Note::stars, &Note::id>({.name = "by_stars"});
  }
};
}  // namespace after

/// Odd texts as literals.
const std::vector<std::string> texts = {"'it''s'", "E'a\\\\b\\nc'", "'$whimbrel$ \"x\"; --'", "'ünï → 😀'", "' '"};

}  // namespace

TEST_CASE("PostgreSQL: where only comments differ, only comments are set, in both directions") {
  const std::string plain = schema + "COMMENT ON SCHEMA public IS 'standard public schema'";
  for (const auto& [before, after] : {std::pair(plain, schema + all_with("'new'")),
                                      std::pair(schema + all_with("'old'"), schema + all_with("'new'"))}) {
    for (const auto& [from, to] : {std::pair(before, after), std::pair(after, before)}) {
      const std::vector<sql::Statement> statements = way(from, to);
      CHECK(statements.size() == commented.size());
      CHECK(std::all_of(statements.begin(), statements.end(), is_comment));
    }
    go_there_and_back(before, after, "");
  }
  CHECK(way(schema + all_with("'a'"), schema + all_with("'a'")).empty());
}

TEST_CASE("PostgreSQL: comments may have any text") {
  for (const std::string& text : texts) go_there_and_back(schema, schema + all_with(text), "");
  // The server stores an empty text as none.
  CHECK(way(schema + all_with("''"), schema + all_with("NULL")).empty());
}

TEST_CASE("PostgreSQL: the comment that a new schema public has can be taken away and come back") {
  go_there_and_back("COMMENT ON SCHEMA public IS NULL", "SELECT 1", "");
  go_there_and_back("COMMENT ON SCHEMA public IS NULL", "COMMENT ON SCHEMA public IS 'ours'", "");
}

TEST_CASE("PostgreSQL: an extension has its own comment, unless somebody gives it another one") {
  const std::string extension = "CREATE EXTENSION btree_gist;";
  CHECK(way(extension, extension).empty());
  go_there_and_back(extension, extension + "COMMENT ON EXTENSION btree_gist IS 'ours'", "");
  go_there_and_back(extension + "COMMENT ON EXTENSION btree_gist IS NULL", extension, "");
  go_there_and_back("SELECT 1", extension + "COMMENT ON EXTENSION btree_gist IS NULL", "");
}

TEST_CASE("PostgreSQL: what is made and dropped has its comments") {
  go_there_and_back("SELECT 1", schema + all_with("'it''s'"), "");
  // Nothing is said of the comments on what goes.
  const std::vector<sql::Statement> statements = way(schema + all_with("'a'"), "COMMENT ON SCHEMA public IS 'a'");
  for (const sql::Statement& statement : statements) {
    CAPTURE(statement.sql);
    CHECK_FALSE(is_comment(statement));
  }
}

TEST_CASE("PostgreSQL: what is recreated has the comments of the schema to which the script leads") {
  const auto with = [](std::string text, const std::string& type, const std::string& comment) {
    for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos;) text.replace(at, 1, type);
    for (std::size_t at = 0; (at = text.find('#', at)) != std::string::npos;) text.replace(at, 1, comment);
    return text;
  };
  const std::string typed =
      "CREATE TABLE t (a @ PRIMARY KEY, c int, CONSTRAINT k CHECK (c > 0)); CREATE TABLE u (a @ CONSTRAINT f "
      "REFERENCES t);"
      "CREATE VIEW v AS SELECT a AS \"A\" FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE INDEX i ON m "
      "(a);"
      "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE TRIGGER g AFTER UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION g();"
      "CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION g();"
      "CREATE POLICY p ON t USING (a > 1); CREATE RULE r AS ON INSERT TO u DO ALSO DELETE FROM t WHERE a = 1;"
      "COMMENT ON CONSTRAINT f ON u IS #; COMMENT ON COLUMN v.\"A\" IS #; COMMENT ON COLUMN m.a IS #;"
      "COMMENT ON INDEX i IS #; COMMENT ON TRIGGER g ON t IS #; COMMENT ON TRIGGER g ON v IS #; COMMENT ON VIEW v IS #;"
      "COMMENT ON MATERIALIZED VIEW m IS #; COMMENT ON POLICY p ON t IS #; COMMENT ON RULE r ON u IS #";
  const std::string valued =
      "CREATE TYPE e AS ENUM (@); CREATE DOMAIN d AS e CONSTRAINT dc CHECK (VALUE = 'a');"
      "CREATE TABLE t (a e, b int, CONSTRAINT k CHECK (a = 'a'), CONSTRAINT x EXCLUDE (a WITH =) WHERE (a = 'a'));"
      "CREATE INDEX i ON t (b) WHERE a = 'a'; CREATE FUNCTION f(e) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "COMMENT ON TYPE e IS #; COMMENT ON CONSTRAINT k ON t IS #; COMMENT ON CONSTRAINT x ON t IS #;"
      "COMMENT ON INDEX i IS #; COMMENT ON INDEX x IS #; COMMENT ON FUNCTION f(e) IS #;"
      "COMMENT ON CONSTRAINT dc ON DOMAIN d IS #; COMMENT ON DOMAIN d IS #";
  const std::string defined =
      "CREATE TABLE t (a int, b int, c int, CONSTRAINT pk PRIMARY KEY (@), CONSTRAINT u UNIQUE (@, c),"
      "  CONSTRAINT k CHECK (@ > 0)); CREATE INDEX i ON t (@);"
      "CREATE TABLE w (a int CONSTRAINT f REFERENCES t);"
      "CREATE FUNCTION f(@ int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "COMMENT ON CONSTRAINT pk ON t IS #; COMMENT ON INDEX pk IS #; COMMENT ON CONSTRAINT u ON t IS #;"
      "COMMENT ON CONSTRAINT k ON t IS #; COMMENT ON INDEX i IS #; COMMENT ON CONSTRAINT f ON w IS #;"
      "COMMENT ON FUNCTION f(int) IS #";
  struct Change {
    const std::string& text;
    std::string before, after;
  };
  for (const auto& [text, before, after] :
       {Change{typed, "integer", "bigint"}, Change{valued, "'a', 'b'", "'a'"}, Change{defined, "a", "b"}}) {
    for (const auto& [first, second] :
         {std::pair("'it''s'", "'it''s'"), std::pair("'old'", "'new'"), std::pair("NULL", "'new'")}) {
      go_there_and_back(with(text, before, first), with(text, after, second), "");
      go_there_and_back(with(text, before, second), with(text, after, first), "");
    }
  }
}

TEST_CASE("PostgreSQL: the script between complete schemas sets comments without asking the database for them") {
  const std::vector<sql::Statement> statements =
      way("CREATE TABLE t (a int); CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'a'",
          "CREATE TABLE t (a int); CREATE INDEX i ON t (a DESC); COMMENT ON INDEX i IS 'a'");
  REQUIRE(statements.size() == 3);
  CHECK(statements[0].sql == "DROP INDEX \"i\"");
  CHECK(statements[2].sql == "COMMENT ON INDEX i IS 'a'");
}

TEST_CASE("PostgreSQL: a renamed constraint has the comment of its new name") {
  const auto with = [](const std::string& name, const std::string& comment) {
    return "CREATE TABLE t (a int, b int, CONSTRAINT " + name + " CHECK (a > 0)); CREATE INDEX i_" + name +
           " ON t (a); COMMENT ON CONSTRAINT " + name + " ON t IS " + comment + "; COMMENT ON INDEX i_" + name +
           " IS " + comment;
  };
  go_there_and_back(with("k", "'a'"), with("l", "'a'"), "");
  go_there_and_back(with("k", "'a'"), with("l", "NULL"), "");
  go_there_and_back(with("k", "'a'"), with("l", "'b'"), "");
}

TEST_CASE("PostgreSQL: comments follow a renamed table and column") {
  const auto with = [](const std::string& table, const std::string& column) {
    return "CREATE TABLE " + table + " (" + column + " int, CONSTRAINT k CHECK (" + column + " > 0));" +
           "CREATE VIEW v AS SELECT " + column + " AS a FROM " + table + "; COMMENT ON COLUMN v.a IS 'a';" +
           "ALTER VIEW v ALTER a SET DEFAULT 3; CREATE POLICY p ON " + table + " USING (true);" +
           "COMMENT ON POLICY p ON " + table + " IS 'p'; COMMENT ON CONSTRAINT k ON " + table + " IS 'k'";
  };
  diff::Answers answers;
  answers.table_renames.push_back({"t", "u"});
  answers.column_renames.push_back({"u", "x", "y"});
  go_there_and_back(with("t", "x"), with("u", "y"), "", answers);
  const PostgresDatabase first;
  const PostgresDatabase second;
  first.query(with("t", "x"));
  second.query(with("u", "y"));
  const std::vector<sql::Statement> statements = compare(first, second, answers).script.up;
  CHECK(std::none_of(statements.begin(), statements.end(), is_comment));
}

TEST_CASE("PostgreSQL: defaults of columns of views are compared, and recreated with the view as the schema has them") {
  const auto with = [](const std::string& type, const std::string& value) {
    return "CREATE SEQUENCE s; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
           "CREATE TABLE t (a " +
           type + "); CREATE VIEW \"V\" AS SELECT a AS \"a b\" FROM t; ALTER VIEW \"V\" ALTER \"a b\" " + value;
  };
  const std::string set = "SET DEFAULT ";
  for (const auto& [first, second] : {std::pair("integer", "integer"), std::pair("integer", "bigint")}) {
    go_there_and_back(with(first, set + "1"), with(second, set + "2"), "");
    go_there_and_back(with(first, "DROP DEFAULT"), with(second, set + "f()"), "");
    go_there_and_back(with(first, set + "nextval('s')"), with(second, set + "f()"), "");
    go_there_and_back(with(first, set + "f()"), with(second, set + "f()"), "");
  }
  go_there_and_back(with("integer", set + "1"), with("text", set + "'it''s'"), "");
  const std::vector<sql::Statement> statements = way(with("integer", set + "1"), with("integer", set + "2"));
  REQUIRE(statements.size() == 1);
  CHECK(statements[0].sql == "ALTER VIEW \"V\" ALTER COLUMN \"a b\" SET DEFAULT 2");
}

TEST_CASE("PostgreSQL: the default of a view goes before the function that it calls, and comes back with it") {
  const std::string view = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;";
  const auto function = [](const std::string& argument) {
    return "CREATE FUNCTION f(" + argument + " int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';";
  };
  const std::string by_function = "ALTER VIEW v ALTER a SET DEFAULT f()";
  go_there_and_back(function("x") + view + by_function, function("y") + view + by_function, "");
  go_there_and_back(function("x") + view + by_function, view, "");
  go_there_and_back(function("x") + view + by_function, "SELECT 1", "");
}

TEST_CASE("PostgreSQL: parts of types that are changed have their comments") {
  const auto domain = [](const std::string& check, const std::string& comment) {
    return "CREATE DOMAIN d AS int CONSTRAINT c CHECK (VALUE > " + check +
           "); COMMENT ON CONSTRAINT c ON DOMAIN d IS " + comment + "; COMMENT ON DOMAIN d IS 'd'";
  };
  go_there_and_back(domain("0", "'c'"), domain("1", "'c'"), "");
  go_there_and_back(domain("0", "'c'"), domain("1", "NULL"), "");
  go_there_and_back("CREATE TYPE p AS (a int, b int); COMMENT ON COLUMN p.a IS 'a'; COMMENT ON COLUMN p.b IS 'b'",
                    "CREATE TYPE p AS (a bigint, c int); COMMENT ON COLUMN p.a IS 'a'; COMMENT ON COLUMN p.c IS 'c'",
                    "");
}

TEST_CASE("PostgreSQL: everything that a schema can have gets comments, and loses them") {
  std::ifstream file(WHIMBREL_TEST_DATA_DIRECTORY "/postgres/everything.sql");
  const std::string everything =
      test::for_server(std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
  const std::string comments = R"sql(;
DO $$ DECLARE statement text; BEGIN FOR statement IN
  SELECT format('COMMENT ON CONSTRAINT %I ON %s IS %L', conname, conrelid::regclass, 'c''' || conname)
  FROM pg_constraint WHERE conrelid >= 16384 AND conparentid = 0 AND contype <> 'n' AND conislocal AND coninhcount = 0
  UNION ALL SELECT format('COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L', conname, contypid::regtype, conname)
  FROM pg_constraint WHERE contypid >= 16384
  UNION ALL SELECT format('COMMENT ON TRIGGER %I ON %s IS %L', tgname, tgrelid::regclass, tgname)
  FROM pg_trigger t WHERE NOT tgisinternal AND coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0'
  UNION ALL SELECT format('COMMENT ON %s %s IS %L', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
    WHEN 'c' THEN 'TYPE' WHEN 'S' THEN 'SEQUENCE' WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' ELSE 'TABLE' END,
    c.oid::regclass, relname)
  FROM pg_class c WHERE c.oid >= 16384 AND relkind <> 't' AND NOT (relkind IN ('i', 'I') AND relispartition)
    AND relnamespace <> 'pg_toast'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE relkind = 'S' AND d.objid = c.oid AND d.deptype IN ('a', 'i'))
  UNION ALL SELECT format('COMMENT ON COLUMN %s.%I IS %L', attrelid::regclass, attname, attname)
  FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
  WHERE c.oid >= 16384 AND attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'c') AND attislocal
    AND NOT relispartition
  UNION ALL SELECT format('COMMENT ON %s %s IS %L', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, oid::regtype,
    typname) FROM pg_type WHERE oid >= 16384 AND typtype IN ('e', 'd', 'r')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_type.oid AND d.deptype = 'e')
  UNION ALL SELECT format('COMMENT ON POLICY %I ON %s IS %L', polname, polrelid::regclass, polname) FROM pg_policy
  UNION ALL SELECT format('COMMENT ON SCHEMA %I IS %L', nspname, 's') FROM pg_namespace WHERE nspname !~ '^(pg_|info)'
LOOP EXECUTE statement; END LOOP; END $$)sql";
  go_there_and_back(everything, everything + comments, "");
  go_there_and_back("SELECT 1", everything + comments, "");
}

TEST_CASE(
    "PostgreSQL: entities say nothing of comments, and what their migration recreates keeps those that it finds") {
  const std::string by_hand =
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE TRIGGER g AFTER UPDATE OF stars ON note FOR EACH ROW EXECUTE FUNCTION f();"
      "CREATE VIEW v AS SELECT stars FROM note; CREATE DOMAIN d AS mood CONSTRAINT c CHECK (VALUE = 'glad');"
      // The definition of an object is that of the database for which the migration was generated, with its comments.
      "COMMENT ON CONSTRAINT c ON DOMAIN d IS 'c'; COMMENT ON DOMAIN d IS 'd'";
  const std::string comments =
      "COMMENT ON CONSTRAINT \"is glad\" ON note IS E'it''s \\\\'; COMMENT ON CONSTRAINT one ON note IS 'one';"
      "COMMENT ON INDEX one IS 'index'; COMMENT ON INDEX by_stars IS 'by'; COMMENT ON TRIGGER g ON note IS 'g';"
      "COMMENT ON TYPE mood IS 'moods'; COMMENT ON COLUMN v.stars IS 's'; ALTER VIEW v ALTER stars SET DEFAULT 3;"
      "COMMENT ON CONSTRAINT note_pk ON note "
      "IS 'k'";
  const auto commented_parts = [](const PostgresDatabase& database) {
    std::vector<std::string> statements = test::dumped_statements(database.url());
    std::erase_if(statements, [](const std::string& statement) {
      return statement.find("COMMENT ON ") == statement.npos && statement.find("DEFAULT 3") == statement.npos;
    });
    std::string text;
    for (const std::string& statement : statements) text += statement;
    return text;
  };
  fixture::Script first, second;
  {
    // The migrations are generated for a database without comments, and for one in which they are others.
    const PostgresDatabase database;
    first = fixture::generated("A1000000000001", {}, entities<before::Note>(), database.url());
    second = fixture::generated("B1000000000003", {first}, entities<after::Note>(), database.url(),
                                {by_hand, "COMMENT ON CONSTRAINT one ON note IS 'another'"});
  }
  const PostgresDatabase there;
  fixture::run_all(there, {first});
  const std::string key = there.query(
      "SELECT quote_ident(conname) FROM pg_constraint WHERE contype = 'p' "
      "AND conrelid = 'note'::regclass");
  there.query(by_hand);
  std::string given = comments;
  given.replace(given.find("note_pk"), 7, key);
  there.query(given);
  {
    session::Session session(DataSourceOptions{.url = there.url(), .entities = entities<before::Note>()});
    const change::SchemaChange nothing = change::generate(session);
    CHECK(nothing.empty());
    CHECK(std::none_of(nothing.unmanaged.begin(), nothing.unmanaged.end(),
                       [](const std::string& words) { return words.find("comment") != words.npos; }));
  }
  {
    session::Session session(DataSourceOptions{.url = there.url(), .entities = entities<after::Note>()});
    CHECK(change::verify(session, change::generate(session)).empty());
  }
  const std::string expected = commented_parts(there);
  REQUIRE(std::count(expected.begin(), expected.end(), ';') == 11);
  fixture::run_all(there, {first, second});
  CHECK(there.query("SELECT count(*) FROM pg_enum WHERE enumlabel = 'calm'") == "0");
  CHECK(commented_parts(there) == expected);
  fixture::revert(there, {first, second});
  CHECK(there.query("SELECT count(*) FROM pg_enum WHERE enumlabel = 'calm'") == "1");
  CHECK(commented_parts(there) == expected);
}

TEST_CASE("PostgreSQL: the comment on NOT NULL of a domain comes and goes with it") {
  WHIMBREL_SKIP_UNLESS(test::has_postgres(17), "NOT NULL of a domain as a constraint");
  const std::string comment = "; COMMENT ON CONSTRAINT d_not_null ON DOMAIN d IS 'never'";
  test::go_there_and_back("CREATE DOMAIN d AS int", "CREATE DOMAIN d AS int NOT NULL" + comment, "");
  test::go_there_and_back("CREATE DOMAIN d AS int NOT NULL", "CREATE DOMAIN d AS int NOT NULL" + comment, "");
}
