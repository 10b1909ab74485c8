#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"
#include "support/version.h"
#include "temporary_directory.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using dialect::Connection;
using dialect::SafetyGuard;
using dialect::sqlite::make_guard;

namespace {

constexpr std::string_view users_and_posts =
    "CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL);"
    "CREATE TABLE \"post\" (\"id\" integer PRIMARY KEY, \"author_id\" integer NOT NULL REFERENCES \"USER\"(\"id\") ON "
    "DELETE CASCADE);"
    "CREATE VIEW \"authors\" AS SELECT \"id\" FROM \"user\";"
    "CREATE TRIGGER \"forget\" AFTER DELETE ON \"post\" BEGIN DELETE FROM \"user\" WHERE \"id\" = OLD.\"author_id\"; "
    "END;"
    "INSERT INTO \"user\" VALUES (1), (2), (9);"
    "DELETE FROM \"user\" WHERE \"id\" = 9;"
    "INSERT INTO \"post\" VALUES (1, 1), (2, 2), (3, 2);";

constexpr std::string_view rebuild_up =
    "CREATE TABLE \"temporary_user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \"email\" varchar);"
    "INSERT INTO \"temporary_user\"(\"id\") SELECT \"id\" FROM \"user\";"
    "DROP TABLE \"user\";"
    "ALTER TABLE \"temporary_user\" RENAME TO \"user\"";

constexpr std::string_view rebuild_down =
    "ALTER TABLE \"user\" RENAME TO \"temporary_user\";"
    "CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL);"
    "INSERT INTO \"user\"(\"id\") SELECT \"id\" FROM \"temporary_user\";"
    "DROP TABLE \"temporary_user\"";

/// A database on disk.
struct Database {
  TemporaryDirectory directory;
  std::unique_ptr<Connection> connection = open("sqlite:" + directory.file("app.db"));

  explicit Database(std::string_view schema = users_and_posts) { connection->run(schema); }
  Connection& operator*() const { return *connection; }
  Connection* operator->() const { return connection.get(); }
};

std::string schema(Connection& connection) {
  std::string result;
  for (const auto& row :
       connection.run("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name").values) {
    result += row.at(0).text() + '\n';
  }
  return result;
}

/// Runs statements as the runner runs a migration, in a transaction or without one.
void migrate(Connection& connection, std::string_view sql, bool in_transaction = true) {
  const auto guard = make_guard(connection);
  if (in_transaction) connection.run("BEGIN IMMEDIATE");
  guard->run(sql, nullptr);
  guard->before_commit();
  if (in_transaction) connection.run("COMMIT");
  guard->finish();
}

void check_settings_are_back(Connection& connection) {
  CHECK_FALSE(connection.is_transaction_active());
  CHECK(number(connection, "PRAGMA foreign_keys") == 1);
  CHECK(number(connection, "PRAGMA legacy_alter_table") == 0);
}

/// Passes on to a connection, but for one statement that does nothing, and one that has this answer.
class Deaf final : public Connection {
 public:
  Deaf(Connection& connection, std::string ignored) : connection_(connection), ignored_(std::move(ignored)) {}
  Rows::Data run(std::string_view sql) override {
    if (sql == ignored_) return {};
    if (sql == question_) return {{"answer"}, {{answer_}}};
    return connection_.run(sql);
  }
  Rows::Data run(std::string_view sql, const std::vector<Value>& parameters) override {
    return connection_.run(sql, parameters);
  }
  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters,
                 dialect::StatementObserver& observer) override {
    return connection_.run(sql, parameters, observer);
  }
  bool is_transaction_active() const override { return connection_.is_transaction_active(); }
  void interrupt() noexcept override { connection_.interrupt(); }
  dialect::ServerFacts server() const override { return connection_.server(); }
  std::string description() const override { return connection_.description(); }
  std::unique_ptr<Connection> open_scratch() const override { return connection_.open_scratch(); }

  void listen() { ignored_.clear(); }
  void answer(std::string question, Value answer) {
    question_ = std::move(question);
    answer_ = std::move(answer);
  }

 private:
  Connection& connection_;
  std::string ignored_;
  std::string question_;
  Value answer_;
};

}  // namespace

TEST_CASE("without a guard a rebuild deletes the rows that refer to the table, also in a transaction") {
  for (const std::string_view begin : {"", "BEGIN;", "BEGIN; PRAGMA foreign_keys = OFF;"}) {
    CAPTURE(begin);
    const Database database;
    CHECK_THROWS_AS(database->run(std::string(begin) + std::string(rebuild_up)), Error);  // The view stands in the way.
    CHECK(number(*database, "SELECT count(*) FROM post") == 0);
  }
}

TEST_CASE("with a guard a rebuild upwards and downwards keeps every row, view, trigger and key") {
  for (const bool in_transaction : {true, false}) {
    CAPTURE(in_transaction);
    const Database database;
    const std::string before = schema(*database);
    migrate(*database, rebuild_up, in_transaction);
    CHECK(schema(*database) != before);
    CHECK(number(*database, "SELECT count(*) FROM post") == 3);
    CHECK(number(*database, "SELECT count(*) FROM authors") == 2);
    check_settings_are_back(*database);

    migrate(*database, rebuild_down, in_transaction);
    CHECK(schema(*database) == before);
    CHECK(number(*database, "SELECT count(*) FROM post") == 3);
    CHECK(number(*database, "SELECT count(*) FROM authors") == 2);
    check_settings_are_back(*database);
    database->run("DELETE FROM \"user\" WHERE id = 2");
    CHECK(number(*database, "SELECT count(*) FROM post") == 1);
  }
}

TEST_CASE("the mark of the last AUTOINCREMENT key goes with a rebuild, upwards and downwards") {
  const Database database;
  for (const std::string_view rebuild : {rebuild_up, rebuild_down}) {
    migrate(*database, rebuild);
    CHECK(number(*database, "SELECT seq FROM sqlite_sequence WHERE name = 'user'") == 9);
    CHECK(number(*database, "SELECT count(*) FROM sqlite_sequence") == 1);
  }
  database->run("INSERT INTO \"user\" DEFAULT VALUES");
  CHECK(number(*database, "SELECT max(id) FROM \"user\"") == 10);
}

TEST_CASE("the mark of an empty table goes with its rebuild") {
  const Database database;
  database->run("PRAGMA foreign_keys = OFF; DELETE FROM post; DELETE FROM \"user\"; PRAGMA foreign_keys = ON");
  migrate(*database, rebuild_up);
  CHECK(number(*database, "SELECT seq FROM sqlite_sequence WHERE name = 'user'") == 9);
}

TEST_CASE("a rebuild that takes AUTOINCREMENT away or brings it is none of the mark's business") {
  const Database database("CREATE TABLE a(id integer PRIMARY KEY AUTOINCREMENT, x); INSERT INTO a VALUES (5, 1)");
  migrate(*database,
          "CREATE TABLE temporary_a(id integer PRIMARY KEY, x); INSERT INTO temporary_a SELECT * FROM a; DROP TABLE a;"
          "ALTER TABLE temporary_a RENAME TO a");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_sequence") == 0);
  migrate(*database,
          "CREATE TABLE temporary_a(id integer PRIMARY KEY AUTOINCREMENT, x); INSERT INTO temporary_a SELECT * FROM a;"
          "DROP TABLE a; ALTER TABLE temporary_a RENAME TO a");
  CHECK(number(*database, "SELECT seq FROM sqlite_sequence WHERE name = 'a'") == 5);
}

TEST_CASE("a table is not dropped when its copy has not all of its rows") {
  for (const bool in_transaction : {true, false}) {
    CAPTURE(in_transaction);
    const Database database;
    const auto error = error_of([&] {
      migrate(*database,
              "CREATE TABLE \"Temporary_User\" (\"id\" integer PRIMARY KEY);"
              "INSERT INTO \"temporary_user\" SELECT \"id\" FROM \"user\" WHERE \"id\" > 1;"
              "DROP TABLE \"user\";",
              in_transaction);
    });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(contains(error->what(), "has 2 rows, and its copy \"Temporary_User\" has 1"));
    CHECK(contains(error->remedy(), "copy every row"));
    CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
    CHECK(number(*database, "SELECT count(*) FROM post") == 3);
    CHECK(number(*database, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'temp%'") == (in_transaction ? 0 : 1));
    check_settings_are_back(*database);
  }
}

TEST_CASE("downwards the renamed table is not dropped when the new one has not all of its rows") {
  const Database database;
  const auto error = error_of([&] {
    migrate(*database,
            "ALTER TABLE \"user\" RENAME TO \"temporary_user\"; CREATE TABLE \"user\" (\"id\" integer PRIMARY KEY);"
            "DROP TABLE \"temporary_user\"");
  });
  REQUIRE(error);
  CHECK(contains(error->what(), "\"temporary_user\" was not dropped: it has 2 rows, and its copy \"user\" has 0"));
  CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
}

TEST_CASE("rows that go from a referring table when a rebuilt table is dropped are noticed, and come back") {
  const Database database(
      "CREATE TABLE parent(id integer PRIMARY KEY); CREATE TABLE child(parent_id REFERENCES Parent ON DELETE CASCADE);"
      "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1), (1)");
  // SQLite has foreign keys on, and says that it has not.
  Deaf deaf(*database, "PRAGMA foreign_keys = 0");
  deaf.answer("PRAGMA foreign_keys", 0);
  const auto error = error_of([&] {
    migrate(deaf,
            "CREATE TABLE temporary_parent(id integer PRIMARY KEY, x);"
            "INSERT INTO temporary_parent(id) SELECT id FROM parent; DROP TABLE parent;"
            "ALTER TABLE temporary_parent RENAME TO parent");
  });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "changed the referencing table \"child\" from 2 rows to 0"));
  CHECK(number(*database, "SELECT count(*) FROM child") == 2);
}

TEST_CASE("the temporary name may have several prefixes, and other tables of such names are nobody's copies") {
  const Database database("CREATE TABLE a(x); CREATE TABLE temporary_a(x); INSERT INTO a VALUES (1), (2)");
  const auto error = error_of([&] { migrate(*database, "CREATE TABLE temporary_temporary_a(x); DROP TABLE a"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "its copy \"temporary_temporary_a\" has 0"));
  migrate(
      *database,
      "CREATE TABLE temporary_temporary_a(x, y); INSERT INTO temporary_temporary_a(x) SELECT x FROM a; DROP TABLE a;"
      "ALTER TABLE temporary_temporary_a RENAME TO a");
  CHECK(number(*database, "SELECT count(*) FROM a") == 2);
  migrate(*database, "DROP TABLE temporary_a");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master") == 1);
}

TEST_CASE("a setting that does not take is an error before anything is done") {
  for (const char* pragma : {"PRAGMA foreign_keys = 0", "PRAGMA legacy_alter_table = 1"}) {
    CAPTURE(pragma);
    const Database database;
    Deaf deaf(*database, pragma);
    const auto error = error_of([&] { static_cast<void>(make_guard(deaf)); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(contains(error->what(), "could not be changed"));
    check_settings_are_back(*database);
  }
}

TEST_CASE("a setting that cannot be given back is an error") {
  const Database database;
  Deaf deaf(*database, "PRAGMA foreign_keys = 1");
  {
    const auto guard = make_guard(deaf);
    const auto error = error_of([&] { guard->finish(); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::connection);
    CHECK(contains(error->what(), "foreign_keys"));
    deaf.listen();
  }
  check_settings_are_back(*database);
}

TEST_CASE("a guard is not made inside a transaction") {
  const Database database;
  database->run("BEGIN");
  const auto error = error_of([&] { static_cast<void>(make_guard(*database)); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "inside a transaction"));
}

TEST_CASE("the settings are given back as they were, also after a failure in a transaction") {
  const Database database;
  {
    const auto guard = make_guard(*database);
    CHECK(number(*database, "PRAGMA foreign_keys") == 0);
    CHECK(number(*database, "PRAGMA legacy_alter_table") == 1);
    database->run("BEGIN IMMEDIATE");
    guard->run("CREATE TABLE new_one(x)", nullptr);
    CHECK_THROWS_AS(guard->run("INSERT INTO missing VALUES (1)", nullptr), Error);
  }
  check_settings_are_back(*database);
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master WHERE name = 'new_one'") == 0);

  database->run("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
  migrate(*database, rebuild_up);
  CHECK(number(*database, "PRAGMA foreign_keys") == 0);
  CHECK(number(*database, "PRAGMA legacy_alter_table") == 1);
}

TEST_CASE("statements have their parameters and rows, also under a guard") {
  const Database database;
  const auto guard = make_guard(*database);
  const std::vector<Value> parameters{Value(2)};
  CHECK(guard->run("SELECT count(*) FROM post WHERE author_id = ?", &parameters).values.at(0).at(0) == Value(2));
  guard->finish();
}

TEST_CASE("rows whose keys lead nowhere after a migration and did not before are an error") {
  for (const char* statement : {"DELETE FROM \"user\" WHERE id = 2", "INSERT INTO post VALUES (7, 70), (8, 80)",
                                "WITH two AS (SELECT 2 AS id) DELETE FROM \"user\" WHERE id IN (SELECT id FROM two)",
                                "UPDATE post SET author_id = 5 WHERE author_id = 2"}) {
    CAPTURE(statement);
    const Database database;
    const auto error = error_of([&] { migrate(*database, statement); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK(contains(error->what(), "leave 2 rows of \"post\" that reference missing rows of \"USER\" (before: 0)"));
    CHECK(contains(error->remedy(), "foreign_key_check"));
    CHECK(number(*database, "SELECT count(*) FROM post, \"user\"") == 6);
    check_settings_are_back(*database);
  }
}

TEST_CASE("rows whose keys led nowhere before a migration do not stop it, also in rebuilds") {
  const Database database;
  database->run("PRAGMA foreign_keys = OFF; INSERT INTO post VALUES (7, 70); PRAGMA foreign_keys = ON");
  migrate(*database, rebuild_up);
  migrate(*database, rebuild_down);
  constexpr std::string_view rebuild_post =
      "CREATE TABLE \"temporary_post\" (\"id\" integer PRIMARY KEY, \"author_id\" integer REFERENCES \"user\"(\"id\"));"
      "INSERT INTO \"temporary_post\" SELECT * FROM \"post\"; DROP TABLE \"post\";"
      "ALTER TABLE \"temporary_post\" RENAME TO \"post\"";
  constexpr std::string_view rebuild_post_back =
      "ALTER TABLE \"post\" RENAME TO \"temporary_post\";"
      "CREATE TABLE \"post\" (\"id\" integer PRIMARY KEY, \"author_id\" integer REFERENCES \"user\"(\"id\"));"
      "INSERT INTO \"post\" SELECT * FROM \"temporary_post\"; DROP TABLE \"temporary_post\"";
  migrate(*database, "DROP TRIGGER forget");
  migrate(*database, rebuild_post);
  migrate(*database, rebuild_post_back);
  CHECK(number(*database, "SELECT count(*) FROM post") == 4);
  migrate(*database,
          "INSERT INTO \"user\" VALUES (3); PRAGMA legacy_alter_table = OFF; ALTER TABLE post RENAME TO article;"
          "ALTER TABLE \"user\" RENAME TO person; PRAGMA legacy_alter_table = ON");
  CHECK(number(*database, "SELECT count(*) FROM pragma_foreign_key_check") == 1);
}

TEST_CASE("a key that does not fit after a migration and did before is an error") {
  const Database database(
      "CREATE TABLE a(x); CREATE UNIQUE INDEX ax ON a(x); CREATE TABLE b(y REFERENCES a(x)); INSERT INTO a VALUES (1);"
      "INSERT INTO b VALUES (1)");
  const auto error = error_of([&] { migrate(*database, "DROP INDEX ax"); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "unusable foreign keys of \"b\" (foreign key mismatch"));
  migrate(*database, "DROP INDEX ax; CREATE UNIQUE INDEX other ON a(x)");
}

TEST_CASE("a key that did not fit before a migration does not stop it, and other keys are still looked at") {
  const Database database(
      "CREATE TABLE a(x, id integer PRIMARY KEY); CREATE TABLE b(y REFERENCES a(x)); CREATE TABLE c(z REFERENCES a);"
      "INSERT INTO a VALUES (1, 1); INSERT INTO c VALUES (1)");
  migrate(*database, "INSERT INTO a VALUES (2, 2)");
  const auto error = error_of([&] { migrate(*database, "DELETE FROM a WHERE id = 1"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "leave 1 rows of \"c\" that reference missing rows of \"a\" (before: 0)"));
}

TEST_CASE("a table that goes while others refer to it is an error that names the key, the view and the trigger") {
  const Database database;
  const auto error = error_of([&] { migrate(*database, "DROP TABLE \"user\""); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->what(), "a foreign key of \"post\" to the missing table \"USER\""));
  CHECK(contains(error->what(), "an unusable view \"authors\" (no such table: main.user)"));
  CHECK(contains(error->what(), "an unusable trigger \"forget\" (no such table: main.user)"));
  CHECK(number(*database, "SELECT count(*) FROM post, \"user\"") == 6);
}

TEST_CASE("a table goes with what refers to it") {
  const Database database;
  migrate(*database, "DROP TABLE \"user\"; DROP VIEW authors; DROP TABLE post");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite%'") == 0);
}

TEST_CASE("a rename by hand that leaves its references behind is an error with the remedy that works") {
  const Database database;
  const auto error = error_of([&] { migrate(*database, "ALTER TABLE \"user\" RENAME TO \"person\""); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(contains(error->remedy(), "PRAGMA legacy_alter_table = OFF"));
  migrate(*database,
          "PRAGMA legacy_alter_table = OFF; ALTER TABLE \"user\" RENAME TO \"person\"; PRAGMA legacy_alter_table = ON");
  CHECK(number(*database, "SELECT count(*) FROM authors") == 2);
  CHECK(number(*database, "SELECT count(*) FROM pragma_foreign_key_list('post') WHERE \"table\" = 'person'") == 1);
}

TEST_CASE("a column that goes while a view reads it is an error") {
  WHIMBREL_SKIP_UNLESS(has_sqlite(35), "DROP COLUMN");
  const Database database("CREATE TABLE a(x, y); CREATE VIEW v AS SELECT y FROM a");
  const auto error = error_of([&] { migrate(*database, "ALTER TABLE a DROP COLUMN y"); });
  REQUIRE(error);
  CHECK(contains(error->what(), "an unusable view \"v\" (no such column: y)"));
  CHECK(number(*database, "SELECT count(y) FROM a") == 0);
}

TEST_CASE("a rename by hand after which a view reads a string where it read a column is an error") {
  const Database database(
      "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT \"a\" AS n FROM (SELECT * FROM "
      "v)");
  CHECK_THROWS_WITH_AS(migrate(*database, "PRAGMA legacy_alter_table = OFF; ALTER TABLE t RENAME COLUMN a TO b"),
                       "After the migration, the view \"w\" reads a name as a string (no such column: a).", Error);
  CHECK_NOTHROW(migrate(*database, "CREATE VIEW x AS SELECT \"text\" AS n"));
}

TEST_CASE("what was broken before a migration does not stop it") {
  const Database database(
      "CREATE TABLE a(x REFERENCES missing); CREATE VIEW v AS SELECT x FROM nowhere; CREATE TABLE b(x);"
      "CREATE TRIGGER t AFTER INSERT ON b BEGIN INSERT INTO nowhere VALUES (1); END");
  migrate(*database, "ALTER TABLE a ADD COLUMN y; CREATE TABLE c(x); DROP TABLE c; DELETE FROM b");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master") == 4);
}

TEST_CASE("a view or a trigger that a migration makes and nobody can use is an error") {
  for (const auto& one :
       {std::pair("CREATE VIEW bad AS SELECT missing FROM a", "an unusable view \"bad\" (no such column: missing)"),
        std::pair("CREATE TRIGGER t AFTER DELETE ON a BEGIN INSERT INTO nowhere VALUES (1); END",
                  "an unusable trigger \"t\" (no such table: main.nowhere)"),
        std::pair("CREATE VIEW bad AS SELECT own(x) FROM a WHERE missing", "an unusable view \"bad\"")}) {
    const std::string statement = one.first;
    const std::string words = one.second;
    CAPTURE(statement);
    const Database database("CREATE TABLE a(x)");
    const auto error = error_of([&] { migrate(*database, statement); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
    CHECK_MESSAGE(contains(error->what(), words), std::string(error->what()));
    CHECK(contains(error->remedy(), "create everything that a new view or trigger references"));
    CHECK(number(*database, "SELECT count(*) FROM sqlite_master") == 1);
  }
}

TEST_CASE("a view is made before what it reads, or calls a function that only the program has") {
  const Database database("CREATE TABLE a(x)");
  migrate(*database,
          "CREATE VIEW early AS SELECT y FROM b; CREATE TABLE b(y); CREATE VIEW own AS SELECT own(x) FROM a;"
          "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT own(OLD.x); END");
  CHECK(number(*database, "SELECT count(*) FROM early") == 0);
}

TEST_CASE("a trigger that is made beside one that was broken before is not to blame") {
  const Database database(
      "CREATE TABLE a(x); CREATE TRIGGER old AFTER INSERT ON a BEGIN INSERT INTO nowhere VALUES (1); END");
  migrate(*database, "CREATE TRIGGER new AFTER INSERT ON a BEGIN SELECT 1; END");
  CHECK(number(*database, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'") == 2);
}

TEST_CASE("a column that is added to a table costs no look at the rows") {
  const Database database;
  database->run("PRAGMA foreign_keys = OFF; INSERT INTO post VALUES (7, 70); PRAGMA foreign_keys = ON");
  // Had the rows been looked at, a broken one would have been found when the rows are looked at only afterwards.
  const auto guard = make_guard(*database);
  database->run("BEGIN IMMEDIATE");
  guard->run("ALTER TABLE post ADD COLUMN title varchar; CREATE INDEX titles ON post(title)", nullptr);
  database->run("INSERT INTO post VALUES (8, 80, '')");
  guard->before_commit();
  database->run("COMMIT");
  guard->finish();
}

TEST_CASE("a migration cannot end the transaction that it runs in, nor begin another") {
  for (const char* statement : {"COMMIT", "END", "ROLLBACK", "BEGIN"}) {
    CAPTURE(statement);
    const Database database;
    const auto error =
        error_of([&] { migrate(*database, "INSERT INTO \"user\" VALUES (77); " + std::string(statement)); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::migration);
    CHECK(error->statement() == statement);
    CHECK(contains(error->remedy(), "SAVEPOINT"));
    CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
    check_settings_are_back(*database);
  }
}

TEST_CASE("a migration can use savepoints in the transaction that it runs in") {
  const Database database;
  migrate(*database,
          "SAVEPOINT a; INSERT INTO \"user\" VALUES (77); ROLLBACK TO a; RELEASE a; INSERT INTO \"user\" VALUES (78)");
  CHECK(number(*database, "SELECT max(id) FROM \"user\"") == 78);
}

TEST_CASE("a migration without a transaction can begin and end its own, which is looked at before it commits") {
  const Database database;
  migrate(*database, "BEGIN; INSERT INTO \"user\" VALUES (77); COMMIT; BEGIN; DELETE FROM post; ROLLBACK", false);
  CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 3);
  CHECK(number(*database, "SELECT count(*) FROM post") == 3);

  const auto error = error_of([&] { migrate(*database, "BEGIN; DELETE FROM \"user\"; COMMIT", false); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::unsafe);
  CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 3);
  check_settings_are_back(*database);
}

TEST_CASE("a transaction that a migration leaves open is an error and is rolled back") {
  const Database database;
  const auto error = error_of([&] { migrate(*database, "BEGIN; INSERT INTO \"user\" VALUES (77)", false); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::migration);
  CHECK(number(*database, "SELECT count(*) FROM \"user\"") == 2);
  check_settings_are_back(*database);
}

TEST_CASE("a migration cannot switch foreign keys on for a rebuild") {
  for (const bool in_transaction : {true, false}) {
    CAPTURE(in_transaction);
    const Database database;
    migrate(*database, "PRAGMA foreign_keys = ON; " + std::string(rebuild_up), in_transaction);
    CHECK(number(*database, "SELECT count(*) FROM post") == 3);
    check_settings_are_back(*database);
  }
}

TEST_CASE("a migration that leaves legacy_alter_table off does not disturb the next one's rebuild") {
  const Database database;
  const auto guard = make_guard(*database);
  guard->run("PRAGMA legacy_alter_table = OFF", nullptr);
  guard->before_commit();
  guard->run(rebuild_down, nullptr);
  guard->before_commit();
  guard->finish();
  CHECK(number(*database, "SELECT count(*) FROM post") == 3);
  CHECK(number(*database, "SELECT count(*) FROM pragma_foreign_key_list('post') WHERE \"table\" = 'USER'") == 1);
}

TEST_CASE("a migration attaches no other file, and may attach what is the connection's own") {
  const Database database;
  const auto guard = make_guard(*database);
  for (const char* statement : {"ATTACH 'other.db' AS other", "ATTACH DATABASE other AS other",
                                "ATTACH ':memory:' || '' AS other", "SELECT 1; attach \"file:other.db\" as other"}) {
    CAPTURE(statement);
    const auto error = error_of([&] { guard->run(statement, nullptr); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::unsafe);
  }
  guard->run("ATTACH ':memory:' AS m; CREATE TABLE m.a (b); DETACH m", nullptr);
}
