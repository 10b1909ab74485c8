#include <doctest/doctest.h>

#include "change/schema_source.h"
#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"

// The script between two schemas is run on a scratch copy before it is printed.

using namespace whimbrel;
using namespace whimbrel::change;
using fixture::PostgresDatabase;

namespace {

template <class Database>
SchemaSource read(const Database& database) {
  return read_database(whimbrel::detail::linked_drivers(), database.url());
}

std::vector<sql::Statement> statements(const std::vector<std::string>& texts) {
  std::vector<sql::Statement> result;
  for (const std::string& text : texts) result.push_back({text, {}});
  return result;
}

}  // namespace

TEST_CASE_OF_EACH_DATABASE("a script that does what it should leaves nothing behind") {
  const Database from, to;
  from.query("CREATE TABLE t (a integer); INSERT INTO t VALUES (1)");
  from.query("CREATE VIEW v AS SELECT a FROM t");
  to.query("CREATE TABLE t (a integer, b text)");
  const std::string tables = from.tables();
  CHECK(verify_whole(read(from), read(to), compare_whole(read(from), read(to), {}).script.up) == "");
  CHECK(verify_whole(read(to), read(from), compare_whole(read(from), read(to), {}).script.down) == "");
  CHECK(verify_whole(read(from), read(from), {}) == "");
  CHECK(from.tables() == tables);
  CHECK(from.query("SELECT a FROM t") == "1");
}

TEST_CASE_OF_EACH_DATABASE("a way back is verified from where the script leads") {
  const Database from, to;
  from.query("CREATE TABLE t (a integer)");
  to.query("CREATE TABLE t (a integer, b text)");
  const SchemaSource source = read(from);
  const sql::Script script = compare_whole(source, read(to), {}).script;
  CHECK(verify_way_back(source, script.up, script.down) == "");
  CHECK(verify_way_back(source, script.up, {}) == "");
  CHECK(verify_way_back(source, statements({"DROP TABLE missing"}), script.down)
            .starts_with("not verified: the script without --down fails on a scratch copy without rows: "));
  CHECK(verify_way_back(source, script.up, statements({"CREATE TABLE u (a integer)"}))
            .find("the script leaves differences from the first schema:") != std::string::npos);
  const Error failed = fixture::error_of(
      [&] { static_cast<void>(verify_way_back(source, script.up, statements({"DROP TABLE missing"}))); });
  CHECK(failed.kind() == ErrorKind::unsafe);
  CHECK(failed.statement() == "DROP TABLE missing");
}

TEST_CASE("PostgreSQL: a way back is verified with the publications and the order of columns that the script keeps") {
  const auto check = [](const std::string& first, const std::string& second) {
    CAPTURE(first);
    const PostgresDatabase from, to;
    from.query(first);
    to.query(second);
    const SchemaSource source = read(from);
    const sql::Script script = compare_whole(source, read(to), {}).script;
    CHECK(verify_way_back(source, script.up, script.down) == "");
  };
  check("CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t" +
            std::string(test::has_postgres(15) ? " WHERE (id > 0)" : ""),
        "CREATE TABLE t (id bigint PRIMARY KEY)");
  check("CREATE TABLE t (e text, id int); CREATE VIEW v AS SELECT x.p, x.q FROM t x(q, p)",
        "CREATE TABLE t (id int, e text); CREATE VIEW v AS SELECT id AS p FROM t");
}

TEST_CASE_OF_EACH_DATABASE("a script that fails is refused, and one that does not do all is told") {
  const Database from, to;
  from.query("CREATE TABLE t (a integer)");
  to.query("CREATE TABLE t (a integer, b text)");
  const auto error = [&](const std::vector<std::string>& texts) {
    return fixture::error_of([&] { static_cast<void>(verify_whole(read(from), read(to), statements(texts))); });
  };
  const Error failed = error({"CREATE TABLE u (a integer)", "ALTER TABLE missing ADD b text"});
  CHECK(failed.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(failed, "The script is not printed, because it fails on a scratch copy"));
  CHECK(failed.statement() == "ALTER TABLE missing ADD b text");
  CHECK(failed.remedy().find("--no-verify") != std::string::npos);
  const std::string note = verify_whole(read(from), read(to), statements({"CREATE TABLE u (a integer)"}));
  CHECK(note.find("the script leaves differences from the second schema:") != std::string::npos);
  CHECK(note.find("add column \"b\"") != std::string::npos);
  CHECK(from.query("SELECT count(*) FROM t") == "0");
}

TEST_CASE("SQLite: a view or a trigger that stays and means something else after the script is told") {
  const auto note = [](const std::string& first, const std::string& second) {
    const fixture::Database from, to;
    from.query(first);
    to.query(second);
    return verify_whole(read(from), read(to), compare_whole(read(from), read(to), {}).script.up);
  };
  const std::string tables = "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE o (z text";
  const std::string view = "); CREATE VIEW v AS SELECT id FROM t WHERE EXISTS (SELECT 1 FROM o WHERE z = a)";
  CHECK(note(tables + view, tables + ", a text" + view) ==
        "a migration that makes this change would be refused: This would change the meaning of view \"v\": \"a\" in it "
        "would be the new column of \"o\".");
  CHECK(note(tables + view, tables + ", b text" + view).empty());
  const std::string trigger =
      "); CREATE TRIGGER g AFTER INSERT ON o BEGIN DELETE FROM t WHERE a IN (SELECT a FROM o); END";
  CHECK(note(tables + ", a text" + trigger, tables + trigger).find("the meaning of trigger \"g\"") !=
        std::string::npos);
}

TEST_CASE("PostgreSQL: without a role that can reach nothing else, no code of a schema is run") {
  test::postgres_server().run("CREATE ROLE may_create LOGIN CREATEDB");
  const PostgresDatabase to;
  SchemaSource from = read(to);
  from.scratch_url = test::postgres_server().url_as("may_create", "postgres");
  const std::string why = verify_whole(from, read(to), statements({"SELECT 1"}));
  CHECK(why.find("would run with the privileges of a role that can reach outside it") != std::string::npos);
  test::postgres_server().run("DROP ROLE may_create");
}

TEST_CASE("PostgreSQL: what the scratch database cannot have is said, and the script printed") {
  test::postgres_server().run("CREATE ROLE may_nothing LOGIN");
  const PostgresDatabase to;
  SchemaSource from = read(to);
  from.scratch_url = test::postgres_server().url_as("may_nothing", "postgres");
  CHECK(verify_whole(from, read(to), statements({"SELECT 1"}))
            .starts_with("not verified: a scratch copy of the first schema"));
  test::postgres_server().run("DROP ROLE may_nothing");
}

TEST_CASE("PostgreSQL: a statement that needs more privileges than the scratch copy has is not a failure") {
  const PostgresDatabase from, to;
  to.query("CREATE FUNCTION f() RETURNS int LANGUAGE internal IMMUTABLE AS 'pg_backend_pid'");
  const std::string note = verify_whole(read(from), read(to), compare_whole(read(from), read(to), {}).script.up);
  CHECK(note.starts_with(
      "not verified: a role that can reach nothing but the scratch copy may not run a statement: permission denied"));
}

TEST_CASE("SQLite: a function that only a program has is no failure") {
  const fixture::Database from, to;
  from.query("CREATE TABLE s (a integer)");
  to.query("CREATE TABLE s (a integer); CREATE TABLE t (a integer)");
  const std::vector<sql::Statement> script =
      statements({"CREATE TABLE t (a integer)", "CREATE INDEX i ON t (only_of_a_program(a))", "DROP INDEX i"});
  CHECK(verify_whole(read(from), read(to), script) == "");
}

namespace {

/// Makes a schema the default one of all sessions that begin later.
std::string with_path(const std::string& path) {
  return "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = " + path + "', current_database()); END$$;";
}

}  // namespace

TEST_CASE("PostgreSQL: two databases whose default schemas differ are not compared") {
  const std::string schema = "CREATE SCHEMA app; CREATE TABLE app.t (a int);";
  const PostgresDatabase from, to;
  from.query(schema + with_path("app, public"));
  to.query(schema);
  const Error error = fixture::error_of([&] { static_cast<void>(compare_whole(read(from), read(to), {})); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(fixture::mentions(error, "\"app\" of the first, and \"public\" of the second"));
  CHECK(
      error.remedy().find("Add options=-csearch_path%3Dpublic to the first URL, or options=-csearch_path%3Dapp to the "
                          "second.") != std::string::npos);
}

TEST_CASE("PostgreSQL: the way to the same default schema that an error names is one") {
  const std::string name = R"(An "odd" na\me)";
  const std::string schema = R"(CREATE SCHEMA "An ""odd"" na\me"; CREATE TABLE "An ""odd"" na\me".t (a int);)";
  const PostgresDatabase from, to;
  from.query(schema);
  to.query(schema + "CREATE TABLE public.u (a int);" + with_path(R"("An ""odd"" na\me")"));
  const Error error = fixture::error_of([&] { static_cast<void>(compare_whole(read(from), read(to), {})); });
  CHECK(fixture::mentions(error, "\"" + name + "\" of the second"));
  const auto& drivers = whimbrel::detail::linked_drivers();
  std::string parameter(error.remedy());
  parameter.erase(0, parameter.find("options="));
  parameter.erase(parameter.find(' '));
  const SchemaSource changed =
      read_database(drivers, from.url() + (from.url().find('?') == std::string::npos ? '?' : '&') + parameter);
  CHECK(changed.dialect->default_schema(*changed.connection) == name);
  CHECK(compare_whole(changed, read(to), {}).script.up.size() == 1);
}

TEST_CASE("PostgreSQL: a script is verified whatever the default schema is") {
  for (const std::string path : {"app", "app, public", "\"Odd name\"", "''''"}) {
    CAPTURE(path);
    const std::string schema =
        "CREATE SCHEMA app; CREATE SCHEMA \"Odd name\"; CREATE TABLE public.x (a int); CREATE TABLE app.t (a int); "
        "CREATE TABLE \"Odd name\".u (a int);" +
        with_path(path);
    const PostgresDatabase from, to;
    from.query(schema);
    to.query(schema +
             "ALTER TABLE app.t ADD b int; ALTER TABLE public.x ADD b int; CREATE VIEW app.v AS SELECT b FROM "
             "public.x; ALTER TABLE \"Odd name\".u ADD b int");
    const SchemaSource one = read(from), other = read(to);
    const SchemaChange change = compare_whole(one, other, {});
    CHECK(verify_whole(one, other, change.script.up) == "");
    CHECK(verify_whole(other, one, change.script.down) == "");
  }
}

TEST_CASE("PostgreSQL: a script is verified without the schema public") {
  if (!test::has_postgres(15)) return;  // It belongs to another role in older ones.
  const std::string schema = "CREATE SCHEMA app; CREATE TABLE app.t (a int); DROP SCHEMA public;" + with_path("app");
  const PostgresDatabase from, to;
  from.query(schema);
  to.query(schema + "ALTER TABLE app.t ADD b int");
  CHECK(verify_whole(read(from), read(to), compare_whole(read(from), read(to), {}).script.up) == "");
}
