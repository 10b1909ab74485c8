#include <doctest/doctest.h>

#include <cstdint>
#include <utility>

#include "change/generate.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

using namespace whimbrel;

namespace {

/// Makes the database what the entities describe, and finds no difference then. Returns the change.
change::SchemaChange make_equal(const fixture::AnyDatabase& database, Entities described) {
  const fixture::Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = std::move(described);
  session::Session session(options);
  change::SchemaChange made = change::generate(session);
  for (const sql::Statement& statement : made.script.up) database.query(statement.sql);
  CHECK(change::generate(session).empty());
  return made;
}

}  // namespace

TEST_CASE("a unique constraint and a foreign key of the same name are left as they are") {
  struct Author {
    std::int32_t id{};
    static void describe(Entity<Author>& author) { author.primary_generated<&Author::id>(); }
  };
  struct Book {
    std::int32_t id{};
    std::int32_t author_id{};
    static void describe(Entity<Book>& book) {
      book.primary_generated<&Book::id>();
      book.many_to_one<&Book::author_id, &Author::id>();
      book.unique<&Book::author_id>({.name = "author_id"});
    }
  };
  const fixture::Database database;
  database.query(
      "CREATE TABLE author (id integer PRIMARY KEY AUTOINCREMENT NOT NULL); CREATE TABLE book (id integer PRIMARY KEY "
      "AUTOINCREMENT NOT NULL, "
      "author_id integer NOT NULL, CONSTRAINT author_id UNIQUE (author_id), CONSTRAINT author_id FOREIGN KEY "
      "(author_id) REFERENCES author (id) ON DELETE NO ACTION ON UPDATE NO ACTION)");
  const fixture::Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities<Author, Book>();
  session::Session session(options);
  CHECK(change::generate(session).empty());
}

TEST_CASE("MariaDB and MySQL: a foreign key gives up its name for one of another table") {
  struct Author {
    std::int32_t id{};
    static void describe(Entity<Author>& author) { author.primary_column<&Author::id>(); }
  };
  struct Book {
    std::int32_t author_id{};
    static void describe(Entity<Book>& book) {
      book.primary_column<&Book::author_id>();
      book.many_to_one<&Book::author_id, &Author::id>();
    }
  };
  struct Letter {
    std::int32_t author_id{};
    static void describe(Entity<Letter>& letter) {
      letter.primary_column<&Letter::author_id>();
      letter.many_to_one<&Letter::author_id, &Author::id>({.name = "written_by"});
    }
  };
  const fixture::MysqlDatabase database;
  database.query(
      "CREATE TABLE author (id int PRIMARY KEY); CREATE TABLE letter (author_id int PRIMARY KEY); CREATE TABLE book "
      "(author_id int PRIMARY KEY, CONSTRAINT written_by FOREIGN KEY (author_id) REFERENCES author (id))");
  const fixture::Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities<Author, Book, Letter>();
  session::Session session(options);
  const auto generated = change::generate(session);
  CHECK(generated.operations.size() == 3);
  for (const sql::Statement& statement : generated.script.up) database.query(statement.sql);
  CHECK(change::generate(session).empty());
  for (const sql::Statement& statement : generated.script.down) database.query(statement.sql);
  CHECK(change::generate(session).operations.size() == 3);
}

TEST_CASE("MySQL: a check gives up its name for one of another table") {
  struct Book {
    std::int32_t id{};
    static void describe(Entity<Book>& book) {
      book.primary_column<&Book::id>();
      book.check("id > 0");
    }
  };
  struct Letter {
    std::int32_t id{};
    static void describe(Entity<Letter>& letter) {
      letter.primary_column<&Letter::id>();
      letter.check("id > 1", {.name = "positive"});
    }
  };
  const fixture::MysqlDatabase database;
  database.query(
      "CREATE TABLE letter (id int PRIMARY KEY); CREATE TABLE book (id int PRIMARY KEY, CONSTRAINT positive CHECK (id "
      "> "
      "0))");
  CHECK(make_equal(database, entities<Book, Letter>()).operations.size() == (test::is_mariadb() ? 1U : 3U));
}

TEST_CASE("MariaDB and MySQL: tables have indexes of the same name, also that of a table") {
  struct Book {
    std::int32_t id{};
    static void describe(Entity<Book>& book) {
      book.primary_column<&Book::id>();
      book.index<&Book::id>({.name = "by_id"});
    }
  };
  struct Letter {
    std::int32_t id{};
    static void describe(Entity<Letter>& letter) {
      letter.primary_column<&Letter::id>();
      letter.index<&Letter::id>({.name = "by_id"});
      letter.index<&Letter::id>({.name = "book", .unique = true});
    }
  };
  const fixture::MysqlDatabase database;
  const change::SchemaChange made = make_equal(database, entities<Book, Letter>());
  for (const sql::Statement& statement : made.script.down) database.query(statement.sql);
  CHECK(database.query("SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()") == "0");
}

TEST_CASE("PostgreSQL: tables of different schemas have indexes of the same name") {
  struct Book {
    std::int32_t id{};
    static void describe(Entity<Book>& book) {
      book.primary_column<&Book::id>();
      book.index<&Book::id>({.name = "by_id"});
    }
  };
  struct Letter {
    std::int32_t id{};
    static void describe(Entity<Letter>& letter) {
      letter.table({.schema = "post"});
      letter.primary_column<&Letter::id>();
      letter.index<&Letter::id>({.name = "by_id"});
    }
  };
  const fixture::PostgresDatabase database;
  make_equal(database, entities<Book, Letter>());
}
