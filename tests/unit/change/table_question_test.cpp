#include <doctest/doctest.h>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// A table that no entity describes any more is a question: may it go, or was it renamed?

using namespace whimbrel;
using fixture::texts;
using fixture::Trial;

namespace {

struct Tag {
  std::int32_t id{};
  std::string label;
  static void describe(Entity<Tag>& tag) {
    tag.primary_generated<&Tag::id>();
    tag.column<&Tag::label>();
  }
};

struct Post {
  std::int32_t id{};
  std::string title;
  std::string text;
  std::optional<std::int32_t> views;
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::title>();
    post.column<&Post::text>();
    post.column<&Post::views>();
  }
};

/// The same with another column, under another name.
struct Article {
  std::int32_t id{};
  std::string title;
  std::string text;
  std::optional<std::string> teaser;
  static void describe(Entity<Article>& article) {
    article.primary_generated<&Article::id>();
    article.column<&Article::title>();
    article.column<&Article::text>();
    article.column<&Article::teaser>();
  }
};

struct Essay {
  std::int32_t id{};
  std::string title;
  std::string text;
  std::optional<std::int32_t> views;
  static void describe(Entity<Essay>& essay) {
    essay.primary_generated<&Essay::id>();
    essay.column<&Essay::title>();
    essay.column<&Essay::text>();
    essay.column<&Essay::views>();
  }
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs(const change::SchemaChange& generated) {
  Pairs result;
  for (const diff::TableRenameCandidate& candidate : generated.table_candidates) {
    result.emplace_back(candidate.from.name, candidate.to.name);
  }
  return result;
}

void check_questions(Trial& trial) {
  trial.arrive_at(entities<Post, Tag>());
  trial.query("INSERT INTO post (title, text) VALUES ('kept', '')");

  const change::SchemaChange dropped = trial.look(entities<Post>());
  CHECK(dropped.undecided_drops == std::vector<model::Name>{"tag"});
  CHECK(pairs(dropped).empty());
  diff::Answers drop;
  drop.dropped_tables = {"tag"};
  CHECK(trial.look(entities<Post>(), drop).undecided_drops.empty());

  const change::SchemaChange open = trial.look(entities<Article, Essay, Tag>());
  CHECK(pairs(open) == Pairs{{"post", "essay"}, {"post", "article"}});
  CHECK(open.undecided_drops.empty());

  diff::Answers not_essay;
  not_essay.not_table_renames = {{"post", "essay"}};
  CHECK(pairs(trial.look(entities<Article, Essay, Tag>(), not_essay)) == Pairs{{"post", "article"}});
  not_essay.not_table_renames.push_back({"post", "article"});
  CHECK(trial.look(entities<Article, Essay, Tag>(), not_essay).undecided_drops == std::vector<model::Name>{"post"});

  diff::Answers rename;
  rename.table_renames = {{"post", "article"}};
  const change::SchemaChange renamed = trial.arrive_at(entities<Article, Essay, Tag>(), rename);
  CHECK(renamed.table_candidates.empty());
  CHECK(trial.query("SELECT title FROM article") == "kept");
}

}  // namespace

TEST_CASE("a table that goes is a question, and which of the new ones it could be, the likeliest first") {
  Trial trial;
  check_questions(trial);
}

TEST_CASE("a table that goes is a question on PostgreSQL too") {
  Trial trial(nullptr, "", test::fresh_database());
  check_questions(trial);
}

TEST_CASE("a table without likeness to a new one is asked about only whether it may go") {
  Trial trial;
  trial.arrive_at(entities<Tag>());
  const change::SchemaChange generated = trial.look(entities<Post>());
  CHECK(pairs(generated).empty());
  CHECK(generated.undecided_drops == std::vector<model::Name>{"tag"});
}

TEST_CASE("a key that has the same name is no likeness, but to a table that has nothing else") {
  struct Key {
    std::int32_t id{};
    static void describe(Entity<Key>& key) { key.primary_generated<&Key::id>(); }
  };
  struct OtherKey {
    std::int32_t id{};
    static void describe(Entity<OtherKey>& key) { key.primary_generated<&OtherKey::id>(); }
  };
  Trial trial;
  trial.arrive_at(entities<Key>());
  CHECK(pairs(trial.look(entities<Tag>())).empty());
  CHECK(pairs(trial.look(entities<OtherKey>())) == Pairs{{"key", "other_key"}});
}

TEST_CASE("a table that others made is asked about only if a new one is nearly the same, and never dropped") {
  Trial trial;
  trial.query("CREATE TABLE post (id integer PRIMARY KEY, title varchar, text varchar, views integer)");
  const change::SchemaChange same = trial.look(entities<Essay>());
  CHECK(pairs(same) == Pairs{{"post", "essay"}});
  CHECK(same.table_candidates.front().unmanaged);
  CHECK(same.undecided_drops.empty());
  CHECK(same.losses.empty());
  CHECK(pairs(trial.look(entities<Article>())).empty());
  diff::Answers answers;
  answers.not_table_renames = {{"post", "essay"}};
  CHECK(pairs(trial.look(entities<Essay>(), answers)).empty());
}

TEST_CASE("a view that goes is no question: it has no rows") {
  struct Titles {
    static void describe(View<Titles>& view) { view.query("SELECT title FROM post"); }
  };
  Trial trial;
  trial.arrive_at(entities<Post, Titles>());
  const change::SchemaChange generated = trial.look(entities<Post>());
  CHECK(texts(generated.script.up) == std::vector<std::string>{"DROP VIEW \"titles\""});
  CHECK(generated.undecided_drops.empty());
}
