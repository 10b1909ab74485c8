#include <doctest/doctest.h>

#include <algorithm>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// What a generated migration says of rows, on the way up and on the way back.

using namespace whimbrel;
using fixture::Trial;

namespace {

using Lines = std::vector<std::string>;

struct Tag {
  std::int32_t id{};
  static void describe(Entity<Tag>& tag) { tag.primary_generated<&Tag::id>(); }
};

namespace before {
struct User {
  std::int32_t id{};
  std::string email;
  std::string name;
  std::int32_t age{};
  static void describe(Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::email>();
    user.column<&User::name>({.unique = true});
    user.column<&User::age>();
  }
};
}  // namespace before

namespace after {
/// Without the email and the unique; the age may be NULL; the tag is new.
struct User {
  std::int32_t id{};
  std::string name;
  std::optional<std::int32_t> age;
  std::optional<std::int32_t> tag_id;
  static void describe(Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::name>();
    user.column<&User::age>();
    user.column<&User::tag_id>({.unique = true});
    user.many_to_one<&User::tag_id, &Tag::id>();
  }
};
}  // namespace after

namespace renaming {
struct Post {
  std::int32_t id{};
  std::string title;
  std::int32_t tag_id{};
  std::vector<Tag> tags;
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::title>({.unique = true});
    post.column<&Post::tag_id>();
    post.unique<&Post::title, &Post::tag_id>();
    post.check("tag_id > 0");
    post.index<&Post::tag_id>({.unique = true});
    post.many_to_one<&Post::tag_id, &Tag::id>();
    post.many_to_many<&Post::tags>();
  }
};
struct Article {
  std::int32_t id{};
  std::string title;
  std::int32_t tag_id{};
  std::vector<Tag> tags;
  static void describe(Entity<Article>& article) {
    article.table({.renamed_from = "post"});
    article.primary_generated<&Article::id>();
    article.column<&Article::title>({.unique = true});
    article.column<&Article::tag_id>();
    article.unique<&Article::title, &Article::tag_id>();
    article.check("tag_id > 0");
    article.index<&Article::tag_id>({.unique = true});
    article.many_to_one<&Article::tag_id, &Tag::id>();
    article.many_to_many<&Article::tags>();
  }
};
}  // namespace renaming

bool has(const Lines& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

void check_way_back(Trial& trial) {
  trial.arrive_at(entities<before::User, Tag>());
  trial.query("INSERT INTO \"user\" (email, name, age) VALUES ('a@b', 'Ann', 30)");
  const change::SchemaChange open = trial.look(entities<after::User, Tag>());
  CHECK(open.down_notes.size() == 3);
  CHECK(has(open.down_notes, "fails if \"user\" has rows: column \"email\" is NOT NULL without a default"));
  CHECK(has(open.down_notes, "fails if column \"age\" of \"user\" holds NULL"));
  CHECK(has(open.down_notes, "fails if \"user\" has duplicate values in (name)"));
  CHECK(open.down_losses == Lines{"the values of column \"tag_id\" of \"user\""});
  CHECK(open.down_backfills.size() == 2);
  // What is new and NULL is neither equal to anything nor refers to anything.
  CHECK(open.notes.empty());

  diff::Answers answers;
  answers.backfills[{"user", "email"}] = "lower(name) || '@example.org'";
  answers.backfills[{"user", "age"}] = "18";
  const change::SchemaChange filled = trial.arrive_at(entities<after::User, Tag>(), answers);
  CHECK(filled.down_backfills.empty());
  CHECK(filled.down_notes == Lines{"fails if \"user\" has duplicate values in (name)"});
  trial.query("UPDATE \"user\" SET age = NULL");
  trial.revert_last();
  CHECK(trial.query("SELECT email, age FROM \"user\"") == "ann@example.org|18");
}

void check_rename(Trial& trial) {
  trial.arrive_at(entities<renaming::Post, Tag>());
  const change::SchemaChange renamed = trial.arrive_at(entities<renaming::Article, Tag>());
  CHECK(renamed.notes == Lines{});
  CHECK(renamed.losses == Lines{});
  CHECK(renamed.down_notes == Lines{});
  CHECK(renamed.down_losses == Lines{});
}

}  // namespace

TEST_CASE("a fill of the way back reads the table as it was, though it asks for it by its name") {
  Trial trial;
  trial.arrive_at(entities<before::User, Tag>());
  trial.query("INSERT INTO \"user\" (email, name, age) VALUES ('a@b', 'Ann', 30), ('c@d', 'Bob', 40)");
  diff::Answers answers;
  answers.backfills[{"user", "email"}] = "name || (SELECT count(*) FROM \"user\")";
  answers.backfills[{"user", "age"}] = "18";
  trial.arrive_at(entities<after::User, Tag>(), answers);
  trial.revert_last();
  CHECK(trial.query("SELECT group_concat(email, ' ') FROM \"user\"") == "Ann2 Bob2");
}

TEST_CASE("what the way back can fail at and loses is said, and a fill answers it") {
  Trial trial;
  check_way_back(trial);
}

TEST_CASE("what the way back can fail at and loses is said on PostgreSQL") {
  Trial trial(nullptr, "", test::fresh_database());
  check_way_back(trial);
}

TEST_CASE("a rename of a table with all kinds of constraints cannot fail, and nothing says so") {
  Trial trial;
  check_rename(trial);
}

TEST_CASE("a rename of a table cannot fail on PostgreSQL") {
  Trial trial(nullptr, "", test::fresh_database());
  check_rename(trial);
}

TEST_CASE("a unique over values that another one keeps apart says nothing, and one that loses its own does") {
  struct Narrow {
    std::int32_t id{};
    std::string name;
    std::int32_t age{};
    static void describe(Entity<Narrow>& user) {
      user.table({.name = "user"});
      user.primary_generated<&Narrow::id>();
      user.column<&Narrow::name>({.unique = true});
      user.column<&Narrow::age>();
    }
  };
  struct Wide {
    std::int32_t id{};
    std::string name;
    std::int32_t age{};
    static void describe(Entity<Wide>& user) {
      user.table({.name = "user"});
      user.primary_generated<&Wide::id>();
      user.column<&Wide::name>();
      user.column<&Wide::age>();
      user.unique<&Wide::name, &Wide::age>();
    }
  };
  Trial trial;
  trial.arrive_at(entities<Narrow>());
  const change::SchemaChange wider = trial.arrive_at(entities<Wide>());
  CHECK(wider.notes == Lines{});
  CHECK(wider.down_notes == Lines{"fails if \"user\" has duplicate values in (name)"});
}
