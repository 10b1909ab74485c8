#include <doctest/doctest.h>

#include <cstdint>

#include "change/generate.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

using namespace whimbrel;

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
  run::Session session(options);
  CHECK(run::generate(session).empty());
}
