#include "run/expected_tables.h"

#include <doctest/doctest.h>

#include "support/version.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// A migration on a database that is not the one it was made for.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

struct First {
  std::int32_t id{};
  std::string mail;
  std::string note;
  static void describe(Entity<First>& user) {
    user.table({.name = "user"});
    user.primary_generated<&First::id>();
    user.column<&First::mail>();
    user.column<&First::note>();
  }
};

/// SQLite rebuilds the table for it.
struct Unique {
  std::int32_t id{};
  std::string mail;
  std::string note;
  static void describe(Entity<Unique>& user) {
    user.table({.name = "user"});
    user.primary_generated<&Unique::id>();
    user.column<&Unique::mail>({.unique = true});
    user.column<&Unique::note>();
  }
};

/// No database rebuilds the table for it.
struct Longer {
  std::int32_t id{};
  std::string mail;
  std::string note;
  std::optional<std::string> phone;
  static void describe(Entity<Longer>& user) {
    user.table({.name = "user"});
    user.primary_generated<&Longer::id>();
    user.column<&Longer::mail>();
    user.column<&Longer::note>();
    user.column<&Longer::phone>();
  }
};

struct Shorter {
  std::int32_t id{};
  std::string mail;
  static void describe(Entity<Shorter>& user) {
    user.table({.name = "user"});
    user.primary_generated<&Shorter::id>();
    user.column<&Shorter::mail>();
  }
};

template <class Database>
struct Stages {
  Script first, second;
  explicit Stages(const Entities& entities) {
    const Database database;
    first = generated("A1000000000001", {}, entities_of<First>(), database.url());
    second = generated("B1000000000003", {first}, entities, database.url());
  }
  template <class E>
  static Entities entities_of() {
    return whimbrel::entities<E>();
  }
};

const char* const row = "INSERT INTO \"user\"(mail, note) VALUES ('a', 'b')";

/// Without it, SQLite rebuilds the table.
template <class Database>
bool drops_columns() {
  return !std::is_same_v<Database, fixture::Database> || test::has_sqlite(35);
}

}  // namespace

TEST_CASE("a rebuild that would drop a column, an index, a trigger or a constraint that it does not know is refused") {
  const Stages<Database> stages(entities<Unique>());
  const auto refused = [&](const std::vector<std::string>& by_hand, const std::string& words) {
    for (const TransactionMode mode : {TransactionMode::all, TransactionMode::each, TransactionMode::none}) {
      const Database database;
      run_all(database, {stages.first});
      database.query(row);
      for (const std::string& sql : by_hand) database.query(sql);
      const std::string before = database.query("SELECT group_concat(sql) FROM sqlite_master");
      const Error error = error_of([&] { run_all(database, {stages.first, stages.second}, mode); });
      CHECK(error.kind() == ErrorKind::unsafe);
      CHECK(error.migration() == "B1000000000003");
      INFO(error.what());
      CHECK(mentions(error, words));
      CHECK(database.query("SELECT group_concat(sql) FROM sqlite_master") == before);
      CHECK(database.history() == "A1000000000001");
    }
  };
  refused({"ALTER TABLE user ADD COLUMN nick varchar(9)"}, "column \"nick\" is not known to the migration");
  refused({"CREATE INDEX by_note ON user(note)"}, "index \"by_note\" is not known to the migration");
  refused({"CREATE TRIGGER t AFTER INSERT ON user BEGIN SELECT 1; END"}, "trigger \"t\" is not known to the migration");
  const std::string copy = "CREATE TABLE copy (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, mail varchar NOT NULL";
  const std::string swap = "INSERT INTO copy SELECT * FROM user; DROP TABLE user; ALTER TABLE copy RENAME TO user";
  refused({copy + ", note varchar NOT NULL, CHECK (note <> ''))", swap}, "check \"note <> ''\" is not known");
  refused({copy + ", note varchar NOT NULL DEFAULT 'x')", swap},
          "column \"note\" differs from what the migration knows");
  refused({copy + ")", "INSERT INTO copy SELECT id, mail FROM user; DROP TABLE user; ALTER TABLE copy RENAME TO user"},
          "column \"note\" is missing");
  refused({"DROP TABLE user"}, "the table does not exist");
}

TEST_CASE("a rebuild is not reverted on a table that has what it does not know") {
  const Stages<Database> stages(entities<Unique>());
  const Database database;
  run_all(database, {stages.first, stages.second});
  database.query(row);
  database.query("ALTER TABLE user ADD COLUMN nick varchar(9)");
  const Error error = error_of([&] { revert(database, {stages.first, stages.second}); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "table \"user\": column \"nick\" is not known to the migration"));
  CHECK(database.columns("user") == "id mail note nick");
  if (!test::has_sqlite(35)) return;  // The column cannot be taken away again.
  database.query("ALTER TABLE user DROP COLUMN nick");
  revert(database, {stages.first, stages.second});
  CHECK(database.history() == "A1000000000001");
}

TEST_CASE("a rename that rebuilds the table since a derived name changes is no rename in place, in either direction") {
  WHIMBREL_SKIP_UNLESS(test::has_sqlite(35), "DROP COLUMN");
  struct Owner {
    std::int32_t id{};
    static void describe(Entity<Owner>& owner) { owner.primary_generated<&Owner::id>(); }
  };
  struct Post {
    std::int32_t id{};
    std::int32_t owner_id{};
    static void describe(Entity<Post>& post) {
      post.primary_generated<&Post::id>();
      post.many_to_one<&Post::owner_id, &Owner::id>();
    }
  };
  struct Article {
    std::int32_t id{};
    std::int32_t owner_id{};
    static void describe(Entity<Article>& article) {
      article.table({.renamed_from = "post"});
      article.primary_generated<&Article::id>();
      article.many_to_one<&Article::owner_id, &Owner::id>();
    }
  };
  Script first, second;
  {
    const Database database;
    first = generated("A1000000000001", {}, entities<Owner, Post>(), database.url());
    second = generated("B1000000000003", {first}, entities<Owner, Article>(), database.url());
  }
  const Database database;
  run_all(database, {first});
  database.query("INSERT INTO owner DEFAULT VALUES; INSERT INTO post(owner_id) VALUES (1)");
  database.query("ALTER TABLE post ADD COLUMN site text");
  CHECK(mentions(error_of([&] {
                   run_all(database, {first, second});
                 }),
                 "table \"post\": column \"site\" is not known to the migration"));
  database.query("ALTER TABLE post DROP COLUMN site");
  run_all(database, {first, second});
  database.query("ALTER TABLE article ADD COLUMN site text");
  CHECK(mentions(error_of([&] {
                   revert(database, {first, second});
                 }),
                 "table \"article\": column \"site\" is not known to the migration"));
  database.query("ALTER TABLE article DROP COLUMN site");
  revert(database, {first, second});
  CHECK(database.query("SELECT count(*) FROM post") == "1");
}

TEST_CASE("the error names the migration that is to be made anew") {
  const Stages<Database> stages(entities<Unique>());
  const Database database;
  run_all(database, {stages.first});
  database.query("ALTER TABLE user ADD COLUMN nick varchar(9)");
  const Error error = error_of([&] { run_all(database, {stages.first, stages.second}); });
  CHECK(mentions(error, "`makemigrations --rebase B1000000000003`"));
}

TEST_CASE("a table that nothing unknown was done to is rebuilt and comes back") {
  const Stages<Database> stages(entities<Unique>());
  const Database database;
  run_all(database, {stages.first, stages.second});
  revert(database, {stages.first, stages.second});
  revert(database, {stages.first});
  CHECK(database.history().empty());
}

TEST_CASE_OF_EACH_DATABASE("a change in place runs on a table that has more than it knows, up and down") {
  WHIMBREL_SKIP_UNLESS(drops_columns<Database>(), "DROP COLUMN");
  const Stages<Database> stages(entities<Longer>());
  const Database database;
  run_all(database, {stages.first});
  database.query("ALTER TABLE \"user\" ADD COLUMN nick varchar(9)");
  database.query("CREATE INDEX by_nick ON \"user\"(nick)");
  run_all(database, {stages.first, stages.second});
  CHECK(database.columns("user") == "id mail note nick phone");
  revert(database, {stages.first, stages.second});
  CHECK(database.columns("user") == "id mail note nick");
}

TEST_CASE_OF_EACH_DATABASE("a column is not added beside one of its name, and nothing is done before that is known") {
  const Stages<Database> stages(entities<Longer>());
  const Database database;
  run_all(database, {stages.first});
  database.query("ALTER TABLE \"user\" ADD COLUMN phone varchar(9)");
  const Error error = error_of([&] { run_all(database, {stages.first, stages.second}); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "column \"phone\" already exists"));
  CHECK(database.history() == "A1000000000001");
}

TEST_CASE_OF_EACH_DATABASE("an index over a dropped column and others that nobody knows is not dropped with it") {
  WHIMBREL_SKIP_UNLESS(drops_columns<Database>(), "DROP COLUMN");
  const Stages<Database> stages(entities<Shorter>());
  const Database database;
  run_all(database, {stages.first});
  database.query(row);
  database.query("CREATE INDEX by_hand ON \"user\"(mail, note)");
  const Error error = error_of([&] { run_all(database, {stages.first, stages.second}); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "index \"by_hand\" is not known to the migration"));
  CHECK(database.columns("user") == "id mail note");
  database.query(std::string("DROP INDEX by_hand") + (database.url().starts_with("mysql") ? " ON \"user\"" : ""));
  database.query("CREATE INDEX by_hand ON \"user\"(mail)");
  run_all(database, {stages.first, stages.second});
}

TEST_CASE_OF_EACH_DATABASE("a table is not dropped that has a column which the migration does not know") {
  const Stages<Database> stages(entities<Longer>());
  const Database database;
  run_all(database, {stages.first});
  database.query(row);
  database.query("ALTER TABLE \"user\" ADD COLUMN nick varchar(9)");
  const Error error = error_of([&] { revert(database, {stages.first}); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "column \"nick\" is not known to the migration"));
  CHECK(database.query("SELECT count(*) FROM \"user\"") == "1");
}

TEST_CASE("a column that is altered on PostgreSQL has to be the one that the migration knows") {
  struct Short {
    std::int32_t id{};
    std::string mail;
    std::string note;
    static void describe(Entity<Short>& user) {
      user.table({.name = "user"});
      user.primary_generated<&Short::id>();
      user.column<&Short::mail>();
      user.column<&Short::note>({.length = 10});
    }
  };
  const Stages<PostgresDatabase> stages(entities<Short>());
  const PostgresDatabase database;
  run_all(database, {stages.first});
  database.query("ALTER TABLE \"user\" ALTER COLUMN note TYPE text");
  const Error error = error_of([&] { run_all(database, {stages.first, stages.second}); });
  CHECK(mentions(error, "column \"note\" differs from what the migration knows"));
}

TEST_CASE("MariaDB and MySQL: a column whose default changes has to be the one that the migration knows") {
  struct Defaulted {
    std::int32_t id{};
    std::string mail;
    std::string note;
    static void describe(Entity<Defaulted>& user) {
      user.table({.name = "user"});
      user.primary_generated<&Defaulted::id>();
      user.column<&Defaulted::mail>();
      user.column<&Defaulted::note>({.default_expression = "'none'"});
    }
  };
  struct Another {
    std::int32_t id{};
    std::string mail;
    std::string note;
    static void describe(Entity<Another>& user) {
      user.table({.name = "user"});
      user.primary_generated<&Another::id>();
      user.column<&Another::mail>();
      user.column<&Another::note>({.default_expression = "'nothing'", .comment = "What was said"});
    }
  };
  const MysqlDatabase database;
  const Script first = generated("A1000000000001", {}, entities<Defaulted>(), database.url());
  const Script second = generated("B1000000000003", {first}, entities<Another>(), database.url());
  const MysqlDatabase widened;
  run_all(widened, {first});
  widened.query("ALTER TABLE `user` MODIFY note varchar(500) NOT NULL DEFAULT 'none'");
  widened.query("INSERT INTO `user`(mail, note) VALUES ('a', repeat('b', 400))");
  const Error error = error_of([&] { run_all(widened, {first, second}); });
  CHECK(mentions(error, "column \"note\" differs from what the migration knows"));
  CHECK(widened.query("SELECT length(note) FROM `user`") == "400");

  const MysqlDatabase wider_later;
  run_all(wider_later, {first, second});
  wider_later.query("ALTER TABLE `user` MODIFY note varchar(500) NOT NULL DEFAULT 'nothing'");
  CHECK(mentions(error_of([&] { revert(wider_later, {first, second}); }), "column \"note\" differs"));
  wider_later.query("ALTER TABLE `user` MODIFY note varchar(255) NOT NULL DEFAULT 'nothing'");
  revert(wider_later, {first, second});
  CHECK(wider_later.history() == "A1000000000001");
}

TEST_CASE("a migration is checked against what those before it in the same run have made") {
  const Stages<Database> stages(entities<Unique>());
  const Script between{"Between1000000000002", statements({"ALTER TABLE user ADD COLUMN nick varchar(9)"})};
  const Database database;
  const Error error = error_of([&] { run_all(database, {stages.first, between, stages.second}); });
  CHECK(mentions(error, "column \"nick\" is not known to the migration"));
  CHECK_FALSE(database.history() == "A1000000000001");
  run_all(database, {stages.first, stages.second});
}
