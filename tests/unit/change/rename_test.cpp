#include <doctest/doctest.h>

#include <algorithm>

#include "support/version.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"
#include "whimbrel/naming_strategy.h"

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
  std::int32_t views{};
  std::vector<Tag> tags;
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::title>({.unique = true});
    post.column<&Post::views>();
    post.index<&Post::views>();
    post.check("views >= 0");
    post.many_to_many<&Post::tags>();
  }
};
}  // namespace before

namespace after {
/// The table and a column have other names, and the column another type.
struct Article {
  std::int32_t id{};
  std::string headline;
  std::string views;
  std::vector<Tag> tags;
  static void describe(Entity<Article>& article) {
    article.table({.renamed_from = "post"});
    article.primary_generated<&Article::id>();
    article.column<&Article::headline>({.length = 80, .unique = true, .renamed_from = "title"});
    article.column<&Article::views>();
    article.index<&Article::views>();
    article.check("views >= 0");
    article.many_to_many<&Article::tags>();
  }
};
}  // namespace after

struct Three {
  std::int32_t id{};
  std::int32_t likes{};
  std::string first_name;
  std::optional<std::string> note;
  static void describe(Entity<Three>& three) {
    three.table({.name = "person"});
    three.primary_generated<&Three::id>();
    three.column<&Three::likes>();
    three.column<&Three::first_name>();
    three.column<&Three::note>();
  }
};
struct OtherThree {
  std::int32_t id{};
  std::int64_t liked{};
  std::optional<std::string> remark;
  std::string given_name;
  static void describe(Entity<OtherThree>& three) {
    three.table({.name = "person"});
    three.primary_generated<&OtherThree::id>();
    three.column<&OtherThree::liked>();
    three.column<&OtherThree::remark>();
    three.column<&OtherThree::given_name>();
  }
};

struct Narrow {
  std::int32_t id{};
  std::string email;
  static void describe(Entity<Narrow>& narrow) {
    narrow.table({.name = "person"});
    narrow.primary_generated<&Narrow::id>();
    narrow.column<&Narrow::email>();
  }
};
struct Wide {
  std::int32_t id{};
  std::string post_box;
  static void describe(Entity<Wide>& wide) {
    wide.table({.name = "person"});
    wide.primary_generated<&Wide::id>();
    wide.column<&Wide::post_box>({.length = 254});
  }
};

std::vector<std::string> constraint_names(const model::Schema& schema) {
  std::vector<std::string> names;
  for (const model::Table& table : schema.tables) {
    for (const model::Unique& unique : table.uniques) names.push_back(unique.name.text);
    for (const model::Check& check : table.checks) names.push_back(check.name.text);
    for (const model::ForeignKey& key : table.foreign_keys) names.push_back(key.name.text);
    for (const model::Index& index : table.indexes) names.push_back(index.name.text);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void try_rename(const NamingStrategy* naming) {
  Trial trial(naming);
  trial.arrive_at(entities<before::Post, Tag>());
  const model::Schema made = trial.schema();
  trial.query("INSERT INTO post VALUES (1, 'First', 5); INSERT INTO tag VALUES (7)");
  trial.query("INSERT INTO post_tags_tag VALUES (1, 7)");

  const change::SchemaChange renamed = trial.arrive_at(entities<after::Article, Tag>());
  const std::vector<std::string> inexact{
      "part of the values of column \"views\" of \"article\" (lossy conversion from integer to varchar, which writes "
      "fractional numbers with 15 digits)"};
  CHECK(renamed.losses == (test::has_sqlite(53) ? std::vector<std::string>() : inexact));
  CHECK(renamed.rename_candidates.empty());
  CHECK(trial.query("SELECT * FROM article") == "1|First|5");
  CHECK(trial.query("SELECT * FROM article_tags_tag") == "1|7");

  Trial anew(naming);
  anew.arrive_at(entities<after::Article, Tag>());
  CHECK(constraint_names(trial.schema()) == constraint_names(anew.schema()));

  trial.revert_last();
  CHECK(trial.schema() == made);
  CHECK(trial.query("SELECT * FROM post") == "1|First|5");
  CHECK(trial.query("SELECT * FROM post_tags_tag") == "1|7");
}

}  // namespace

namespace {

struct Person {
  std::int32_t id{};
  std::string name;
  static void describe(Entity<Person>& person) {
    person.table({.name = "person"});
    person.primary_generated<&Person::id>();
    person.column<&Person::name>();
  }
};

struct Renamed {
  std::int32_t id{};
  std::string full_name;
  static void describe(Entity<Renamed>& person) {
    person.table({.name = "person"});
    person.primary_generated<&Renamed::id>();
    person.column<&Renamed::full_name>({.renamed_from = "name"});
  }
};

}  // namespace

TEST_CASE("SQLite: a view that gets other columns with a rename is told") {
  fixture::Trial trial;
  trial.arrive_at(entities<Person>());
  trial.query(
      "CREATE VIEW report AS SELECT id, name FROM person; CREATE VIEW ids AS SELECT id FROM person WHERE name = '1'");
  const std::vector<change::Finding> notes = trial.verify(entities<Renamed>()).notes;
  REQUIRE(notes.size() == 1);
  CHECK(notes.front().words == "also renames column \"name\" of view \"report\" to \"full_name\"");
}

TEST_CASE("a renamed table keeps its rows, also with changed columns, and takes its junction table and names along") {
  try_rename(nullptr);
  try_rename(&snake_case_naming());
}

TEST_CASE("renamed_from of what is not there any more does nothing") {
  Trial trial;
  trial.arrive_at(entities<after::Article, Tag>());
  CHECK(trial.is_at(entities<after::Article, Tag>()));
  CHECK(trial.query("SELECT count(*) FROM article") == "0");
}

TEST_CASE("what could be a rename is ranked by type, what columns say, name and place") {
  Trial trial;
  trial.arrive_at(entities<Three>());
  const change::SchemaChange open = trial.look(entities<OtherThree>());
  REQUIRE(open.rename_candidates.size() == 5);
  const auto pair = [&](std::size_t i) {
    return open.rename_candidates[i].from.name + " " + open.rename_candidates[i].to.name;
  };
  CHECK(pair(0) == "first_name given_name");
  CHECK(pair(1) == "note remark");
  CHECK(pair(4) == "likes liked");
}

TEST_CASE("a column of another length and another name could be a rename") {
  Trial trial;
  trial.arrive_at(entities<Narrow>());
  CHECK(trial.look(entities<Wide>()).rename_candidates.size() == 1);
}

TEST_CASE("a rename together with another type is one rename and one alteration, and keeps the data") {
  Trial trial;
  trial.arrive_at(entities<Three>());
  trial.query("INSERT INTO person VALUES (1, 5, 'Ann', NULL)");
  diff::Answers answers;
  answers.column_renames = {
      {"person", "likes", "liked"}, {"person", "first_name", "given_name"}, {"person", "note", "remark"}};
  const change::SchemaChange generated = trial.arrive_at(entities<OtherThree>(), answers);
  CHECK(generated.losses.empty());
  CHECK(generated.operations.size() == 4);
  CHECK(trial.query("SELECT id, liked, given_name, remark FROM person") == "1|5|Ann|NULL");
}
