#include <doctest/doctest.h>

#include <algorithm>

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
  const run::SchemaChange gone = trial.arrive_at(entities<after::Post>());
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

TEST_CASE("a table, a view and an index that others made are left alone, and named") {
  Trial trial;
  trial.arrive_at(entities<after::Post>());
  trial.query(
      "CREATE TABLE others (id integer); CREATE VIEW theirs AS SELECT title FROM post; CREATE INDEX by_hand ON post "
      "(title)");
  const run::SchemaChange generated = trial.look(entities<after::Post>());
  CHECK(generated.empty());
  CHECK(has(generated.unmanaged, "table \"others\""));
  CHECK(has(generated.unmanaged, "view \"theirs\""));
  CHECK(has(generated.unmanaged, "index \"by_hand\""));
}

TEST_CASE("an index that others made is left alone where it has the name of one that our migrations made") {
  Trial trial;
  trial.arrive_at(entities<before::Post, Tag>());
  trial.query("DROP INDEX by_title; CREATE INDEX by_title ON post (title, id)");
  const run::SchemaChange generated = trial.look(entities<after::Post, Tag>());
  CHECK_FALSE(has(texts(generated.script.up), "by_title"));
  CHECK(has(generated.unmanaged, "index \"by_title\""));
}

TEST_CASE("a table that is not synchronized may be referred to, and is neither changed nor dropped") {
  Trial trial;
  trial.arrive_at(entities<before::Post, Tag>());
  const run::SchemaChange generated = trial.arrive_at(entities<aside::Post, aside::Comment, Tag>());
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
  const run::SchemaChange generated = trial.arrive_at(entities<Post>());
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
  const run::SchemaChange generated = trial.arrive_at(entities<before::Post, Tag, Changed>());
  CHECK(texts(generated.script.up).size() == 3);
  CHECK(trial.query("SELECT count(*) FROM sqlite_master WHERE name = 'renaming'") == "1");
  trial.revert_last();
  CHECK(trial.schema() == made);
}
