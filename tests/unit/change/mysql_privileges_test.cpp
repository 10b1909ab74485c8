#include <doctest/doctest.h>

#include "unit/change/mysql_there_and_back.h"
#include "unit/dialect/connection.h"
#include "unit/fixture/answers.h"

// Privileges belong to names on these servers: they end with a routine, and stay with the old name of a table.

using namespace whimbrel;
using test::contains;
using test::is_mariadb;
using test::mysql::compare;
using test::mysql::Database;

namespace {

/// An account without privileges, for as long as the object.
class Account {
 public:
  explicit Account(const Database& database) : database_(database) { database.query("CREATE USER reader@localhost"); }
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;
  ~Account() { database_.query("DROP USER reader@localhost"); }

  void grant(const std::string& privileges) const { database_.query("GRANT " + privileges + " TO reader@localhost"); }
  [[nodiscard]] std::size_t grants() const { return database_.query("SHOW GRANTS FOR reader@localhost").values.size(); }

 private:
  const Database& database_;
};

std::string routines(const std::string& value) {
  return "CREATE PROCEDURE p() SELECT " + value + "; CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN " + value +
         "; CREATE PROCEDURE q() SELECT " + value + ';';
}

std::string joined(const std::vector<std::string>& notes) {
  std::string text;
  for (const std::string& note : notes) text += note + '\n';
  return text;
}

}  // namespace

TEST_CASE("MySQL: a routine that changes keeps the privileges on it, or a note says that it loses them") {
  const Database from;
  const Database to;
  from.query(routines("1"));
  to.query(routines("2"));
  const Account account(from);
  account.grant("EXECUTE ON PROCEDURE " + from.name() + ".p");
  account.grant("EXECUTE ON FUNCTION " + from.name() + ".f");
  const std::size_t before = account.grants();
  const change::SchemaChange change = compare(from.url(), to.url());
  test::mysql::run_all(from, change.script.up);
  CHECK(compare(from.url(), to.url()).operations.empty());
  if (is_mariadb()) {
    CHECK(account.grants() == before);
    CHECK(change.notes.empty());
  } else {
    CHECK(joined(change.notes) ==
          "recreates function \"f\", which loses the privileges on it of reader@localhost\n"
          "recreates procedure \"p\", which loses the privileges on it of reader@localhost\n");
  }
}

TEST_CASE("MySQL: a note names the privileges that stay with the old name of a table or a column") {
  const Database from;
  const Database to;
  from.query("CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE u (id int PRIMARY KEY, a int)");
  to.query("CREATE TABLE w (id int PRIMARY KEY, a int); CREATE TABLE u (id int PRIMARY KEY, b int)");
  const Account account(from);
  diff::Answers answers = fixture::renamed_table("t", "w");
  answers.column_renames = fixture::renamed_column("u", "a", "b").column_renames;
  CHECK_FALSE(contains(joined(compare(from.url(), to.url(), answers).notes), "privileges"));
  account.grant("SELECT ON " + from.name() + ".t");
  account.grant("SELECT (a) ON " + from.name() + ".u");
  const std::string notes = joined(compare(from.url(), to.url(), answers).notes);
  CHECK(contains(notes, "privileges on table \"t\" are not renamed with it: those of 'reader'@'localhost'"));
  CHECK(contains(notes, "privileges on column \"a\" of \"u\" are not renamed with it: those of 'reader'@'localhost'"));
}

TEST_CASE("MariaDB and MySQL: a note says that privileges on columns which exchange their names are on the other one") {
  const Database from;
  const Database to;
  from.query("CREATE TABLE t (id int PRIMARY KEY, a int, b int)");
  to.query("CREATE TABLE t (id int PRIMARY KEY, b int, a int)");
  const Account account(from);
  account.grant("SELECT (a) ON " + from.name() + ".t");
  diff::Answers answers = fixture::renamed_column("t", "a", "b");
  answers.column_renames.push_back({"t", "b", "a"});
  CHECK(contains(joined(compare(from.url(), to.url(), answers).notes),
                 "privileges on column \"a\" of \"t\" are not renamed with it: those of 'reader'@'localhost', who can "
                 "then use what gets this name"));
}
