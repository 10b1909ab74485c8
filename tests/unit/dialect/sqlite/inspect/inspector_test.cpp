#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"
#include "unit/dialect/sqlite/inspect/test_database.h"
#include "unit/dialect/sqlite/open.h"
#include "whimbrel/error.h"

using namespace whimbrel;
using dialect::sqlite::inspect;
using test::TestDatabase;

namespace {

using Texts = std::vector<std::string>;

Texts names(const std::vector<model::Table>& tables) {
  Texts result;
  for (const model::Table& table : tables) result.push_back(table.name.name);
  return result;
}

}  // namespace

TEST_CASE("an empty database has an empty schema") {
  TestDatabase database;
  CHECK(inspect(database) == model::Schema{});
}

TEST_CASE("tables, views, indexes and triggers are read with their statements, in the order of the schema") {
  TestDatabase database;
  database.run(
      "CREATE TABLE b(x int UNIQUE); CREATE TABLE a(y int); CREATE VIEW v AS SELECT 1 AS one;"
      "CREATE INDEX i2 ON A(y) WHERE y > 1; CREATE UNIQUE INDEX i1 ON a(y DESC);"
      "CREATE TRIGGER t1 AFTER INSERT ON B BEGIN SELECT 1; END;"
      "CREATE TRIGGER t2 INSTEAD OF INSERT ON V BEGIN SELECT 2; END");
  const model::Schema schema = inspect(database);
  CHECK(names(schema.tables) == Texts{"b", "a"});
  const model::Table& b = schema.tables[0];
  CHECK(b.definition.value == "CREATE TABLE b(x int UNIQUE)");
  CHECK(b.indexes.empty());
  CHECK(b.triggers == std::vector<model::Trigger>{{"t1", "CREATE TRIGGER t1 AFTER INSERT ON B BEGIN SELECT 1; END"}});
  const model::Table& a = schema.tables[1];
  REQUIRE(a.indexes.size() == 2);
  CHECK(a.indexes[0].name.text == "i2");
  CHECK(a.indexes[0].where == "y > 1");
  CHECK(a.indexes[0].definition.value == "CREATE INDEX i2 ON A(y) WHERE y > 1");
  CHECK(a.indexes[1].unique);
  REQUIRE(schema.views.size() == 1);
  CHECK(schema.views[0].name == "v");
  CHECK(schema.views[0].definition == "CREATE VIEW v AS SELECT 1 AS one");
  CHECK(schema.views[0].triggers ==
        std::vector<model::Trigger>{{"t2", "CREATE TRIGGER t2 INSTEAD OF INSERT ON V BEGIN SELECT 2; END"}});
}

TEST_CASE("one query reads a schema without virtual tables") {
  TestDatabase database;
  database.run("CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE INDEX i ON a(id); ANALYZE");
  const int before = database.statement_count();
  const model::Schema schema = inspect(database);
  CHECK(database.statement_count() == before + 1);
  CHECK(names(schema.tables) == Texts{"a"});
}

TEST_CASE("SQLite's own tables are none of the schema") {
  TestDatabase database;
  database.run("CREATE TABLE sqlit(a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE); CREATE INDEX i ON sqlit(b)");
  database.run("INSERT INTO sqlit(b) VALUES (1); ANALYZE");
  REQUIRE(database.run("SELECT 1 FROM sqlite_master WHERE name IN ('sqlite_sequence', 'sqlite_stat1')").values.size() ==
          2);
  CHECK(names(inspect(database).tables) == Texts{"sqlit"});
}

TEST_CASE("virtual tables are objects with their statement, and their shadow tables are nothing, in every version") {
  TestDatabase database;
  database.run(
      "CREATE VIRTUAL TABLE Docs USING fts5(body); CREATE VIRTUAL TABLE box USING rtree(id, x1, x2);"
      "CREATE TABLE docs_mine(a int); CREATE TABLE plain(b int); CREATE INDEX i ON plain(b)");
  for (const int version : {34001, 33600}) {
    CAPTURE(version);
    database.pretend_version(version);
    const model::Schema schema = inspect(database);
    CHECK(names(schema.tables) == Texts{"docs_mine", "plain"});
    CHECK(schema.tables[1].indexes.size() == 1);
    REQUIRE(schema.objects.size() == 2);
    CHECK(schema.objects[0].name == model::Name("Docs"));
    CHECK(schema.objects[0].definition == "CREATE VIRTUAL TABLE \"Docs\" USING fts5(body)");
    CHECK(schema.objects[0].columns.value == Texts{"body"});
    CHECK(schema.objects[1].definition == "CREATE VIRTUAL TABLE \"box\" USING rtree(id, x1, x2)");
    CHECK(schema.objects[1].columns.value == Texts{"id", "x1", "x2"});
  }
}

TEST_CASE("a table is a module's if the module makes it, in every version") {
  TestDatabase database;
  database.run(
      "CREATE VIRTUAL TABLE page USING fts3(body); CREATE TABLE page_stat(id INTEGER PRIMARY KEY, hits);"
      "CREATE TABLE page_docsize(a); CREATE VIRTUAL TABLE merged USING fts3(body);"
      "INSERT INTO merged(merged) VALUES ('automerge=2'); CREATE TABLE doc_content(id INTEGER PRIMARY KEY, body);"
      "CREATE VIRTUAL TABLE doc USING fts5(body, content='doc_content'); CREATE TABLE bare_content(a);"
      "CREATE VIRTUAL TABLE bare USING fts5(body, content=''); CREATE VIEW Shown AS SELECT body FROM doc_content;"
      "CREATE VIRTUAL TABLE whole USING fts4(content=\"shown\"); CREATE TABLE whole_data(a); CREATE TABLE box_data(a);"
      "CREATE VIRTUAL TABLE box USING rtree(id, a, b); CREATE VIRTUAL TABLE box_in USING fts5(body)");
  for (const int version : {34001, 33600}) {
    CAPTURE(version);
    database.pretend_version(version);
    const model::Schema schema = inspect(database);
    CHECK(names(schema.tables) ==
          Texts{"page_stat", "page_docsize", "doc_content", "bare_content", "whole_data", "box_data"});
    CHECK(schema.objects.size() == 7);
  }
}

TEST_CASE("what is on the tables of a module is one statement each, or an error") {
  TestDatabase database;
  database.run("CREATE TABLE t(a); CREATE VIRTUAL TABLE f USING fts5(a); CREATE INDEX ix ON f_content(c0)");
  CHECK(inspect(database, {"f"}).objects.at(0).definition ==
        "CREATE VIRTUAL TABLE \"f\" USING fts5(a);\nCREATE INDEX ix ON f_content(c0)");
  database.run("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = sql || '; DROP TABLE t' WHERE name = 'ix'");
  CHECK_THROWS_AS(static_cast<void>(inspect(database, {"f"})), Error);
}

TEST_CASE("the statement of a virtual table is read as SQLite reads it") {
  TestDatabase database;
  database.run(
      "create virtual table if not exists main.[a b] using FTS5 ( one , two UNINDEXED /* kept */, -- (\n"
      " tokenize = 'porter ascii', prefix='1 2' ) ;"
      "CREATE VIRTUAL TABLE words USING fts5vocab('a b', row); INSERT INTO [a b]([a b], rank) VALUES ('pgsz', 128);"
      "INSERT INTO [a b]([a b], rank) VALUES ('rank', 'bm25(2, '';'')')");
  const std::vector<model::Object> objects = inspect(database).objects;
  REQUIRE(objects.size() == 2);
  CHECK(objects[0].definition ==
        "CREATE VIRTUAL TABLE \"a b\" USING FTS5(one, two UNINDEXED, tokenize = 'porter ascii', prefix='1 2');\n"
        "INSERT INTO \"a b\"(\"a b\", rank) VALUES ('pgsz', 128);\n"
        "INSERT INTO \"a b\"(\"a b\", rank) VALUES ('rank', 'bm25(2, '';'')')");
  CHECK(objects[0].columns.value == Texts{"one", "two"});
  CHECK(objects[1].definition == "CREATE VIRTUAL TABLE \"words\" USING fts5vocab('a b', row)");
  CHECK(objects[1].rows.value.empty());
}

TEST_CASE("what is lost with a virtual table are the texts that it alone has") {
  const auto connection = test::open_memory();
  connection->run(
      "CREATE TABLE post(id INTEGER PRIMARY KEY, body); CREATE VIRTUAL TABLE own USING fts4(body);"
      "CREATE VIRTUAL TABLE other USING fts4(body, content=\"post\");"
      "CREATE VIRTUAL TABLE gone USING fts5(body, content='no_post');"
      "CREATE VIRTUAL TABLE bare USING fts5(body, content='')");
  const std::vector<model::Object> objects = inspect(*connection).objects;
  REQUIRE(objects.size() == 4);
  CHECK(objects[0].rows.value == "the rows of virtual table \"own\"");
  CHECK(objects[1].rows.value.empty());
  CHECK(objects[1].filling.value == "INSERT INTO \"other\"(\"other\") VALUES ('rebuild')");
  CHECK(objects[2].rows.value.empty());
  CHECK(objects[2].filling.value.empty());
  CHECK(objects[3].rows.value == "the index of virtual table \"bare\", which only the program can recreate");
}

TEST_CASE("indexes name columns as the table does, and what no column is named is an expression") {
  TestDatabase database;
  database.run("CREATE TABLE t(\"Id\" int, c text); CREATE INDEX i ON t(ID, 'C' DESC, \"none\", lower(C), null)");
  const model::Index index = inspect(database).tables.at(0).indexes.at(0);
  REQUIRE(index.columns.size() == 5);
  CHECK(index.columns[0] == "Id");
  CHECK(index.columns[1].column == "c");
  CHECK(index.columns[1].descending);
  CHECK(index.columns[2].column.empty());
  CHECK(index.columns[2].expression == "\"none\"");
  CHECK(index.columns[3].expression == "lower(C)");
  CHECK(index.columns[4].expression == "null");
}

TEST_CASE("foreign keys name tables and columns as those name themselves") {
  TestDatabase database;
  database.run("CREATE TABLE a(b REFERENCES USER(ID), c REFERENCES nowhere(ID)); CREATE TABLE \"User\"(\"Id\" int)");
  const std::vector<model::ForeignKey> keys = inspect(database).tables.at(0).foreign_keys;
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].referenced_table == "User");
  CHECK(keys[0].referenced_columns == Texts{"Id"});
  CHECK(keys[1].referenced_table == "nowhere");
  CHECK(keys[1].referenced_columns == Texts{"ID"});
}

TEST_CASE("what ALTER TABLE makes of a statement is read") {
  TestDatabase database;
  database.run(
      "CREATE TABLE t(a int, b int, CHECK (a > 0) UNIQUE (b) /* last */ ); ALTER TABLE t ADD COLUMN \"c\" int DEFAULT "
      "7;"
      "ALTER TABLE t RENAME COLUMN a TO \"a 1\"; ALTER TABLE t RENAME TO \"t 1\"");
  const model::Schema schema = inspect(database);
  REQUIRE(schema.tables.size() == 1);
  const model::Table& table = schema.tables[0];
  CHECK(table.name == "t 1");
  REQUIRE(table.columns.size() == 3);
  CHECK(table.columns[0].name == "a 1");
  CHECK(table.columns[2].default_expression == "7");
  CHECK(table.checks == std::vector<model::Check>{{{}, "\"a 1\" > 0"}});
  CHECK(table.uniques.size() == 1);
}

TEST_CASE("objects of the temporary schema are none of the database's") {
  TestDatabase database;
  database.run(
      "CREATE TABLE t(a); CREATE TEMP TABLE u(a); CREATE TEMP TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END");
  const model::Schema schema = inspect(database);
  CHECK(names(schema.tables) == Texts{"t"});
  CHECK(schema.tables[0].triggers.empty());
}
