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
#define MISTAKE(...)                                                \
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
  CHECK(MISTAKE(thing.many_to_one<&Thing::unknown>();) ==
        "entity \"Thing\", member \"unknown\": the relation refers to Unknown, which is of no known entity");
  CHECK(
      MISTAKE(thing.many_to_one<&Thing::other, &Other::name>();) ==
      "entity \"Thing\", member \"other\": the foreign key refers to Other::name, which is neither the primary key nor "
      "unique");
  CHECK(
      MISTAKE(thing.many_to_one<&Thing::other>({.columns = {"a", "b"}});) ==
      "entity \"Thing\", member \"other\": the relation gives 2 names as columns, but the key that it refers to has 1 "
      "column");
  CHECK(MISTAKE(thing.many_to_one<&Thing::other_id, &Other::id>({.columns = {"a"}});)
            .starts_with("entity \"Thing\", member \"other_id\": the member holds the key itself"));
  CHECK(MISTAKE(thing.many_to_one<&Thing::other>({.on_delete = OnDelete::set_null, .nullable = false});) ==
        "entity \"Thing\", member \"other\": the foreign key sets the column NULL, which it does not take");
  CHECK(MISTAKE(thing.many_to_one<Other>({});) == "entity \"Thing\": a foreign key has no members");
  CHECK(MISTAKE(thing.many_to_many<&Thing::others>({.columns = {"a", "b"}});) ==
        "entity \"Thing\", member \"others\": 2 names are given as columns, but the primary key of Thing has 1 column");
  CHECK(MISTAKE(thing.many_to_many<Unknown>();) ==
        "entity \"Thing\": the relation is to Unknown, which is no known entity");
  CHECK(MISTAKE(thing.many_to_many<&Thing::others>(); thing.many_to_many<&Thing::others>();) ==
        "entity \"Thing\": a table that it needs would be \"thing_others_other\", as another one is");
}

TEST_CASE("mistakes in embedded structs, trees and columns name the member and what is wrong") {
  CHECK(MISTAKE(thing.embedded<&Thing::row>();) ==
        "entity \"Thing\", member \"row\": the embedded struct \"Row\" describes a table or a view of its own");
  CHECK(MISTAKE(thing.tree(Tree::nested_set);) ==
        "entity \"Thing\": it is a tree, but no relation leads to the parent");
  CHECK(MISTAKE(thing.many_to_one<&Thing::parent>(); thing.tree(Tree::nested_set); thing.tree(Tree::nested_set);) ==
        "entity \"Thing\": tree() is called twice");
  CHECK(MISTAKE(thing.column<&Thing::text>({.default_value = "a", .computed = "'b'"});) ==
        "entity \"Thing\", member \"text\": the column is computed, and has another value too");
  CHECK(MISTAKE(thing.column<&Thing::text>({.stored = true});) ==
        "entity \"Thing\", member \"text\": stored is said of a column that is not computed");
  CHECK(MISTAKE(thing.column<&Thing::text>({.primary_key_name = "key"});) ==
        "entity \"Thing\", member \"text\": it gives the primary key a name, but is not of it");
  CHECK(MISTAKE(thing.column<&Thing::other_id>({.generated = Generation::uuid});) ==
        "entity \"Thing\", member \"other_id\": a generated UUID is text, which the member is not");
  CHECK(MISTAKE(thing.column<&Thing::text>({.generated = Generation::increment});) ==
        "entity \"Thing\", member \"text\": only whole numbers count up, which the member is not");
  CHECK(MISTAKE(thing.index<&Thing::id>({.synchronize = false});) ==
        "entity \"Thing\": an index that is not synchronized has no name");
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
  CHECK(mistake<Lonely>() == "entity \"Lonely\": it is a child of Parent, which is no known entity");
  CHECK(mistake<Parent, Keyed>() ==
        "entity \"Keyed\", member \"key\": a class in the table of Parent has that one's primary key");
  CHECK(mistake<Parent, Named>() ==
        "entity \"Named\": its rows are in the table of Parent, and so table(), single_table() and tree() are that "
        "one's");
  CHECK(mistake<Parent, Same>() == "entity \"Same\": another class of the table is told by \"Parent\" too");
  CHECK(mistake<Other, Stray>() ==
        "entity \"Stray\": it is a child of Other, which does not say that its table holds other classes too");
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
  CHECK(mistake<Lost>() == "entity \"Lost\": the view depends on Unknown, which is no known entity or view");
  CHECK(mistake<Round>() == "entity \"Round\": the view depends on itself, by way of what it depends on");
  CHECK(mistake<Other, Taken>() == "entity \"Taken\": another entity has the table or view \"other\" too");
}
