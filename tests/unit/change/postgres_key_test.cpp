#include <doctest/doctest.h>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"
#include "whimbrel/schema.h"

// Primary keys over columns that took NULL, or will: PostgreSQL lets no column of a key do so.

using namespace whimbrel;
using fixture::Trial;

namespace {

namespace by_id {
struct Book {
  std::int32_t id{};
  std::optional<std::string> code;
  std::optional<std::string> shelf;
  static void describe(Entity<Book>& book) {
    book.primary_column<&Book::id>();
    book.column<&Book::code>();
    book.column<&Book::shelf>();
  }
};
}  // namespace by_id

namespace by_code {
struct Book {
  std::optional<std::int32_t> id;
  std::string code;
  std::optional<std::string> shelf;
  static void describe(Entity<Book>& book) {
    book.column<&Book::id>();
    book.primary_column<&Book::code>();
    book.column<&Book::shelf>();
  }
};
}  // namespace by_code

namespace by_both {
struct Book {
  std::optional<std::int32_t> id;
  std::string code;
  std::string shelf;
  static void describe(Entity<Book>& book) {
    book.column<&Book::id>();
    book.primary_column<&Book::code>();
    book.primary_column<&Book::shelf>();
  }
};
}  // namespace by_both

}  // namespace

TEST_CASE("PostgreSQL: a primary key moves to columns that took NULL, and back") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<by_id::Book>());
  const model::Schema first = trial.schema();
  trial.query("INSERT INTO book VALUES (1, 'a', 'x'), (2, 'b', 'y')");
  trial.arrive_at(entities<by_code::Book>());
  CHECK(
      trial.query("SELECT string_agg(attname, ' ') FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND "
                  "a.attnum = ANY (i.indkey) WHERE i.indisprimary AND i.indrelid = 'book'::regclass") == "code");
  trial.query("INSERT INTO book VALUES (NULL, 'c', NULL); DELETE FROM book WHERE code = 'c'");
  trial.arrive_at(entities<by_both::Book>());
  trial.revert_last();
  trial.query("INSERT INTO book VALUES (NULL, 'c', NULL); DELETE FROM book WHERE code = 'c'");
  trial.revert_last();
  CHECK(trial.schema() == first);
  CHECK(trial.query("SELECT * FROM book ORDER BY id") == "1|a|x\n2|b|y");
}

TEST_CASE("PostgreSQL: a primary key is added over a column that took NULL, and taken away again") {
  const fixture::PostgresDatabase database;
  database.query("CREATE TABLE book (code varchar, n integer)");
  const fixture::Program program({});
  DataSource source(database.options(program));
  source.initialize();
  QueryRunner& runner = source.query_runner();
  runner.create_primary_key("book", {"code", "n"});
  CHECK_FALSE(runner.get_table("book").columns.at(0).nullable);
  runner.drop_primary_key("book");
  CHECK_FALSE(runner.get_table("book").primary_key);
}
