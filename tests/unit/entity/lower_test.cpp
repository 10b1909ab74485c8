#include "entity/lower.h"

#include <doctest/doctest.h>

#include <optional>

#include "entity/naming.h"
#include "unit/entity/mapping.h"

using namespace whimbrel;
using test::describe;
using test::table_of;

namespace {

struct User {
  std::int32_t id{};
  std::string email;
  std::string password;

  static void describe(Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::email>({.unique = true});
    user.column<&User::password>();
  }
};

struct Post {
  std::int32_t id{};
  std::optional<std::int32_t> author_id;
  std::string title;
  std::int32_t views{};

  static void describe(Entity<Post>& post) {
    post.table({.name = "posts", .comment = "What users write", .strict = true});
    post.primary_generated<&Post::id>();
    post.many_to_one<&Post::author_id, &User::id>({.on_delete = OnDelete::set_null,
                                                   .on_update = OnUpdate::cascade,
                                                   .deferrable = Deferrable::initially_deferred});
    post.column<&Post::title>({.name = "Title", .comment = "Shown in lists"});
    post.column<&Post::views>({.default_value = 0});
    post.unique<&Post::title, &Post::author_id>({.name = "one_title"});
    post.index<&Post::title, &Post::views>({.unique = true, .where = "views > 0"});
    post.index({ascending<&Post::author_id>({.collation = "NOCASE"}), descending<&Post::views>(),
                expression("lower(\"Title\")", {.collation = "BINARY", .descending = true})},
               {.name = "by_author"});
    post.check("views >= 0");
    post.check("views < 1000", {.name = "few_views"});
  }
};

}  // namespace

TEST_CASE("the example's entity becomes the example's table") {
  const model::Table table = table_of<User>();
  CHECK(table.name == model::Name("user"));
  REQUIRE(table.columns.size() == 3);
  CHECK(table.columns[0].name == "id");
  CHECK(table.columns[0].type == model::Type{"integer", {}});
  CHECK(table.columns[0].auto_increment);
  CHECK_FALSE(table.columns[0].nullable);
  CHECK(table.columns[1].name == "email");
  CHECK(table.columns[1].type == model::Type{"varchar", {}});
  CHECK(table.columns[2].name == "password");
  CHECK_FALSE(table.columns[2].default_expression);
  REQUIRE(table.primary_key);
  CHECK(table.primary_key->columns == std::vector<model::KeyPart>{"id"});
  REQUIRE(table.uniques.size() == 1);
  CHECK(table.uniques[0].name.text == "UQ_e12875dfb3b1d92d7d7c5377e22");
  CHECK(table.uniques[0].name.derived.value);
  CHECK(table.uniques[0].columns == std::vector<model::KeyPart>{"email"});
}

TEST_CASE("columns stand where they are described first, be it by a foreign key") {
  const model::Table table = table_of<Post, User>();
  CHECK(table.name == model::Name("posts"));
  CHECK(table.options.contains("STRICT"));
  REQUIRE(table.columns.size() == 4);
  CHECK(table.columns[1].name == "author_id");
  CHECK(table.columns[1].nullable);
  CHECK(table.columns[2].name == "Title");
  CHECK(table.columns[3].default_expression == "0");
}

TEST_CASE("constraints and indexes keep given names and get TypeORM's where none is given") {
  const model::Table table = table_of<Post, User>();
  REQUIRE(table.uniques.size() == 1);
  CHECK(table.uniques[0].name.text == "one_title");
  CHECK_FALSE(table.uniques[0].name.derived.value);
  CHECK(table.uniques[0].columns == std::vector<model::KeyPart>{"Title", "author_id"});

  REQUIRE(table.indexes.size() == 2);
  CHECK(table.indexes[0].name.text == typeorm_naming().index("posts", {"Title", "views"}, "views > 0"));
  CHECK(table.indexes[0].name.derived.value);
  CHECK(table.indexes[0].unique);
  CHECK(table.indexes[0].where == "views > 0");
  CHECK(table.indexes[1].name.text == "by_author");
  REQUIRE(table.indexes[1].columns.size() == 3);
  CHECK(table.indexes[1].columns[0].column == "author_id");
  CHECK(table.indexes[1].columns[0].collation == "NOCASE");
  CHECK_FALSE(table.indexes[1].columns[0].descending);
  CHECK(table.indexes[1].columns[1].descending);
  CHECK(table.indexes[1].columns[2].expression == "lower(\"Title\")");
  CHECK(table.indexes[1].columns[2].collation == "BINARY");
  CHECK(table.indexes[1].columns[2].descending);

  REQUIRE(table.checks.size() == 2);
  CHECK(table.checks[0].name.text == typeorm_naming().check("posts", "views >= 0"));
  CHECK(table.checks[0].name.derived.value);
  CHECK(table.checks[1].name.text == "few_views");
  CHECK(table.checks[1].expression == "views < 1000");
}

TEST_CASE("a foreign key refers to the table and the column of the other member") {
  const model::Table table = table_of<Post, User>();
  REQUIRE(table.foreign_keys.size() == 1);
  const model::ForeignKey& key = table.foreign_keys[0];
  CHECK(key.name.text == typeorm_naming().foreign_key("posts", {"author_id"}));
  CHECK(key.name.derived.value);
  CHECK(key.columns == std::vector<std::string>{"author_id"});
  CHECK(key.referenced_table == model::Name("user"));
  CHECK(key.referenced_columns == std::vector<std::string>{"id"});
  CHECK(key.on_delete == model::ReferentialAction::set_null);
  CHECK(key.on_update == model::ReferentialAction::cascade);
  CHECK(key.deferral == model::Deferral::initially_deferred);
}

TEST_CASE("comments are kept for a database that stores them only") {
  CHECK(table_of<Post, User>().comment.empty());
  CHECK(table_of<Post, User>().columns[2].comment.empty());
  test::Mapping mapping;
  mapping.comments = true;
  const entity::Described described = entity::describe(entities<Post, User>(), mapping, "");
  CHECK(described.schema.tables[0].comment == "What users write");
  CHECK(described.schema.tables[0].columns[2].comment == "Shown in lists");
}

TEST_CASE("the prefix is part of every table name and of the names derived from it") {
  const entity::Described described = describe<User, Post>("app_");
  CHECK(described.schema.tables[0].name == model::Name("app_user"));
  CHECK(described.schema.tables[0].uniques[0].name.text == typeorm_naming().unique("app_user", {"email"}));
  CHECK(described.schema.tables[1].name == model::Name("app_posts"));
  CHECK(described.schema.tables[1].foreign_keys[0].referenced_table == model::Name("app_user"));
}

TEST_CASE("no entities are an empty schema") { CHECK(describe<>().schema == model::Schema{}); }

TEST_CASE("a later description of a foreign key's column gives its options, not its place") {
  struct Reply {
    std::int32_t post_id{};
    std::int32_t id{};
    static void describe(Entity<Reply>& reply) {
      reply.many_to_one<&Reply::post_id, &Post::id>();
      reply.primary_generated<&Reply::id>();
      reply.column<&Reply::post_id>({.name = "post"});
    }
  };
  const model::Table table = table_of<Reply, Post, User>();
  CHECK(table.columns[0].name == "post");
  CHECK(table.columns[1].name == "id");
  CHECK(table.foreign_keys[0].columns == std::vector<std::string>{"post"});
}

TEST_CASE("a one-to-one relation is unique, unless its column is a key already") {
  struct Profile {
    std::int32_t id{};
    std::int32_t owner_id{};
    static void describe(Entity<Profile>& profile) {
      profile.primary_generated<&Profile::id>();
      profile.one_to_one<&Profile::owner_id, &User::id>();
    }
  };
  struct Settings {
    std::int32_t user_id{};
    static void describe(Entity<Settings>& settings) {
      settings.primary_column<&Settings::user_id>();
      settings.one_to_one<&Settings::user_id, &User::id>();
    }
  };
  const model::Table profile = describe<Profile, User>().schema.tables[0];
  REQUIRE(profile.uniques.size() == 1);
  CHECK(profile.uniques[0].name.text == typeorm_naming().relation_unique("profile", {"owner_id"}));
  CHECK(profile.uniques[0].name.derived.value);
  CHECK(profile.foreign_keys.size() == 1);
  CHECK(table_of<Settings, User>().uniques.empty());
}

TEST_CASE("an entity may refer to itself, and two to each other") {
  struct Category {
    std::int32_t id{};
    std::optional<std::int32_t> parent_id;
    static void describe(Entity<Category>& category) {
      category.primary_generated<&Category::id>();
      category.many_to_one<&Category::parent_id, &Category::id>();
    }
  };
  const model::Table table = table_of<Category>();
  CHECK(table.foreign_keys[0].referenced_table == table.name);
}

namespace {

struct Egg {
  std::int32_t id{};
  static void describe(Entity<Egg>& egg);
};
struct Hen {
  std::int32_t id{};
  static void describe(Entity<Hen>& hen) {
    hen.primary_column<&Hen::id>();
    hen.one_to_one<&Hen::id, &Egg::id>();
  }
};
void Egg::describe(Entity<Egg>& egg) {
  egg.primary_column<&Egg::id>();
  egg.one_to_one<&Egg::id, &Hen::id>();
}

struct Named {
  std::string code;
  template <class T>
  static void describe_code(Entity<T>& entity) {
    entity.template primary_column<&Named::code>({.length = 8, .collation = "NOCASE"});
  }
};
struct Country : Named {
  static void describe(Entity<Country>& country) { describe_code(country); }
};
struct Currency : Named {
  static void describe(Entity<Currency>& currency) { describe_code(currency); }
};
struct City {
  std::int32_t id{};
  std::string country;
  std::optional<std::string> former_country;
  static void describe(Entity<City>& city) {
    city.primary_generated<&City::id>();
    city.many_to_one<&City::country, &Country::code>();
    city.many_to_one<&City::former_country, &Country::code>();
    city.column<&City::former_country>({.length = 20});
  }
};
struct Bank {
  std::int32_t id{};
  std::string currency;
  static void describe(Entity<Bank>& bank) {
    bank.primary_generated<&Bank::id>();
    bank.many_to_one<&Bank::currency, &Currency::code, Currency>();
  }
};

}  // namespace

TEST_CASE("keys may refer to one another in a circle") {
  const entity::Described described = describe<Hen, Egg>();
  CHECK(described.schema.tables[0].foreign_keys[0].referenced_table == model::Name("egg"));
  CHECK(described.schema.tables[1].foreign_keys[0].referenced_table == model::Name("hen"));
}

TEST_CASE("inherited members are described as own ones, and can be referred to") {
  const entity::Described described = describe<City, Country>();
  CHECK(described.schema.tables[1].columns[0].name == "code");
  CHECK(described.schema.tables[0].foreign_keys[0].referenced_table == model::Name("country"));
  const entity::Described named = describe<Bank, Country, Currency>();
  CHECK(named.schema.tables[0].foreign_keys[0].referenced_table == model::Name("currency"));
  CHECK(test::mistake<City, Country, Currency>() ==
        "entity \"City\", member \"country\": the foreign key references Named::code, which \"Country\" "
        "and \"Currency\" both inherit, so the target is ambiguous");
}

TEST_CASE("a column that holds a key has the type of the column that it refers to, unless it has its own") {
  const model::Table table = table_of<City, Country>();
  CHECK(table.find_column("country")->type == model::Type{"varchar", {8}});
  CHECK(table.find_column("country")->collation == "NOCASE");
  CHECK(table.find_column("former_country")->type == model::Type{"varchar", {20}});
  CHECK(table.find_column("former_country")->collation.empty());
}

TEST_CASE("indexes over one column in both directions have names of their own") {
  struct Event {
    std::int32_t id{};
    static void describe(Entity<Event>& event) {
      event.primary_generated<&Event::id>();
      event.index<&Event::id>();
      event.index({descending<&Event::id>()});
      event.index({ascending<&Event::id>({.collation = "NOCASE"})});
    }
  };
  const model::Table table = table_of<Event>();
  CHECK(table.indexes[0].name.text == typeorm_naming().index("event", {"id"}, ""));
  CHECK(table.indexes[1].name.text != table.indexes[0].name.text);
  CHECK(table.indexes[2].name.text != table.indexes[1].name.text);
}

TEST_CASE("a unique index is enough for a foreign key to refer to its column") {
  struct Tag {
    std::int32_t id{};
    std::string word;
    static void describe(Entity<Tag>& tag) {
      tag.primary_generated<&Tag::id>();
      tag.column<&Tag::word>();
      tag.index<&Tag::word>({.unique = true});
    }
  };
  struct Use {
    std::int32_t id{};
    std::string tag;
    static void describe(Entity<Use>& use) {
      use.primary_generated<&Use::id>();
      use.many_to_one<&Use::tag, &Tag::word>();
    }
  };
  CHECK(table_of<Use, Tag>().foreign_keys.size() == 1);
}

TEST_CASE("renames are hints beside the schema, with the prefix for tables") {
  struct Article {
    std::int32_t id{};
    std::string headline;
    static void describe(Entity<Article>& article) {
      article.table({.renamed_from = "post"});
      article.primary_generated<&Article::id>();
      article.column<&Article::headline>({.renamed_from = "title"});
    }
  };
  const entity::Described described = describe<Article>("app_");
  REQUIRE(described.table_renames.size() == 1);
  CHECK(described.table_renames[0].from == "app_post");
  CHECK(described.table_renames[0].to == "app_article");
  REQUIRE(described.column_renames.size() == 1);
  CHECK(described.column_renames[0].table == "app_article");
  CHECK(described.column_renames[0].from == "title");
  CHECK(described.column_renames[0].to == "headline");
}

TEST_CASE("names may hold quotes, spaces, other letters and keywords") {
  struct Odd {
    std::int32_t id{};
    std::string text;
    static void describe(Entity<Odd>& odd) {
      odd.table({.name = "select \"me\" 'now'"});
      odd.primary_generated<&Odd::id>({.name = "größe"});
      odd.column<&Odd::text>({.name = "a b", .unique = true});
    }
  };
  const model::Table table = table_of<Odd>();
  CHECK(table.name == model::Name("select \"me\" 'now'"));
  CHECK(table.columns[0].name == "größe");
  CHECK(table.uniques[0].columns == std::vector<model::KeyPart>{"a b"});
}
