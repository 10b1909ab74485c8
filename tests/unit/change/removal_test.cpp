#include <doctest/doctest.h>

#include <algorithm>

#include "run/runner.h"
#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// What no entity describes any more is dropped if our migrations made it, and nothing else is.

using namespace whimbrel;
using fixture::texts;
using fixture::Trial;

namespace {

struct Tag {
  std::int32_t id{};
  static void describe(Entity<Tag>& tag) { tag.primary_generated<&Tag::id>(); }
};

namespace before {
struct Post {
  std::int32_t id{};
  std::string title;
  std::vector<Tag> tags;
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::title>();
    post.index<&Post::title>({.name = "by_title"});
    post.many_to_many<&Post::tags>();
  }
};
struct Titles {
  static void describe(View<Titles>& view) { view.query("SELECT title FROM post"); }
};
}  // namespace before

namespace after {
struct Post {
  std::int32_t id{};
  std::string title;
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::title>();
  }
};
}  // namespace after

namespace aside {
struct Post {
  std::int32_t id{};
  static void describe(Entity<Post>& post) {
    post.table({.synchronize = false});
    post.primary_generated<&Post::id>();
  }
};
struct Comment {
  std::int32_t id{};
  std::int32_t post_id{};
  static void describe(Entity<Comment>& comment) {
    comment.primary_generated<&Comment::id>();
    comment.many_to_one<&Comment::post_id, &Post::id>();
  }
};
}  // namespace aside

enum class Status { visitor, reader };
enum class Reordered { reader, visitor };

template <class Of>
struct Member {
  std::int32_t id{};
  Of status{};
  std::int32_t points{};
  static void describe(Entity<Member>& member) {
    member.table({.name = "member"});
    member.template primary_generated<&Member::id>();
    member.template column<&Member::status>({.enum_name = "status"});
    member.template column<&Member::points>();
  }
};

bool has(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE(
    "a table, a junction table, a view and an index that our migrations made are dropped with their descriptions") {
  Trial trial;
  trial.arrive_at(entities<before::Post, Tag, before::Titles>());
  const model::Schema made = trial.schema();
  const change::SchemaChange gone = trial.arrive_at(entities<after::Post>());
  const std::vector<std::string> up = texts(gone.script.up);
  CHECK(up.front() == "DROP VIEW \"titles\"");
  CHECK(has(up, "DROP TABLE \"post_tags_tag\""));
  CHECK(has(up, "DROP TABLE \"tag\""));
  CHECK(has(up, "DROP INDEX \"by_title\""));
  CHECK(gone.losses.size() == 2);
  CHECK(has(gone.losses, "the rows of table \"tag\""));
  CHECK(has(gone.losses, "the rows of table \"post_tags_tag\""));
  trial.revert_last();
  CHECK(trial.schema() == made);
}

TEST_CASE("what our migrations made is dropped with its description also after the table was renamed") {
  struct Log {
    std::int32_t id{};
    std::string message;
    static void describe(Entity<Log>& log) {
      log.primary_generated<&Log::id>();
      log.column<&Log::message>();
      log.index<&Log::message>();
    }
  };
  struct Journal {
    std::int32_t id{};
    std::string message;
    static void describe(Entity<Journal>& journal) {
      journal.table({.name = "journal", .renamed_from = "log"});
      journal.primary_generated<&Journal::id>();
      journal.column<&Journal::message>();
      journal.index<&Journal::message>({.name = "by_message"});
      journal.unique<&Journal::message>({.name = "one_message"});
      journal.check("message <> ''", {.name = "not_empty"});
    }
  };
  struct Plain {
    std::int32_t id{};
    std::string message;
    static void describe(Entity<Plain>& plain) {
      plain.table({.name = "journal"});
      plain.primary_generated<&Plain::id>();
      plain.column<&Plain::message>();
    }
  };
  Trial trial;
  trial.arrive_at(entities<Tag>());
  const model::Schema first = trial.schema();
  trial.arrive_at(entities<Log, Tag>());
  trial.arrive_at(entities<Journal, Tag>());
  const change::SchemaChange plain = trial.arrive_at(entities<Plain, Tag>());
  CHECK(plain.unmanaged.empty());
  CHECK(trial.query("SELECT count(*) FROM sqlite_master WHERE sql LIKE '%not_empty%' OR name = 'by_message'") == "0");
  const change::SchemaChange gone = trial.arrive_at(entities<Tag>());
  CHECK(gone.unmanaged.empty());
  CHECK(trial.schema() == first);
}

TEST_CASE("what our migrations made is dropped with its description in the step in which its table is renamed") {
  struct Former {
    std::int32_t id{};
    std::string title;
    static void describe(Entity<Former>& former) {
      former.primary_generated<&Former::id>();
      former.column<&Former::title>();
      former.index<&Former::title>({.name = "the_index"});
      former.check("title <> ''", {.name = "the_check"});
    }
  };
  struct Present {
    std::int32_t id{};
    std::string words;
    static void describe(Entity<Present>& present) {
      present.table({.name = "present", .renamed_from = "former"});
      present.primary_generated<&Present::id>();
      present.column<&Present::words>({.renamed_from = "title"});
    }
  };
  for (const std::string& url : {std::string(), test::fresh_database()}) {
    Trial trial(nullptr, "", url);
    trial.arrive_at(entities<Former>());
    trial.query("INSERT INTO former (title) VALUES ('a')");
    const change::SchemaChange generated = trial.arrive_at(entities<Present>());
    CHECK(generated.unmanaged.empty());
    const model::Schema after = trial.schema();
    CHECK(after.tables.front().indexes.empty());
    CHECK(after.tables.front().checks.empty());
    CHECK(trial.query("SELECT words FROM present") == "a");
    trial.revert_last();
    const model::Schema back = trial.schema();
    CHECK(back.tables.front().indexes.size() == 1);
    CHECK(back.tables.front().checks.size() == 1);
  }
}

TEST_CASE("a view that our migrations made becomes a table of the same name, and back") {
  struct Summary {
    static void describe(View<Summary>& view) { view.query("SELECT id FROM tag"); }
  };
  struct Stored {
    std::int32_t id{};
    static void describe(Entity<Stored>& stored) {
      stored.table({.name = "summary"});
      stored.primary_generated<&Stored::id>();
    }
  };
  for (const std::string& url : {std::string(), test::fresh_database()}) {
    Trial trial(nullptr, "", url);
    trial.arrive_at(entities<Tag>());
    trial.arrive_at(entities<Tag, Summary>());
    const model::Schema view = trial.schema();
    trial.arrive_at(entities<Tag, Stored>());
    CHECK(trial.schema().views.empty());
    trial.revert_last();
    CHECK(trial.schema() == view);
  }
}

TEST_CASE("a table, a view and an index that others made are left alone, and named") {
  Trial trial;
  trial.arrive_at(entities<after::Post>());
  trial.query(
      "CREATE TABLE others (id integer); CREATE VIEW theirs AS SELECT title FROM post; CREATE INDEX by_hand ON post "
      "(title)");
  const change::SchemaChange generated = trial.look(entities<after::Post>());
  CHECK(generated.empty());
  CHECK(has(generated.unmanaged, "table \"others\""));
  CHECK(has(generated.unmanaged, "view \"theirs\""));
  CHECK(has(generated.unmanaged, "index \"by_hand\""));
}

TEST_CASE("an index that others made is left alone where it has the name of one that our migrations made") {
  Trial trial;
  trial.arrive_at(entities<before::Post, Tag>());
  trial.query("DROP INDEX by_title; CREATE INDEX by_title ON post (title, id)");
  const change::SchemaChange generated = trial.look(entities<after::Post, Tag>());
  CHECK_FALSE(has(texts(generated.script.up), "by_title"));
  CHECK(has(generated.unmanaged, "index \"by_title\""));
}

TEST_CASE("a table that is not synchronized may be referred to, and is neither changed nor dropped") {
  Trial trial;
  trial.arrive_at(entities<before::Post, Tag>());
  const change::SchemaChange generated = trial.arrive_at(entities<aside::Post, aside::Comment, Tag>());
  CHECK_FALSE(has(texts(generated.script.up), "DROP TABLE \"post\""));
  CHECK(has(texts(generated.script.up), "REFERENCES \"post\" (\"id\")"));
  CHECK_FALSE(has(generated.unmanaged, "\"post\""));
  CHECK(trial.query("SELECT count(*) FROM pragma_table_info('post')") == "2");
}

TEST_CASE("an index that is not synchronized is neither made nor dropped") {
  struct Post {
    std::int32_t id{};
    std::string title;
    static void describe(Entity<Post>& post) {
      post.primary_generated<&Post::id>();
      post.column<&Post::title>();
      post.index<&Post::title>({.name = "by_title", .synchronize = false});
    }
  };
  Trial trial;
  trial.arrive_at(entities<before::Post, Tag>());
  const change::SchemaChange generated = trial.arrive_at(entities<Post>());
  CHECK_FALSE(has(texts(generated.script.up), "by_title"));
  CHECK_FALSE(has(generated.unmanaged, "by_title"));
}

TEST_CASE("a view is made again in another spelling of the same for nothing, and keeps its triggers when it changes") {
  struct Titles {
    static void describe(View<Titles>& view) { view.query("SELECT  \"title\"\n  FROM post -- all\n;"); }
  };
  struct Changed {
    static void describe(View<Changed>& view) { view.query("SELECT title, id FROM post", {.name = "titles"}); }
  };
  Trial trial;
  trial.arrive_at(entities<before::Post, Tag, before::Titles>());
  CHECK(trial.is_at(entities<before::Post, Tag, Titles>()));
  trial.query("CREATE TRIGGER renaming INSTEAD OF UPDATE ON titles BEGIN UPDATE post SET title = NEW.title; END");
  const model::Schema made = trial.schema();
  const change::SchemaChange generated = trial.arrive_at(entities<before::Post, Tag, Changed>());
  CHECK(texts(generated.script.up).size() == 3);
  CHECK(trial.query("SELECT count(*) FROM sqlite_master WHERE name = 'renaming'") == "1");
  trial.revert_last();
  CHECK(trial.schema() == made);
}

TEST_CASE("PostgreSQL: constraints that others made stay theirs after a migration that recreates them") {
  Trial trial(nullptr, "", test::postgres_server().fresh_database());
  trial.arrive_at(entities<Member<Status>>());
  trial.query("ALTER TABLE member ADD CONSTRAINT mine CHECK (status <> 'visitor' OR points < 100)");
  trial.query("ALTER TABLE member ADD CONSTRAINT mine_x EXCLUDE USING btree (points WITH =) WHERE (status = 'reader')");
  trial.query("ALTER TABLE member ADD CONSTRAINT mine_u UNIQUE (status, points)");
  const change::SchemaChange change = trial.arrive_at(entities<Member<Reordered>>());
  CHECK(has(change.notes, "fails in a database without check \"mine\""));
  CHECK(has(change.notes, "fails in a database without exclusion \"mine_x\""));
  CHECK(!has(change.unmanaged, "check \"mine\""));
  const change::SchemaChange nothing = trial.look(entities<Member<Reordered>>());
  CHECK(has(nothing.unmanaged, "check \"mine\""));
  CHECK(has(nothing.unmanaged, "exclusion \"mine_x\""));
  CHECK(has(nothing.unmanaged, "\"mine_u\""));
}

TEST_CASE("PostgreSQL: a view that a migration only replaces stays that of others") {
  const fixture::PostgresDatabase database;
  database.query("CREATE VIEW theirs AS SELECT 1 AS a");
  const auto replace = [](const std::string& value) {
    return fixture::statements({"CREATE OR REPLACE VIEW theirs AS SELECT " + value + " AS a"});
  };
  const fixture::Program program({{"A1000000000001", replace("2"), replace("1")}});
  session::Session session(database.options(program));
  CHECK(run::run_migrations(session).size() == 1);
  const change::SchemaChange nothing = change::generate(session);
  CHECK(nothing.empty());
  CHECK(has(nothing.unmanaged, "view \"theirs\""));
}

TEST_CASE("the name of an index or a unique constraint moves to other columns, also of another table") {
  struct Before {
    std::int32_t id{};
    std::string name;
    std::string city;
    static void describe(Entity<Before>& before) {
      before.table({.name = "person"});
      before.primary_generated<&Before::id>();
      before.column<&Before::name>();
      before.column<&Before::city>();
      before.index<&Before::name>({.name = "by"});
      before.index<&Before::city>({.name = "of_city"});
      before.unique<&Before::name>({.name = "only"});
    }
  };
  struct After {
    std::int32_t id{};
    std::string name;
    std::string city;
    static void describe(Entity<After>& after) {
      after.table({.name = "person"});
      after.primary_generated<&After::id>();
      after.column<&After::name>();
      after.column<&After::city>();
      after.index<&After::name>();
      after.index<&After::id, &After::city>({.name = "by"});
      after.index<&After::city>();
      after.unique<&After::name>();
      after.unique<&After::city>({.name = "only"});
    }
  };
  struct Other {
    std::int32_t id{};
    std::string title;
    static void describe(Entity<Other>& other) {
      other.primary_generated<&Other::id>();
      other.column<&Other::title>();
      other.index<&Other::title>({.name = "of_city"});
    }
  };
  for (const std::string& url : {std::string(), test::fresh_database()}) {
    Trial trial(nullptr, "", url);
    trial.arrive_at(entities<Before>());
    const model::Schema made = trial.schema();
    trial.arrive_at(entities<After, Other>());
    CHECK(trial.is_at(entities<After, Other>()));
    trial.revert_last();
    CHECK(trial.schema() == made);
  }
}

TEST_CASE("an index without a name keeps that of an existing one unless another index has it") {
  struct Before {
    std::int32_t id{};
    std::string name;
    static void describe(Entity<Before>& before) {
      before.table({.name = "person"});
      before.primary_generated<&Before::id>();
      before.column<&Before::name>();
      before.index<&Before::name>({.name = "by"});
    }
  };
  struct After {
    std::int32_t id{};
    std::string name;
    static void describe(Entity<After>& after) {
      after.table({.name = "person"});
      after.primary_generated<&After::id>();
      after.column<&After::name>();
      after.index<&After::name>();
    }
  };
  Trial trial;
  trial.arrive_at(entities<Before>());
  CHECK(trial.is_at(entities<After>()));
}
