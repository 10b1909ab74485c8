#include <doctest/doctest.h>

#include <algorithm>

#include "run/runner.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// A generated migration that was continued has led to what it was generated for, or is not recorded.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

template <bool is_new>
struct Book {
  std::int32_t id{};
  std::string title;
  std::optional<std::int32_t> pages;
  static void describe(Entity<Book>& book) {
    book.table({.name = "book"});
    book.template primary_generated<&Book::id>();
    book.template column<&Book::title>({.length = is_new ? 200 : 100});
    if constexpr (is_new) book.template column<&Book::pages>();
  }
};

template <bool is_new>
struct Author {
  std::int32_t id{};
  std::string name;
  std::optional<std::int32_t> born;
  static void describe(Entity<Author>& author) {
    author.table({.name = "author"});
    author.template primary_generated<&Author::id>();
    author.template column<&Author::name>({.length = 100});
    if constexpr (is_new) author.template column<&Author::born>();
  }
};

struct Shelf {
  std::int32_t id{};
  static void describe(Entity<Shelf>& shelf) {
    shelf.table({.name = "shelf"});
    shelf.primary_generated<&Shelf::id>();
  }
};

struct Library : MysqlDatabase {
  Script first, second;
  std::vector<std::string> written;  ///< The statements of the second.

  Library() {
    const MysqlDatabase other;
    first = generated("First1000000000001", {}, entities<Book<false>, Author<false>, Shelf>(), other.url());
    second = generated("Second1000000000002", {first}, entities<Book<true>, Author<true>>(), other.url());
    run_all(*this, {first}, TransactionMode::each);
    const Program program({first, second});
    session::Session session(options(program));
    run::RunOptions dry;
    dry.dry_run = true;
    written = run::run_migrations(session, dry).front().script;
    query("INSERT INTO book (title) VALUES ('Notes')");
  }

  /// Runs the second migration up to and with this statement; then the program is gone before it has noted the end.
  void end_after(int ordinal) const {
    Script ending = second;
    ending.up = [this, ordinal](QueryRunner& query_runner) {
      for (int i = 0; i < ordinal; ++i) query_runner.query(written[static_cast<std::size_t>(i)]);
      query_runner.query("SELECT nothing");
    };
    static_cast<void>(error_of([&] { run_all(*this, {first, ending}, TransactionMode::each); }));
    query("DELETE FROM migrations_journal WHERE ordinal > " + std::to_string(ordinal));
    query("UPDATE migrations_journal SET is_done = 0 WHERE ordinal = " + std::to_string(ordinal));
  }
  [[nodiscard]] int ordinal_of(const std::string& beginning) const {
    const auto found = std::find_if(written.begin(), written.end(),
                                    [&](const std::string& statement) { return statement.starts_with(beginning); });
    REQUIRE(found != written.end());
    return static_cast<int>(found - written.begin()) + 1;
  }
  void proceed() const { run_all(*this, {first, second}, TransactionMode::each); }
};

}  // namespace

TEST_CASE("MariaDB and MySQL: what was continued is recorded if it is complete") {
  const std::size_t count = Library().written.size();
  CHECK(count >= 3);
  for (int ordinal = 1; ordinal <= static_cast<int>(count); ++ordinal) {
    CAPTURE(ordinal);
    const Library one;
    one.end_after(ordinal);
    one.proceed();
    CHECK(one.history() == "First1000000000001 Second1000000000002");
    CHECK(one.tables() == "author book migrations");
    CHECK(one.columns("book") == "id title pages");
    CHECK(one.columns("author") == "id name born");
  }
}

TEST_CASE("MariaDB and MySQL: a change that was taken for another is found out at the end") {
  const Library library;
  library.end_after(library.ordinal_of("ALTER TABLE `book`"));
  // As if it had not been completed, and somebody had changed the table before the next run.
  library.query("ALTER TABLE book DROP COLUMN pages, MODIFY title varchar(100) NOT NULL, ADD COLUMN notes text");
  const Error error = error_of([&] { library.proceed(); });
  CAPTURE(std::string(error.what()));
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "not recorded as applied"));
  CHECK(mentions(error, "\"pages\""));
  CHECK(library.history() == "First1000000000001");
  CHECK(error_of([&] { library.proceed(); }).kind() == ErrorKind::unsafe);
  library.query("ALTER TABLE book ADD COLUMN pages int, MODIFY title varchar(200) NOT NULL");
  library.proceed();
  CHECK(library.history() == "First1000000000001 Second1000000000002");
  CHECK(library.query("SELECT title FROM book") == "Notes");
}

TEST_CASE("MariaDB and MySQL: a table that was not dropped after all is found out at the end") {
  const Library library;
  library.end_after(library.ordinal_of("DROP TABLE"));
  library.query("CREATE TABLE shelf (id int PRIMARY KEY, room int)");
  const Error error = error_of([&] { library.proceed(); });
  CAPTURE(std::string(error.what()));
  CHECK(mentions(error, "table \"shelf\": still exists"));
  CHECK(library.history() == "First1000000000001");
  CHECK(mentions(error, "`migrations --fake`"));
  const Program program({library.first, library.second});
  session::Session session(library.options(program));
  run::RunOptions only_recorded;
  only_recorded.fake = true;
  static_cast<void>(run::run_migrations(session, only_recorded));
  CHECK(library.columns("shelf") == "id room");
  CHECK(library.history() == "First1000000000001 Second1000000000002");
}
