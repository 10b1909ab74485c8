#include <doctest/doctest.h>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Tables and views as `whimbrel entities` describes them where a database has what entities seldom have.

using namespace whimbrel;
using fixture::texts;
using fixture::Trial;

namespace {

struct Note {
  std::optional<std::int64_t> owner_id;
  std::string body;
  static void describe(Entity<Note>& note) {
    note.table({.primary_key = false});
    note.column<&Note::owner_id>({.type = "INTEGER"});
    note.column<&Note::body>({.type = "TEXT"});
  }
};

struct Loose {
  std::int64_t id{};
  std::optional<std::vector<std::byte>> anything;
  static void describe(Entity<Loose>& loose) {
    loose.primary_column<&Loose::id>({.type = "INTEGER"});
    loose.column<&Loose::anything>({.untyped = true});
  }
};

struct Sorted {
  std::string a;
  static void describe(Entity<Sorted>& sorted) { sorted.primary_column<&Sorted::a>({.type = "TEXT"}); }
};

struct Named {
  static void describe(View<Named>& view) {
    view.query("SELECT owner_id, body FROM note", {.columns = R"(x, "the y")"});
  }
};

/// The note has a key now.
struct Keyed {
  std::int64_t owner_id{};
  std::string body;
  static void describe(Entity<Keyed>& note) {
    note.table({.name = "note"});
    note.primary_column<&Keyed::owner_id>({.type = "INTEGER"});
    note.column<&Keyed::body>({.type = "TEXT"});
  }
};

}  // namespace

TEST_CASE("tables without a key, columns without a type and named columns of views are described and need no change") {
  Trial trial;
  trial.query(
      "CREATE TABLE note (owner_id INTEGER, body TEXT NOT NULL);"
      "CREATE TABLE loose (id INTEGER PRIMARY KEY, anything);"
      "CREATE TABLE sorted (a TEXT NOT NULL, PRIMARY KEY (a DESC));"
      "CREATE VIEW named (x, \"the y\") AS SELECT owner_id, body FROM note");
  const change::SchemaChange generated = trial.look(entities<Note, Loose, Sorted, Named>());
  CHECK(texts(generated.script.up).empty());
  CHECK(generated.unmanaged.empty());
}

TEST_CASE("they are made, and what has no key gets one and gives it back") {
  Trial trial;
  trial.arrive_at(entities<Note, Loose, Sorted, Named>());
  trial.query("INSERT INTO note VALUES (1, 'one')");
  trial.query("INSERT INTO loose VALUES (1, 'text'), (2, 2)");
  CHECK(trial.query("SELECT group_concat(typeof(anything)) FROM loose") == "text,integer");
  CHECK(trial.query("SELECT \"the y\" FROM named") == "one");
  const model::Schema keyless = trial.schema();
  trial.arrive_at(entities<Keyed, Loose, Sorted, Named>());
  CHECK(trial.query("SELECT body FROM note") == "one");
  trial.revert_last();
  CHECK(trial.schema() == keyless);
}

TEST_CASE("a table without a primary key is made on PostgreSQL, which has the rest not") {
  struct Plain {
    std::string body;
    static void describe(Entity<Plain>& plain) {
      plain.table({.primary_key = false});
      plain.column<&Plain::body>();
    }
  };
  Trial trial(nullptr, "", test::fresh_database());
  CHECK(texts(trial.arrive_at(entities<Plain>()).script.up).front() ==
        "CREATE TABLE \"plain\" (\"body\" character varying NOT NULL)");
  const auto message = [&](const Entities& entities) -> std::string {
    try {
      trial.look(entities);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(message(entities<Loose>()) ==
        "entity \"Loose\", member \"anything\": PostgreSQL has no columns without a type");
  CHECK(message(entities<Note, Named>()) == "entity \"Named\": PostgreSQL has no column lists for views");
}

TEST_CASE("a key of a type that SQLite does not number gets the one that it numbers") {
  Trial trial;
  trial.query("CREATE TABLE note (owner_id INT PRIMARY KEY NOT NULL, body TEXT NOT NULL)");
  trial.query("INSERT INTO note VALUES (7, 'seven')");
  trial.arrive_at(entities<Keyed>());
  trial.query("INSERT INTO note (body) VALUES ('eight')");
  CHECK(trial.query("SELECT * FROM note ORDER BY owner_id") == "7|seven\n8|eight");
}
