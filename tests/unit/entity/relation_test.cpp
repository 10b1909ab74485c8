#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>

#include "entity/lower.h"
#include "unit/entity/mapping.h"

// Names and columns are those that TypeORM 1.1 makes for the same entities on SQLite.

using namespace whimbrel;
using test::describe;

namespace {

struct Tag {
  std::int32_t id{};
  static void describe(Entity<Tag>& tag) { tag.primary_generated<&Tag::id>(); }
};

struct PairThing {
  std::string a;
  std::int32_t b_c{};
  static void describe(Entity<PairThing>& pair) {
    pair.primary_column<&PairThing::a>({.length = 10});
    pair.primary_column<&PairThing::b_c>({.name = "bee"});
  }
};

struct BlogPost {
  std::int32_t id{};
  std::vector<Tag> tags;
  std::vector<std::shared_ptr<PairThing>> pairs_of;
  std::vector<BlogPost*> friends;
  std::shared_ptr<Tag> author;
  std::unique_ptr<PairThing> owner;
  std::optional<std::reference_wrapper<PairThing>> the_pair;

  static void describe(Entity<BlogPost>& post) {
    post.primary_generated<&BlogPost::id>();
    post.many_to_many<&BlogPost::tags>();
    post.many_to_many<&BlogPost::pairs_of>();
    post.many_to_many<&BlogPost::friends>();
    post.many_to_one<&BlogPost::author>();
    post.one_to_one<&BlogPost::owner>();
    post.many_to_one<&BlogPost::the_pair>({.on_delete = OnDelete::cascade, .nullable = false});
  }
};

struct Place {
  std::string first_name;
  std::string lastName;
  std::string city;
  static void describe(Entity<Place>& place) {
    place.column<&Place::first_name>();
    place.column<&Place::lastName>();
    place.column<&Place::city>({.name = "town"});
    place.index<&Place::first_name>();
    place.unique<&Place::lastName>();
  }
};
struct Person {
  std::int32_t id{};
  Place home_address;
  Place plain;
  Place pre;
  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.embedded<&Person::home_address>();
    person.embedded<&Person::plain>({.prefix = ""});
    person.embedded<&Person::pre>({.prefix = "x_y"});
  }
};

struct Content {
  std::int32_t id{};
  std::string title;
  static void describe(Entity<Content>& content) {
    content.primary_generated<&Content::id>();
    content.column<&Content::title>();
    content.single_table();
  }
};
struct Photo : Content {
  std::string size;
  Tag* tag = nullptr;
  static void describe(Entity<Photo>& photo) {
    photo.child_of<Content>();
    photo.column<&Photo::size>({.unique = true});
    photo.many_to_one<&Photo::tag>();
    photo.index<&Photo::size>();
  }
};
struct Question : Content {
  std::int32_t answers{};
  static void describe(Entity<Question>& question) {
    question.child_of<Content>({.value = "q"});
    question.column<&Question::answers>({.default_value = 1});
  }
};
struct Comment {
  std::int32_t id{};
  Photo* photo = nullptr;
  static void describe(Entity<Comment>& comment) {
    comment.primary_generated<&Comment::id>();
    comment.many_to_one<&Comment::photo>();
  }
};

struct Category {
  std::int32_t id{};
  Category* parent = nullptr;
  std::int32_t level{};
  static void describe(Entity<Category>& category) {
    category.primary_generated<&Category::id>();
    category.tree_level<&Category::level>();
    category.many_to_one<&Category::parent>();
    category.tree(Tree::closure_table);
  }
};

using Names = std::vector<std::string>;

Names columns_of(const model::Table& table) {
  Names names;
  for (const model::Column& column : table.columns) names.push_back(column.name);
  return names;
}

template <class T>
Names names_of(const std::vector<T>& constraints) {
  Names names;
  for (const T& constraint : constraints) names.push_back(constraint.name.text);
  return names;
}

}  // namespace

TEST_CASE("columns and keys of relations are TypeORM's, whatever kind of member leads to the entity") {
  const model::Schema schema = describe<Tag, PairThing, BlogPost>().schema;
  const model::Table& post = schema.tables.at(2);
  CHECK(columns_of(post) == Names{"id", "authorId", "ownerA", "ownerBC", "thePairA", "thePairBC"});
  CHECK(post.find_column("authorId")->nullable);
  CHECK(post.find_column("ownerA")->type == model::Type{"varchar", {10}});
  CHECK_FALSE(post.find_column("thePairBC")->nullable);
  CHECK(names_of(post.uniques) == Names{"REL_de5b220f5f5ff35c37bf3f1346"});
  CHECK(names_of(post.foreign_keys) ==
        Names{"FK_657e11001f05ef48b5383f5a637", "FK_de5b220f5f5ff35c37bf3f1346c", "FK_8462e53fc7387847dfcbf7d6a97"});
  CHECK(post.foreign_keys[1].referenced_columns == Names{"a", "bee"});
}

TEST_CASE("junction tables are TypeORM's: names, columns, indexes, keys, cascades") {
  const model::Schema schema = describe<Tag, PairThing, BlogPost>().schema;
  REQUIRE(schema.tables.size() == 6);
  const model::Table& tags = schema.tables[3];
  CHECK(tags.name == model::Name("blog_post_tags_tag"));
  CHECK(columns_of(tags) == Names{"blogPostId", "tagId"});
  CHECK(tags.primary_key->columns == std::vector<model::KeyPart>{"blogPostId", "tagId"});
  CHECK(names_of(tags.indexes) == Names{"IDX_bf05feace838b79c501de1af84", "IDX_90bd0ea937555c1536bb633ff3"});
  CHECK(names_of(tags.foreign_keys) == Names{"FK_bf05feace838b79c501de1af846", "FK_90bd0ea937555c1536bb633ff3a"});
  CHECK(tags.foreign_keys[0].on_delete == model::ReferentialAction::cascade);
  CHECK(tags.foreign_keys[1].on_update == model::ReferentialAction::cascade);

  const model::Table& pairs = schema.tables[4];
  CHECK(pairs.name == model::Name("blog_post_pairs_of_pair_thing"));
  CHECK(columns_of(pairs) == Names{"blogPostId", "pairThingA", "pairThingBee"});
  CHECK(names_of(pairs.indexes) == Names{"IDX_9988532a9e56b521fdea3d99ab", "IDX_3f907c5faaa155a441ffb5bd55"});

  const model::Table& friends = schema.tables[5];
  CHECK(columns_of(friends) == Names{"blogPostId_1", "blogPostId_2"});
  CHECK(names_of(friends.foreign_keys) == Names{"FK_2e7580ffbee199224e12e1686a4", "FK_4deb1f501566f30a654124e1edc"});
}

TEST_CASE("a prefix goes before the names of junction and closure tables, not into their columns") {
  const model::Schema posts = describe<Tag, PairThing, BlogPost>("pre_").schema;
  CHECK(posts.tables[3].name == model::Name("pre_blog_post_tags_tag"));
  CHECK(columns_of(posts.tables[3]) == Names{"blogPostId", "tagId"});
  CHECK(names_of(posts.tables[3].indexes) == Names{"IDX_2f4b6ce527d2ecc203a86f1292", "IDX_25c1004080c2195c8e0f552b0f"});
  const model::Schema categories = describe<Category>("pre_").schema;
  CHECK(categories.tables[1].name == model::Name("pre_category_closure"));
  CHECK(names_of(categories.tables[1].indexes) ==
        Names{"IDX_3f6f15577d759b953d8eb0867b", "IDX_1e4bf00e82963d5d7d09b7a59e"});
}

TEST_CASE("embedded columns, their indexes and uniques have TypeORM's names") {
  const model::Table person = test::table_of<Person>();
  CHECK(columns_of(person) == Names{"id", "homeAddressFirst_name", "homeAddressLastname", "homeAddressTown",
                                    "first_name", "lastName", "town", "xYFirst_name", "xYLastname", "xYTown"});
  CHECK(names_of(person.indexes) ==
        Names{"IDX_4444027534ee255f21dbbb4a06", "IDX_25fdde99bfeabd5d38d5036999", "IDX_d04e96119f5d1a4ee37d6176f5"});
  CHECK(names_of(person.uniques) ==
        Names{"UQ_7667a3c897e7793d654c03fc9b0", "UQ_7603bd367dca12b2bd03ef1db84", "UQ_ce37d275790a3d67d4c847a94d7"});
}

TEST_CASE("the classes of one table share it, and others may refer to each of them") {
  const model::Schema schema = describe<Content, Photo, Question, Tag, Comment>().schema;
  REQUIRE(schema.tables.size() == 3);
  const model::Table& content = schema.tables[0];
  CHECK(columns_of(content) == Names{"id", "title", "size", "answers", "type", "tagId"});
  CHECK(content.find_column("size")->nullable);
  CHECK(content.find_column("answers")->nullable);
  CHECK_FALSE(content.find_column("title")->nullable);
  CHECK_FALSE(content.find_column("type")->nullable);
  CHECK(names_of(content.uniques) == Names{"UQ_e01d16d3e4411d4f30f035ebea8"});
  CHECK(names_of(content.indexes) == Names{"IDX_e01d16d3e4411d4f30f035ebea", "IDX_b9b0eb0c1e1e5f61a56ef072bc"});
  CHECK(names_of(content.foreign_keys) == Names{"FK_9f0ddfa8d56f0058b2ce38e9873"});
  CHECK(schema.tables[2].foreign_keys.at(0).referenced_table == model::Name("content"));
}

TEST_CASE("a closure table is TypeORM's") {
  const model::Schema schema = describe<Category>().schema;
  const model::Table& closure = schema.tables.at(1);
  CHECK(closure.name == model::Name("category_closure"));
  CHECK(columns_of(closure) == Names{"id_ancestor", "id_descendant", "level"});
  CHECK(closure.primary_key->columns == std::vector<model::KeyPart>{"id_ancestor", "id_descendant"});
  CHECK(names_of(closure.indexes) == Names{"IDX_4aa1348fc4b7da9bef0fae8ff4", "IDX_6a22002acac4976977b1efd114"});
  CHECK(names_of(closure.foreign_keys) == Names{"FK_4aa1348fc4b7da9bef0fae8ff48", "FK_6a22002acac4976977b1efd114a"});
  CHECK(closure.foreign_keys[0].on_delete == model::ReferentialAction::cascade);
  CHECK(closure.foreign_keys[0].on_update == model::ReferentialAction::no_action);
}

TEST_CASE("what a database has beyond SQLite reaches the model") {
  struct Room {
    std::int32_t id{};
    std::string name;
    std::optional<std::int32_t> floor;
    static void describe(Entity<Room>& room) {
      room.table({.schema = "app"});
      room.primary_generated<&Room::id>({.generated = Generation::identity});
      room.column<&Room::name>({.charset = "utf8mb4", .on_update = "now()"});
      room.column<&Room::floor>();
      room.index({descending<&Room::floor>({.nulls = Nulls::last, .operator_class = "int4_ops", .length = 4}),
                  included<&Room::name>()},
                 {.unique = true, .method = "gist", .nulls_not_distinct = true});
      room.unique<&Room::floor>({.deferrable = Deferrable::initially_deferred, .nulls_not_distinct = true});
      room.exclusion("USING gist (name WITH =)");
    }
  };
  test::Mapping mapping;
  mapping.has_everything = true;
  const model::Table room = entity::describe(entities<Room>(), mapping, "").schema.tables.at(0);
  CHECK(room.name == model::Name("app", "room"));
  CHECK(room.columns[0].identity);
  CHECK(room.columns[1].charset == "utf8mb4");
  CHECK(room.columns[1].on_update == "now()");
  const model::Index& index = room.indexes.at(0);
  CHECK(index.method == "gist");
  CHECK(index.included == Names{"name"});
  CHECK(index.nulls_not_distinct);
  REQUIRE(index.columns.size() == 1);
  CHECK(index.columns[0].nulls == model::NullOrder::last);
  CHECK(index.columns[0].operator_class == "int4_ops");
  CHECK(index.columns[0].length == 4);
  CHECK(room.uniques.at(0).deferral == model::Deferral::initially_deferred);
  CHECK(room.uniques[0].nulls_not_distinct);
  CHECK(room.exclusions.at(0).definition == "USING gist (name WITH =)");
  CHECK(room.exclusions[0].name.derived.value);
}

TEST_CASE("views come after those that they select from, by what they say and by what they name") {
  struct Last {
    static void describe(View<Last>& view) { view.query("SELECT * FROM middle"); }
  };
  struct Middle {
    static void describe(View<Middle>& view) { view.query("SELECT 1;\n", {.name = "middle"}); }
  };
  struct First {
    static void describe(View<First>& view) {
      view.query("SELECT id FROM tag");
      view.depends_on<Tag, Middle>();
    }
  };
  const model::Schema schema = describe<Last, First, Middle, Tag>("pre_").schema;
  REQUIRE(schema.views.size() == 3);
  CHECK(schema.views[0].name == model::Name("pre_last"));
  CHECK(schema.views[1].name == model::Name("pre_middle"));
  CHECK(schema.views[1].definition == "CREATE VIEW \"pre_middle\" AS SELECT 1");
  CHECK(schema.views[2].name == model::Name("pre_first"));
  const model::Schema plain = describe<Last, First, Middle, Tag>().schema;
  CHECK(plain.views[0].name == model::Name("middle"));
  CHECK(plain.views[1].name == model::Name("last"));
}
