#include "change/sample_rows.h"

#include <doctest/doctest.h>

#include "dialect/samples.h"
#include "session/url.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

TEST_CASE_OF_EACH_DATABASE(
    "rows are copied with those that they refer to, in the right order, and triggers do nothing") {
  const Database database;
  const auto connection = session::find_driver(detail::linked_drivers(), database.url()).open({.url = database.url()});
  connection->run(
      "CREATE TABLE owner (id integer PRIMARY KEY, up integer REFERENCES owner (id));"
      "CREATE TABLE item (id integer PRIMARY KEY, owner integer NOT NULL REFERENCES owner (id), note varchar(9));"
      "INSERT INTO owner VALUES (1, NULL), (2, 1), (3, 2), (900, NULL);"
      "INSERT INTO item VALUES (1, 900, 'a'), (2, 3, NULL), (3, 1, 'c'), (4, 900, 'd')");
  const auto made = session::find_driver(detail::linked_drivers(), database.url()).make_dialect(connection->server());
  const dialect::Dialect& dialect = *made;
  std::vector<std::string> left_out;
  const auto copy = [&] {
    return dialect.copy_schema(*connection, {}, dialect::CopyUse::generated_statements, left_out);
  };
  auto scratch = copy();
  const model::Schema schema = dialect.inspect(*scratch, {});
  const auto tables = change::tables_to_sample(schema, std::set<model::Name>{model::Name("owner")});
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].table->name.name == "owner");
  dialect.samples().check_at_once(*scratch);
  CHECK(dialect.samples().copy_rows(*connection, *scratch, tables, 1000).empty());
  const auto count = [&](const std::string& from) {
    return scratch->run("SELECT count(*) FROM " + from).values.at(0).at(0).integer();
  };
  CHECK(count("owner") == 4);
  CHECK(count("item") == 4);

  scratch.reset();
  scratch = copy();
  CHECK(dialect.samples().copy_rows(*connection, *scratch, tables, 1).empty());
  CHECK(count("item") == 1);
  CHECK(count("item WHERE owner NOT IN (SELECT id FROM owner)") == 0);
}

TEST_CASE_OF_EACH_DATABASE("rows can be put in without triggers, which are there again afterwards") {
  const Database database;
  const auto connection = session::find_driver(detail::linked_drivers(), database.url()).open({.url = database.url()});
  connection->run("CREATE TABLE item (id integer PRIMARY KEY)");
  const auto made = session::find_driver(detail::linked_drivers(), database.url()).make_dialect(connection->server());
  const dialect::Dialect& dialect = *made;
  if (dialect.name() == "sqlite") {
    connection->run("CREATE TRIGGER no BEFORE INSERT ON item BEGIN SELECT RAISE(ABORT, 'no'); END");
  } else if (dialect.name() == "mysql") {
    connection->run(
        "CREATE TRIGGER no BEFORE INSERT ON item FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'");
  } else {
    connection->run(
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';"
        "CREATE TRIGGER no BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION no()");
  }
  dialect.samples().without_triggers(*connection, [&] { connection->run("INSERT INTO item VALUES (1)"); });
  CHECK(mentions(error_of([&] { connection->run("INSERT INTO item VALUES (2)"); }), "no"));
  CHECK(database.query("SELECT id FROM item") == "1");
}

TEST_CASE_OF_EACH_DATABASE("made rows hold checks, keys and foreign keys, and have equal values and NULLs") {
  const Database database;
  const auto connection = session::find_driver(detail::linked_drivers(), database.url()).open({.url = database.url()});
  connection->run(
      "CREATE TABLE owner (id integer PRIMARY KEY, name varchar(5) NOT NULL UNIQUE);"
      "CREATE TABLE item (id integer PRIMARY KEY, owner integer NOT NULL REFERENCES owner (id), note varchar(9),"
      " size integer NOT NULL CHECK (size < 1), part double precision)");
  const auto made = session::find_driver(detail::linked_drivers(), database.url()).make_dialect(connection->server());
  const dialect::Dialect& dialect = *made;
  const model::Schema schema = dialect.inspect(*connection, {});
  change::RowMaker maker(dialect, *connection);
  CHECK(maker.make(*schema.find_table({"owner"})) > 1);
  CHECK(maker.make(*schema.find_table({"item"})) > 5);
  const auto count = [&](const std::string& from) {
    return connection->run("SELECT count(*) FROM " + from).values.at(0).at(0).integer();
  };
  CHECK(count("item WHERE note IS NULL") > 0);
  CHECK(count("item a JOIN item b ON a.note = b.note AND a.size = b.size AND a.id < b.id") > 0);
  CHECK(count("item WHERE owner NOT IN (SELECT id FROM owner)") == 0);
  CHECK(count("item WHERE size >= 1") == 0);
}
