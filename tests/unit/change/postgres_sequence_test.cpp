#include "change/generate.h"
#include "support/version.h"
#include "unit/change/there_and_back.h"
#include "whimbrel/entity.h"
#include "whimbrel/postgres.h"

// A sequence that exists before and after a change is altered in place: with its position, privileges and owner.

using namespace whimbrel;
using fixture::PostgresDatabase;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string text_of(const std::vector<sql::Statement>& statements) {
  std::string text;
  for (const sql::Statement& statement : statements) text += statement.sql + ";\n";
  return text;
}

/// Where the sequences stand, and for whom.
std::string positions(const PostgresDatabase& database) {
  return database.query(
      "SELECT s.last_value, c.relacl FROM pg_sequences s JOIN pg_class c ON c.relname = s.sequencename "
      "ORDER BY s.last_value");
}

/// Makes the first schema the second and again the first; no sequence is made or dropped on the way.
void alter_in_place(const std::string& from, const std::string& to, const std::string& rows,
                    const diff::Answers& answers = {}) {
  test::go_there_and_back(from, to, rows, answers);
  CAPTURE(from);
  CAPTURE(to);
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(from);
  there.query(rows);
  wanted.query(to);
  const change::SchemaChange change = test::compare(there, wanted, answers);
  for (const auto* statements : {&change.script.up, &change.script.down}) {
    const std::string script = text_of(*statements);
    CAPTURE(script);
    CHECK_FALSE(has(script, "CREATE SEQUENCE"));
    CHECK_FALSE(has(script, "DROP SEQUENCE"));
    CHECK_FALSE(has(script, "DROP IDENTITY"));
  }
  for (const auto* losses : {&change.losses, &change.down_losses}) {
    for (const std::string& loss : *losses) CHECK_FALSE((has(loss, "sequence") || has(loss, "auto-increment")));
  }
  const std::string before = positions(there);
  test::run_all(there, change.script.up);
  CHECK(positions(there) == before);
  CHECK(test::compare(there, wanted, {}).script.up.empty());
  test::run_all(there, change.script.down);
  CHECK(positions(there) == before);
}

diff::Answers renaming(std::vector<diff::Answers::TableRename> renames) {
  diff::Answers answers;
  answers.table_renames = std::move(renames);
  return answers;
}

struct Ticket {
  std::int32_t id{};
  std::string title;
  static void describe(Entity<Ticket>& ticket) {
    ticket.primary_generated<&Ticket::id>();
    ticket.column<&Ticket::title>();
  }
};

namespace larger {
struct Ticket {
  std::int64_t id{};
  std::string title;
  static void describe(Entity<Ticket>& ticket) {
    ticket.primary_generated<&Ticket::id>();
    ticket.column<&Ticket::title>();
  }
};
}  // namespace larger

change::SchemaChange generated(const std::string& url, Entities described) {
  DataSourceOptions options;
  options.url = url;
  options.entities = described;
  session::Session session(options);
  change::SchemaChange change = change::generate(session, {});
  CHECK(change::verify(session, change).empty());
  return change;
}

}  // namespace

TEST_CASE("PostgreSQL: every property of a free sequence changes in place") {
  const std::string users =
      "; GRANT USAGE ON \"Odd's\" TO pg_monitor; CREATE TABLE t (a int, b bigint DEFAULT nextval('\"Odd''s\"'))";
  alter_in_place("CREATE SEQUENCE \"Odd's\" AS smallint MAXVALUE 900 CYCLE" + users,
                 "CREATE SEQUENCE \"Odd's\" INCREMENT 3 CACHE 4 MINVALUE -7 START 1 MAXVALUE 99999999999;"
                 "COMMENT ON SEQUENCE \"Odd's\" IS 'it''s odd'" +
                     users,
                 "INSERT INTO t(a) VALUES (1), (2)");
  alter_in_place("CREATE SEQUENCE \"Odd's\" INCREMENT -1 MINVALUE -500" + users,
                 "CREATE SEQUENCE \"Odd's\" AS integer INCREMENT -2" + users, "INSERT INTO t(a) VALUES (1), (2)");
}

TEST_CASE("PostgreSQL: a bound that is the limit of the old type stays when it is not that of the new one") {
  alter_in_place("CREATE SEQUENCE s AS integer", "CREATE SEQUENCE s MAXVALUE 2147483647", "SELECT nextval('s')");
  alter_in_place("CREATE SEQUENCE s AS integer MAXVALUE 32767", "CREATE SEQUENCE s AS smallint", "SELECT nextval('s')");
}

TEST_CASE("PostgreSQL: a sequence that generated nothing yet begins at its new start") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query("CREATE SEQUENCE fresh; CREATE SEQUENCE used; SELECT setval('used', 160)");
  wanted.query("CREATE SEQUENCE fresh MINVALUE 100; CREATE SEQUENCE used MINVALUE 100");
  test::run_all(there, test::compare(there, wanted, {}).script.up);
  CHECK(there.query("SELECT nextval('fresh'), nextval('used')") == "100|161");
}

TEST_CASE("PostgreSQL: a sequence that stands outside of new bounds continues at the first number, or is used up") {
  const auto next_after = [](const std::string& from, const std::string& to, const std::string& position) {
    const PostgresDatabase there;
    const PostgresDatabase wanted;
    there.query(from + "; SELECT setval('t_a_seq', " + position + ")");
    wanted.query(to);
    const change::SchemaChange change = test::compare(there, wanted, {});
    test::run_all(there, change.script.up);
    CHECK(test::compare(there, wanted, {}).script.up.empty());
    const std::string next = there.query(
        "CREATE FUNCTION n() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN "
        "nextval('t_a_seq'); EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END $$;"
        "SELECT n()");
    there.query("DROP FUNCTION n()");
    test::run_all(there, change.script.down);
    CHECK(test::compare(wanted, there, {}).operations.size() == change.operations.size());
    return next;
  };
  const std::string used_up = "2200H";
  for (const std::string column : {"a serial", "a int GENERATED ALWAYS AS IDENTITY"}) {
    const std::string from = "CREATE TABLE t (" + column + ")";
    const auto with = [&](const std::string& options) { return from + "; ALTER SEQUENCE t_a_seq " + options; };
    CHECK(next_after(from, with("MINVALUE 100 START 100 RESTART"), "7") == "100");
    CHECK(next_after(from, with("MINVALUE 100 START 100 RESTART"), "100") == "101");
    CHECK(next_after(from, with("MINVALUE 100 START 100 RESTART"), "1, false") == "100");
    CHECK(next_after(from, with("MAXVALUE 10"), "7") == "8");
    CHECK(next_after(from, with("MAXVALUE 10"), "50") == used_up);
    CHECK(next_after(from, with("MAXVALUE 10 CYCLE"), "50") == "1");
    CHECK(next_after(from, with("INCREMENT -1 MINVALUE -9 MAXVALUE -1 START -1 RESTART"), "50") == "-1");
    CHECK(next_after(with("INCREMENT -1 MINVALUE -9 MAXVALUE -1 START -1 RESTART"), from, "-5") == "1");
    CHECK(next_after(with("INCREMENT -1 MINVALUE -9 MAXVALUE -1 START -1 RESTART"),
                     with("INCREMENT -1 MINVALUE -3 MAXVALUE -1 START -1 RESTART"), "-5") == used_up);
  }
  CHECK(next_after("CREATE TABLE t (a serial)", "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (MAXVALUE 10))",
                   "50") == used_up);
  CHECK(next_after("CREATE TABLE t (a int); CREATE SEQUENCE t_a_seq",
                   "CREATE TABLE t (a int); CREATE SEQUENCE t_a_seq AS smallint", "50000") == used_up);
}

TEST_CASE("PostgreSQL: a sequence is given to a column, to another one, and set free") {
  const std::string base = "CREATE SEQUENCE s; CREATE TABLE t (a int, b int); CREATE TABLE u (a int)";
  const std::vector<std::string> forms = {
      base,
      base + "; ALTER SEQUENCE s OWNED BY t.a",
      base + "; ALTER SEQUENCE s OWNED BY u.a",
      base + "; ALTER TABLE t ALTER a SET DEFAULT nextval('s')",
      base + "; ALTER TABLE t ALTER a SET DEFAULT nextval('s'); ALTER SEQUENCE s OWNED BY t.a",
      base + "; ALTER TABLE t ALTER a SET DEFAULT nextval('s'); ALTER SEQUENCE s OWNED BY t.b",
      base + "; ALTER TABLE u ALTER a SET DEFAULT nextval('s'); ALTER SEQUENCE s OWNED BY u.a",
      base +
          "; ALTER TABLE t ALTER a SET DEFAULT nextval('s'), ALTER b SET DEFAULT nextval('s');"
          "ALTER SEQUENCE s OWNED BY t.a AS smallint INCREMENT 2"};
  for (std::size_t i = 0; i < forms.size(); ++i) {
    alter_in_place(forms[i], forms[(i + 1) % forms.size()], "SELECT setval('s', 41)");
    alter_in_place(forms[i], forms[(i + 3) % forms.size()], "SELECT setval('s', 41)");
  }
}

TEST_CASE("PostgreSQL: a sequence stays when its column or table goes") {
  alter_in_place("CREATE TABLE t (b int, a serial); CREATE TABLE u (a serial)",
                 "CREATE TABLE t (b int); CREATE SEQUENCE t_a_seq AS integer; CREATE SEQUENCE u_a_seq AS integer;"
                 "ALTER TABLE t ALTER b SET DEFAULT nextval('u_a_seq'); ALTER SEQUENCE t_a_seq OWNED BY t.b",
                 "SELECT setval('t_a_seq', 7), setval('u_a_seq', 8)");
}

TEST_CASE("PostgreSQL: a serial column takes its sequence along to another type and other properties") {
  alter_in_place("CREATE TABLE t (a smallserial); ALTER SEQUENCE t_a_seq MAXVALUE 90 CYCLE",
                 "CREATE TABLE t (a bigserial); ALTER SEQUENCE t_a_seq INCREMENT 5 CACHE 3 NO CYCLE",
                 "INSERT INTO t DEFAULT VALUES");
}

TEST_CASE("PostgreSQL: an identity changes its sequence in place, whichever type is the wider one") {
  const std::string narrow = "CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY";
  const std::string wide = "CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY";
  const std::string rows = "INSERT INTO t DEFAULT VALUES";
  alter_in_place(narrow + ")", wide + ")", rows);
  alter_in_place(narrow + "(MINVALUE -3 START 1 CYCLE))", wide + "(MAXVALUE 99999999999 INCREMENT 2))", rows);
  alter_in_place(narrow + "(SEQUENCE NAME own CACHE 2))", wide + "(SEQUENCE NAME other MINVALUE -99999999999 START 1))",
                 "SELECT 1");
}

TEST_CASE("PostgreSQL: sequences get the wanted names after a rename of their table or column") {
  const std::string tables = "(id serial, n int GENERATED ALWAYS AS IDENTITY, other int)";
  alter_in_place("CREATE TABLE one " + tables, "CREATE TABLE two " + tables, "INSERT INTO one DEFAULT VALUES",
                 renaming({{"one", "two"}}));
  alter_in_place("CREATE TABLE one " + tables + "; CREATE TABLE two " + tables,
                 "CREATE TABLE one " + tables + "; CREATE TABLE two " + tables,
                 "INSERT INTO one DEFAULT VALUES; INSERT INTO one DEFAULT VALUES; INSERT INTO two DEFAULT VALUES",
                 renaming({{"one", "two"}, {"two", "one"}}));
}

TEST_CASE("PostgreSQL: a table's sequence changes its role in the change that renames the table") {
  alter_in_place("CREATE TABLE one (id serial, n int)",
                 "CREATE TABLE two (id int NOT NULL, n int); CREATE SEQUENCE one_id_seq AS integer OWNED BY two.id;"
                 "ALTER TABLE two ALTER n SET DEFAULT nextval('one_id_seq')",
                 "INSERT INTO one DEFAULT VALUES", renaming({{"one", "two"}}));
}

TEST_CASE("PostgreSQL: tables are made with sequences that have other names and properties than usual") {
  test::go_there_and_back(
      "CREATE SCHEMA s",
      "CREATE SCHEMA s;"
      "CREATE TABLE s.t (a serial, b int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s.\"Other\" CACHE 2), c int,"
      " d int DEFAULT 0); ALTER SEQUENCE s.t_a_seq RENAME TO first;"
      "ALTER TABLE s.t ALTER c SET DEFAULT nextval('s.first');"
      "CREATE SEQUENCE own AS smallint; ALTER TABLE s.t ALTER d SET DEFAULT nextval('own');"
      "CREATE UNLOGGED TABLE u (a serial, b bigserial); ALTER SEQUENCE u_b_seq CACHE 4;",
      "SELECT 1");
}

TEST_CASE("PostgreSQL: sequences become unlogged with their table") {
  const std::string table =
      "TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY, c bigserial); ALTER SEQUENCE t_c_seq CACHE 4;";
  test::go_there_and_back("CREATE " + table, "CREATE UNLOGGED " + table, "INSERT INTO t DEFAULT VALUES");
}

TEST_CASE("PostgreSQL: a generated key of an entity uses the sequence that its column already owns") {
  const std::string url = test::fresh_database();
  const PostgresDatabase plain;
  const auto connection = postgres::driver().open({.url = url});
  for (const char* const statement :
       {"CREATE TABLE ticket (id bigserial PRIMARY KEY, title varchar NOT NULL)",
        "ALTER TABLE ticket ALTER id DROP DEFAULT, ALTER id TYPE integer", "INSERT INTO ticket VALUES (7, 'a')",
        "SELECT setval('ticket_id_seq', 20)", "GRANT USAGE ON ticket_id_seq TO pg_monitor"}) {
    connection->run(statement);
  }
  const std::vector<std::string> before = test::dumped_statements(url);
  const change::SchemaChange change = generated(url, entities<Ticket>());
  for (const sql::Statement& statement : change.script.up) connection->run(statement.sql);
  CHECK(connection->run("INSERT INTO ticket(title) VALUES ('b') RETURNING id").values.at(0).at(0) == Value(21));
  CHECK(generated(url, entities<Ticket>()).script.up.empty());
  for (const sql::Statement& statement : change.script.down) connection->run(statement.sql);
  CHECK(test::dumped_statements(url) == before);
}

TEST_CASE("PostgreSQL: the type of a generated key changes with its sequence, whatever that is called") {
  const std::string url = test::fresh_database();
  const auto connection = postgres::driver().open({.url = url});
  for (const char* const statement : {"CREATE TABLE issue (id serial PRIMARY KEY, title varchar NOT NULL)",
                                      "ALTER SEQUENCE issue_id_seq MAXVALUE 5000", "ALTER TABLE issue RENAME TO ticket",
                                      "INSERT INTO ticket(title) VALUES ('a')"}) {
    connection->run(statement);
  }
  const std::vector<std::string> before = test::dumped_statements(url);
  const change::SchemaChange change = generated(url, entities<larger::Ticket>());
  for (const sql::Statement& statement : change.script.up) connection->run(statement.sql);
  CHECK(generated(url, entities<larger::Ticket>()).script.up.empty());
  CHECK(connection->run("INSERT INTO ticket(title) VALUES ('b') RETURNING id").values.at(0).at(0) == Value(2));
  for (const sql::Statement& statement : change.script.down) connection->run(statement.sql);
  CHECK(test::dumped_statements(url) == before);
}

TEST_CASE("PostgreSQL: a key that becomes an identity or serial counts on from its own sequence, not from another") {
  WHIMBREL_SKIP_UNLESS(test::has_postgres(13), "a column with an identity and sequences of its own");
  const std::string others = "; CREATE SEQUENCE s OWNED BY t.id; CREATE SEQUENCE z OWNED BY t.id";
  const std::string serial = "CREATE TABLE t (id serial, b int)" + others;
  const std::string identity = "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b int)" + others;
  for (const auto& [from, to] : {std::pair(serial, identity), std::pair(identity, serial)}) {
    test::go_there_and_back(from, to, "INSERT INTO t (b) VALUES (1)");
    const PostgresDatabase there;
    const PostgresDatabase wanted;
    there.query(from);
    wanted.query(to);
    there.query(
        "SELECT setval('s', 40), setval('z', 50); INSERT INTO t (b) VALUES (1), (2); DELETE FROM t WHERE b = 2");
    const change::SchemaChange change = test::compare(there, wanted, {});
    test::run_all(there, change.script.up);
    CHECK(there.query("INSERT INTO t (b) VALUES (3) RETURNING id, currval('t_id_seq')") == "3|3");
    test::run_all(there, change.script.down);
    CHECK(there.query("INSERT INTO t (b) VALUES (4) RETURNING id, currval('t_id_seq')") == "4|4");
    CHECK(there.query("SELECT s.last_value, z.last_value FROM s, z") == "40|50");
  }
}

TEST_CASE("PostgreSQL: a sequence that was set, but has generated nothing, keeps its position") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query("CREATE SEQUENCE s; CREATE TABLE t (id serial, b int)");
  wanted.query("CREATE SEQUENCE s START 2; CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b int)");
  there.query("SELECT setval('s', 1000, false), setval('t_id_seq', 500, false)");
  test::run_all(there, test::compare(there, wanted, {}).script.up);
  CHECK(there.query("SELECT nextval('s')") == "1000");
  CHECK(there.query("INSERT INTO t (b) VALUES (1) RETURNING id") == "500");
}

TEST_CASE("PostgreSQL: a key becomes an identity, or serial, although defaults of other columns use its sequence") {
  const std::string columns = "d int DEFAULT 1, e int); CREATE TABLE u (id int, d bigint DEFAULT 1);";
  const std::string serial = "CREATE TABLE t (c serial, " + columns;
  const std::string identity = "CREATE TABLE t (c int GENERATED BY DEFAULT AS IDENTITY, " + columns;
  const std::string used =
      "ALTER TABLE t ALTER d SET DEFAULT nextval('t_c_seq'); ALTER TABLE u ALTER d SET DEFAULT nextval('t_c_seq') + 1;";
  const std::string rows = "INSERT INTO t DEFAULT VALUES; INSERT INTO u VALUES (1)";
  for (const auto& [before, after] :
       {std::pair(used, used), std::pair(used, std::string()), std::pair(std::string(), used)}) {
    test::go_there_and_back(serial + before, identity + after, rows);
    test::go_there_and_back(identity + before, serial + after, rows);
  }
  test::go_there_and_back(serial + used, identity + used + "ALTER TABLE u ALTER d TYPE int, ALTER d SET NOT NULL;",
                          rows);
  for (const std::string user : {"CREATE VIEW v AS SELECT last_value FROM t_c_seq",
                                 "ALTER TABLE u ADD CONSTRAINT v CHECK (id < nextval('t_c_seq'))"}) {
    const std::string text = test::refusal_of(serial + user, identity + user);
    CHECK(has(text, "Column \"c\" of \"t\" would get another sequence, because it becomes an identity, and "));
    CHECK(has(text, " \"v\""));
    CHECK(has(text, " uses its sequence \"t_c_seq\"."));
  }
}

TEST_CASE("PostgreSQL: a note says that narrower bounds move the position of a sequence, which does not come back") {
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query("CREATE SEQUENCE s; SELECT setval('s', 100)");
  wanted.query("CREATE SEQUENCE s MAXVALUE 50");
  const change::SchemaChange change = test::compare(there, wanted, {});
  REQUIRE(change.notes.size() == 1);
  CHECK(change.notes[0] ==
        "moves the position of sequence \"s\" into its new bounds, 1 to 50, if it is outside of them");
  REQUIRE(change.down_notes.size() == 1);
  CHECK(change.down_notes[0] ==
        "does not restore the position of sequence \"s\" if narrower bounds moved it: it can generate numbers again "
        "that it generated before");
  const change::SchemaChange back = test::compare(wanted, there, {});
  CHECK(back.notes.empty());
  REQUIRE(back.down_notes.size() == 1);
  CHECK(back.down_notes[0].starts_with("moves the position of sequence \"s\" into its new bounds"));
}
