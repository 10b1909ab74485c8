#include "change/row_verification.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "change/sample_rows.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

// What the trial of a migration with rows finds, without a rule for any of it.

using namespace whimbrel;
using namespace whimbrel::fixture;
using change::SchemaChange;
using change::Verification;
using session::Session;

namespace {

namespace plain {
struct Person {
  std::int32_t id{};
  std::string zip;
  std::optional<std::int32_t> age;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::zip>();
    person.column<&Person::age>();
  }
};
}  // namespace plain

namespace numbered {
struct Person {
  std::int32_t id{};
  std::int32_t zip{};
  std::optional<std::int32_t> age;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::zip>();
    person.column<&Person::age>();
  }
};
}  // namespace numbered

namespace unique {
struct Person {
  std::int32_t id{};
  std::string zip;
  std::optional<std::int32_t> age;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::zip>({.unique = true});
    person.column<&Person::age>();
  }
};
}  // namespace unique

namespace checked {
struct Person {
  std::int32_t id{};
  std::string zip;
  std::optional<std::int32_t> age;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::zip>();
    person.column<&Person::age>();
    person.check("age > 0");
  }
};
}  // namespace checked

namespace unique_and_checked {
struct Person {
  std::int32_t id{};
  std::string zip;
  std::optional<std::int32_t> age;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::zip>({.unique = true});
    person.column<&Person::age>();
    person.check("age > 0");
  }
};
}  // namespace unique_and_checked

namespace shorter {
struct Person {
  std::int32_t id{};
  std::string zip;
  std::optional<std::int32_t> age;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::zip>({.length = 3});
    person.column<&Person::age>();
  }
};
}  // namespace shorter

namespace without_zip {
struct Person {
  std::int32_t id{};
  std::optional<std::int32_t> age;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::age>();
  }
};
}  // namespace without_zip

namespace keyless {
struct Person {
  std::string zip;
  std::optional<std::int32_t> age;
  static void describe(Entity<Person>& person) {
    person.table({.primary_key = false});
    person.column<&Person::zip>();
    person.column<&Person::age>();
    person.check("age > 0");
  }
};
}  // namespace keyless

namespace counted {
struct Person {
  std::int32_t id{};
  std::string zip;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::zip>();
  }
};
}  // namespace counted

namespace exact {
struct Measure {
  std::int32_t id{};
  double size{};
  static void describe(Entity<Measure>& measure) {
    measure.primary_column<&Measure::id>();
    measure.column<&Measure::size>();
  }
};
}  // namespace exact

namespace inexact {
struct Measure {
  std::int32_t id{};
  float size{};
  static void describe(Entity<Measure>& measure) {
    measure.primary_column<&Measure::id>();
    measure.column<&Measure::size>();
  }
};
}  // namespace inexact

/// The statement that copies rows into the new table of a rebuild; null if there is none.
sql::Statement* find_copy(SchemaChange& generated) {
  const auto copies = [](const sql::Statement& statement) {
    return statement.sql.starts_with("INSERT INTO \"temporary_person\"");
  };
  const auto found = std::find_if(generated.script.up.begin(), generated.script.up.end(), copies);
  return found == generated.script.up.end() ? nullptr : &*found;
}

/// Takes the column out of both lists of the statement.
void leave_out(sql::Statement& statement, const std::string& column) {
  for (const std::string& text : {", " + column, column + ", "}) {
    for (auto place = statement.sql.find(text); place != std::string::npos; place = statement.sql.find(text)) {
      statement.sql.erase(place, text.size());
    }
  }
}

/// A database with the plain table.
template <class Database>
class People : public Database {
 public:
  People() {
    Session session(options(entities<plain::Person>()));
    for (const sql::Statement& statement : change::generate(session).script.up) this->query(statement.sql);
  }

  [[nodiscard]] DataSourceOptions options(Entities described) const {
    DataSourceOptions result = Database::options(program_);
    result.entities = described;
    return result;
  }

  Verification verify(Entities described) const {
    Session session(options(described));
    return change::verify(session, change::generate(session));
  }

 private:
  Program program_{{}};
};

void add(const AnyDatabase& database, const std::string& values) {
  database.query("INSERT INTO person (zip, age) VALUES " + values);
}

bool has(const std::vector<change::Finding>& findings, const std::string& text) {
  return std::any_of(findings.begin(), findings.end(), [&](const change::Finding& finding) {
    return (finding.words + ": " + finding.example).find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE_OF_EACH_DATABASE("values that a conversion changes are counted, with an example") {
  const People<Database> people;
  add(people, "('01234', 1), ('77', 2), ('0', 3)");
  const Verification proof = people.verify(entities<numbered::Person>());
  CHECK(has(proof.losses, "1 of 3 values of column \"zip\" of \"person\" change: '01234' to 1234"));
  REQUIRE(proof.rows.size() == 1);
  CHECK(proof.rows[0].second == 3);
  add(people, "('99999', 4)");
  people.query("UPDATE person SET zip = '1234' WHERE zip = '01234'");
  CHECK(people.verify(entities<numbered::Person>()).losses.empty());
}

TEST_CASE_TEMPLATE("a less precise number that looks the same is told by what comes back", Database, MysqlDatabase,
                   PostgresDatabase) {
  const Database database;
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities<exact::Measure>();
  {
    Session session(options);
    for (const sql::Statement& statement : change::generate(session).script.up) database.query(statement.sql);
  }
  database.query("INSERT INTO measure VALUES (1, 0.1)");
  options.entities = entities<inexact::Measure>();
  Session session(options);
  const Verification proof = change::verify(session, change::generate(session));
  CHECK(has(proof.losses, "change: 0.1 to 0.1, which `down` makes 0.10000000149011612"));
}

TEST_CASE_OF_EACH_DATABASE("a unique over equal values fails on the rows that have them, and the row is told") {
  const People<Database> people;
  add(people, "('a', 1), ('b', 2), ('a', 3), ('c', 4)");
  const Error error = error_of([&] { static_cast<void>(people.verify(entities<unique::Person>())); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "fails on existing rows"));
  CHECK(mentions(error, "id = 3, zip = 'a', age = 3"));
  people.query("DELETE FROM person WHERE id = 3");
  CHECK(people.verify(entities<unique::Person>()).rows.size() == 1);
}

TEST_CASE_OF_EACH_DATABASE("a check that rows violate fails on them, and the row is told") {
  const People<Database> people;
  add(people, "('a', 1), ('b', -2), ('c', NULL)");
  const Error error = error_of([&] { static_cast<void>(people.verify(entities<checked::Person>())); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "id = 2, zip = 'b', age = -2"));
}

TEST_CASE_OF_EACH_DATABASE("where rows fail for several reasons, the row is one of the reason that is told") {
  for (const char* const rows :
       {"('a', 1), ('a', 2), ('b', -3), ('c', 4)", "('b', -1), ('a', 2), ('c', 3), ('a', 4)"}) {
    const People<Database> people;
    add(people, rows);
    const Error error = error_of([&] { static_cast<void>(people.verify(entities<unique_and_checked::Person>())); });
    CAPTURE(error.what());
    const bool is_check = mentions(error, "check constraint") || mentions(error, "CHECK constraint") ||
                          mentions(error, "Check constraint") || mentions(error, "CONSTRAINT `CHK");
    CHECK(mentions(error, "First failing row: "));
    CHECK(mentions(error, "zip = 'b'") == is_check);
    CHECK(mentions(error, "zip = 'a'") != is_check);
  }
}

TEST_CASE("PostgreSQL: a text that becomes too short for its values fails on them") {
  const People<PostgresDatabase> people;
  add(people, "('abc', 1), ('abcd', 2)");
  const Error error = error_of([&] { static_cast<void>(people.verify(entities<shorter::Person>())); });
  CHECK(mentions(error, "id = 2, zip = 'abcd', age = 2"));
}

TEST_CASE_OF_EACH_DATABASE("a way back that cannot fill a column is noted, with rows and without") {
  const People<Database> people;
  Session session(people.options(entities<without_zip::Person>()));
  const SchemaChange generated = change::generate(session);
  const change::RowFindings made =
      change::verify_with_rows(session, generated, session.scope(), change::RowSource::made, change::usual_rows);
  CHECK(made.up_failure.empty());
  CHECK(made.down_failure.find("zip") != std::string::npos);
  add(people, "('a', 1)");
  const Verification proof = people.verify(entities<without_zip::Person>());
  CHECK(has(proof.notes, "`down` fails on existing rows"));
}

TEST_CASE_OF_EACH_DATABASE("a script that changes what no operation is about is not written") {
  const People<Database> people;
  add(people, "('a', 1), ('b', 2)");
  Session session(people.options(entities<checked::Person>()));
  SchemaChange generated = change::generate(session);
  generated.script.up.insert(generated.script.up.begin(), {"UPDATE person SET zip = 'x' WHERE zip = 'b'", {}});
  Error error = error_of([&] { static_cast<void>(change::verify(session, generated)); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "1 of 2 values of column \"zip\" of \"person\" are changed: 'b' became 'x'"));
  generated = change::generate(session);
  generated.script.up.insert(generated.script.up.begin(), {"DELETE FROM person WHERE zip = 'b'", {}});
  error = error_of([&] { static_cast<void>(change::verify(session, generated)); });
  CHECK(mentions(error, "1 of 2 rows of \"person\" are missing"));
  // Made rows find it where there are none.
  people.query("DELETE FROM person");
  generated.script.up.front().sql = "UPDATE person SET zip = 'x'";
  error = error_of([&] { static_cast<void>(change::verify(session, generated)); });
  CHECK(mentions(error, "column \"zip\""));
  CHECK(change::verify(session, generated, 0).empty());
}

TEST_CASE_OF_EACH_DATABASE("a rebuild that was not made for a column leaves its values away, and is not written") {
  const People<Database> people;
  add(people, "('a', 1), ('b', NULL)");
  Session session(people.options(entities<checked::Person>()));
  SchemaChange generated = change::generate(session);
  if (sql::Statement* const copy = find_copy(generated)) {
    leave_out(*copy, "\"age\"");
  } else {
    const std::vector<sql::Statement> made_anew = {{"ALTER TABLE person DROP COLUMN age", {}},
                                                   {"ALTER TABLE person ADD COLUMN age integer", {}}};
    generated.script.up.insert(generated.script.up.begin(), made_anew.begin(), made_anew.end());
  }
  const Error error = error_of([&] { static_cast<void>(change::verify(session, generated)); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "1 of 2 values of column \"age\" of \"person\" are changed: 1 became NULL"));
}

TEST_CASE_OF_EACH_DATABASE("rows of a table without a key are compared, too") {
  const Database database;
  const std::string text = database.url().starts_with("mysql") ? "varchar(255)" : "varchar";
  database.query("CREATE TABLE person (zip " + text + " NOT NULL, age integer)");
  database.query("INSERT INTO person VALUES ('a', 1), ('a', 1), ('b', NULL)");
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities<keyless::Person>();
  Session session(options);
  SchemaChange generated = change::generate(session);
  CHECK(change::verify(session, generated).rows.size() == 1);
  for (const char* const damage : {"UPDATE person SET zip = 'c' WHERE zip = 'b'", "DELETE FROM person WHERE zip = 'b'",
                                   "INSERT INTO person SELECT * FROM person"}) {
    CAPTURE(std::string(damage));
    generated = change::generate(session);
    generated.script.up.insert(generated.script.up.begin(), {damage, {}});
    if (std::string_view(damage).starts_with("INSERT") && database.url().starts_with("sqlite")) continue;
    const Error error = error_of([&] { static_cast<void>(change::verify(session, generated)); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(mentions(error, "of \"person\" are"));
  }
}

TEST_CASE("SQLite: a rebuild that gives rows other numbers is not written") {
  const Database database;
  database.query("CREATE TABLE person (zip varchar NOT NULL)");
  database.query("INSERT INTO person (rowid, zip) VALUES (5, 'a'), (7, 'b')");
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities<counted::Person>();
  Session session(options);
  SchemaChange generated = change::generate(session);
  CHECK(change::verify(session, generated).rows.size() == 1);
  sql::Statement* const copy = find_copy(generated);
  REQUIRE(copy != nullptr);
  INFO(copy->sql);
  copy->sql = "INSERT INTO \"temporary_person\" (\"zip\") SELECT \"zip\" FROM \"person\"";
  const Error error = error_of([&] { static_cast<void>(change::verify(session, generated)); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "2 of 2 rows of \"person\" are missing"));
}
