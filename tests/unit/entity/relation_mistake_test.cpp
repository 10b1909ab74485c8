#include <doctest/doctest.h>

#include <optional>

#include "entity/lower.h"
#include "unit/entity/mapping.h"

using namespace whimbrel;
using test::mistake;

namespace {

struct Other {
  std::int32_t id{};
  std::string name;
  static void describe(Entity<Other>& other) {
    other.primary_generated<&Other::id>();
    other.column<&Other::name>();
  }
};
struct Unknown {};
struct Row {
  static void describe(Entity<Row>& row) { row.table({.name = "row"}); }
};

struct Members {
  std::int32_t id{};
  std::string text;
  Other* other = nullptr;
  Unknown* unknown = nullptr;
  std::vector<Other> others;
  std::int32_t other_id{};
  Row row;
};

}  // namespace

// What is wrong with an entity Thing that is described so.
#define RELATION_MISTAKE(...)                                       \
  [] {                                                              \
    struct Thing : Members {                                        \
      Thing* parent = nullptr;                                      \
      static void describe([[maybe_unused]] Entity<Thing>& thing) { \
        thing.primary_generated<&Thing::id>();                      \
        __VA_ARGS__                                                 \
      }                                                             \
    };                                                              \
    return mistake<Thing, Other>();                                 \
  }()

TEST_CASE("mistakes in relations name the member and what is wrong") {
  CHECK(RELATION_MISTAKE(thing.many_to_one<&Thing::unknown>();) ==
        "entity \"Thing\", member \"unknown\": the relation references Unknown, which belongs to no entity in "
        "entities<...>()");
  CHECK(RELATION_MISTAKE(thing.many_to_one<&Thing::other, &Other::name>();) ==
        "entity \"Thing\", member \"other\": the foreign key references Other::name, which is neither the primary key "
        "nor "
        "unique");
  CHECK(
      RELATION_MISTAKE(thing.many_to_one<&Thing::other>({.columns = {"a", "b"}});) ==
      "entity \"Thing\", member \"other\": the relation sets 2 names as columns, but the key that it references has 1 "
      "column");
  CHECK(RELATION_MISTAKE(thing.many_to_one<&Thing::other_id, &Other::id>({.columns = {"a"}});)
            .starts_with("entity \"Thing\", member \"other_id\": the member itself holds the key"));
  CHECK(RELATION_MISTAKE(thing.many_to_one<&Thing::other>({.on_delete = OnDelete::set_null, .nullable = false});) ==
        "entity \"Thing\", member \"other\": the foreign key uses SET NULL, but the column is not nullable");
  CHECK(RELATION_MISTAKE(thing.many_to_one<Other>({});) == "entity \"Thing\": a foreign key has no members");
  CHECK(RELATION_MISTAKE(thing.many_to_many<&Thing::others>({.columns = {"a", "b"}});) ==
        "entity \"Thing\", member \"others\": 2 names are set as columns, but the primary key of Thing has 1 column");
  CHECK(RELATION_MISTAKE(thing.many_to_many<Unknown>();) ==
        "entity \"Thing\": the relation is to Unknown, which is not listed in entities<...>()");
  CHECK(RELATION_MISTAKE(thing.many_to_many<&Thing::others>(); thing.many_to_many<&Thing::others>();) ==
        "entity \"Thing\": its junction or closure table would be named \"thing_others_other\", which another table "
        "already uses");
}

TEST_CASE("mistakes in embedded structs, trees and columns name the member and what is wrong") {
  CHECK(RELATION_MISTAKE(thing.embedded<&Thing::row>();) ==
        "entity \"Thing\", member \"row\": the embedded struct \"Row\" describes its own table or view");
  CHECK(RELATION_MISTAKE(thing.tree(Tree::nested_set);) ==
        "entity \"Thing\": the entity is a tree, but has no relation to its parent");
  CHECK(RELATION_MISTAKE(thing.many_to_one<&Thing::parent>(); thing.tree(Tree::nested_set);
                         thing.tree(Tree::nested_set);) == "entity \"Thing\": tree() is called twice");
  CHECK(RELATION_MISTAKE(thing.column<&Thing::text>({.default_value = "a", .computed = "'b'"});) ==
        "entity \"Thing\", member \"text\": a computed column cannot also have a default or be auto-incremented");
  CHECK(RELATION_MISTAKE(thing.column<&Thing::text>({.stored = true});) ==
        "entity \"Thing\", member \"text\": stored is set, but the column is not computed");
  CHECK(RELATION_MISTAKE(thing.column<&Thing::text>({.primary_key_name = "key"});) ==
        "entity \"Thing\", member \"text\": primary_key_name is set, but the column is not part of the primary key");
  CHECK(RELATION_MISTAKE(thing.column<&Thing::other_id>({.generated = Generation::uuid});) ==
        "entity \"Thing\", member \"other_id\": a generated UUID needs a std::string member");
  CHECK(RELATION_MISTAKE(thing.column<&Thing::text>({.generated = Generation::increment});) ==
        "entity \"Thing\", member \"text\": only integer members can be auto-incremented");
  CHECK(RELATION_MISTAKE(thing.index<&Thing::id>({.synchronize = false});) ==
        "entity \"Thing\": an unmanaged index (synchronize = false) has no name");
}

TEST_CASE("mistakes in the classes of one table name the class and what is wrong") {
  struct Parent {
    std::int32_t id{};
    static void describe(Entity<Parent>& parent) {
      parent.primary_generated<&Parent::id>();
      parent.single_table();
    }
  };
  struct Lonely : Parent {
    static void describe(Entity<Lonely>& lonely) { lonely.child_of<Parent>(); }
  };
  struct Keyed : Parent {
    std::int32_t key{};
    static void describe(Entity<Keyed>& keyed) {
      keyed.child_of<Parent>();
      keyed.primary_column<&Keyed::key>();
    }
  };
  struct Named : Parent {
    static void describe(Entity<Named>& named) {
      named.child_of<Parent>();
      named.table({.name = "named"});
    }
  };
  struct Same : Parent {
    static void describe(Entity<Same>& same) { same.child_of<Parent>({.value = "Parent"}); }
  };
  struct Stray : Other {
    static void describe(Entity<Stray>& stray) { stray.child_of<Other>(); }
  };
  CHECK(mistake<Parent, Lonely>().empty());
  CHECK(mistake<Lonely>() == "entity \"Lonely\": it is a child of Parent, which is not listed in entities<...>()");
  CHECK(mistake<Parent, Keyed>() ==
        "entity \"Keyed\", member \"key\": it is stored in the table of Parent, so it cannot have its own primary key");
  CHECK(mistake<Parent, Named>() ==
        "entity \"Named\": it is stored in the table of Parent, so table(), single_table() and tree() belong in the "
        "description of Parent");
  CHECK(mistake<Parent, Same>() ==
        "entity \"Same\": another class in the table also uses the discriminator value \"Parent\"");
  CHECK(mistake<Other, Stray>() ==
        "entity \"Stray\": it is a child of Other, whose table does not store other classes");
}

TEST_CASE("mistakes in views name the view and what is wrong") {
  struct Empty {
    static void describe(View<Empty>& view) { view.depends_on<Other>(); }
  };
  struct Lost {
    static void describe(View<Lost>& view) {
      view.query("SELECT 1");
      view.depends_on<Unknown>();
    }
  };
  struct Round {
    static void describe(View<Round>& view) {
      view.query("SELECT 1");
      view.depends_on<Round>();
    }
  };
  struct Taken {
    static void describe(View<Taken>& view) { view.query("SELECT 1", {.name = "other"}); }
  };
  CHECK(mistake<Empty, Other>() == "entity \"Empty\": the view has no query");
  CHECK(mistake<Lost>() == "entity \"Lost\": the view depends on Unknown, which is not listed in entities<...>()");
  CHECK(mistake<Round>() == "entity \"Round\": the view depends on itself through its dependencies");
  CHECK(mistake<Other, Taken>() == "entity \"Taken\": another entity also has the table or view \"other\"");
}
