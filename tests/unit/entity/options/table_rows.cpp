#include "unit/entity/options/thing.h"
#include "whimbrel/naming_strategy.h"

namespace option_rows {

using namespace whimbrel;

namespace {

// Columns of a struct in the table of another.
SHOWN(
    address_code, struct Address {
      std::string street;
      std::string city;
      static void describe(Entity<Address> & address) {
        address.column<&Address::street>();
        address.column<&Address::city>();
        address.index<&Address::city>();
      }
    };)

struct Name {
  std::string first_name;
  Address born_at;
  static void describe(Entity<Name>& name) {
    name.column<&Name::first_name>({.unique = true});
    name.embedded<&Name::born_at>();
  }
};

struct Person {
  std::int32_t id{};
  Address home;
  Address work;
  Name name;
  std::optional<Address> former;
};

#define PERSON(...)                                \
  [] {                                             \
    struct Thing : Person {                        \
      static void describe(Entity<Thing>& thing) { \
        thing.primary_generated<&Thing::id>();     \
        __VA_ARGS__                                \
      }                                            \
    };                                             \
    return entities<Thing>();                      \
  }()
#define PERSON_ROW(TYPEORM, BEFORE, AFTER) \
  OptionRow { TYPEORM, WHIMBREL_CODE BEFORE, PERSON BEFORE, PERSON AFTER }

// A base whose columns each entity has.
struct Content {
  std::int32_t id{};
  std::string title;
  static void describe(Entity<Content>& content) {
    content.primary_generated<&Content::id>();
    content.column<&Content::title>();
    content.index<&Content::title>();
  }
};
SHOWN(
    photo_code, struct Photo
    : Content {
      std::string size;
      static void describe(Entity<Photo> & photo) {
        photo.inherits<Content>();
        photo.column<&Photo::size>();
      }
    };)

// One table for several classes.
namespace single {
SHOWN(pet_code, struct Pet {
  std::int32_t id{};
  std::string name;
  static void describe(Entity<Pet>& pet) {
    pet.primary_generated<&Pet::id>();
    pet.column<&Pet::name>();
    pet.single_table({.column = "kind"});
  }
};
struct Dog : Pet {
  std::int32_t walks{};
  User* walker = nullptr;
  static void describe(Entity<Dog>& dog) {
    dog.child_of<Pet>({.value = "dog"});
    dog.column<&Dog::walks>();
    dog.many_to_one<&Dog::walker>();
  }
};)
struct Cat : Pet {
  std::int32_t naps{};
  static void describe(Entity<Cat>& cat) {
    cat.child_of<Pet>();
    cat.column<&Cat::naps>({.default_value = 3});
    cat.index<&Cat::naps>();
  }
};
}  // namespace single

}  // namespace

Section table_rows() {
  return {
      "Tables",
      {
          ROW("`@Entity()`", (), (thing.column<&Thing::text>();)),
          ROW("`@Entity(\"name\")`", (thing.table({.name = "stuff"});),
              (thing.table({.name = "stuff"}); thing.column<&Thing::text>();)),
          ROW("", (thing.table({.name = "stuff", .renamed_from = "thing"});),
              (thing.table({.name = "goods", .renamed_from = "stuff"});)),
          ROW("", (thing.table({.strict = true});), (thing.table({.strict = true}); thing.column<&Thing::bytes>();)),
          ROW_WITHOUT_ID("`withoutRowid`",
                         (thing.table({.without_rowid = true}); thing.primary_column<&Thing::code>();),
                         (thing.table({.without_rowid = true}); thing.primary_column<&Thing::code>();
                          thing.column<&Thing::text>();)),
          ROW("`synchronize: false`", (thing.table({.synchronize = false});),
              (thing.table({.synchronize = false}); thing.column<&Thing::text>();)),
          ROW("`comment`", (thing.table({.comment = "kept where the database has comments"});), ()),
          OptionRow{"`entityPrefix`", "DataSourceOptions{.entity_prefix = \"app_\"}",
                    THING_WITH_ID(thing.column<&Thing::text>({.unique = true});),
                    THING_WITH_ID(thing.column<&Thing::text>();), false, "", nullptr, "app_"},
          OptionRow{"`namingStrategy`",
                    "DataSourceOptions{.naming = &whimbrel::snake_case_naming()} thing.many_to_one<&Thing::owner>(); "
                    "thing.column<&Thing::text>({.unique = true});",
                    THING_WITH_ID(thing.many_to_one<&Thing::owner>(); thing.column<&Thing::text>({.unique = true});),
                    THING_WITH_ID(thing.column<&Thing::text>();), false, "", &snake_case_naming()},
          REFUSED_ROW("`schema`", (thing.table({.schema = "app"});)),
          REFUSED_ROW("`engine`", (thing.table({.engine = "InnoDB"});)),
          REFUSED_ROW("", (thing.table({.storage_parameters = "fillfactor = 70"});)),
          REFUSED_ROW("", (thing.table({.charset = "utf8mb4"});)),
          REFUSED_ROW("", (thing.table({.collation = "utf8mb4_bin"});)),
          OptionRow{"`database`", "", {}, {}, false, "a DataSource is for one database"},
          OptionRow{"`orderBy`", "", {}, {}, false, "does not affect the schema"},
      },
  };
}

Section inheritance_rows() {
  return {
      "Embedded structs and inheritance",
      {
          OptionRow{"`@Column(() => Address)`", std::string(address_code) + " thing.embedded<&Thing::home>();",
                    PERSON(thing.embedded<&Thing::home>();), PERSON(thing.embedded<&Thing::work>();)},
          PERSON_ROW("`{prefix: \"at\"}`", (thing.embedded<&Thing::home>({.prefix = "at"});),
                     (thing.embedded<&Thing::home>({.prefix = "in"});)),
          PERSON_ROW("`{prefix: false}`", (thing.embedded<&Thing::home>({.prefix = ""});), ()),
          PERSON_ROW("nested", (thing.embedded<&Thing::name>();), (thing.embedded<&Thing::name>({.prefix = "full"});)),
          PERSON_ROW("", (thing.embedded<&Thing::former>();),
                     (thing.embedded<&Thing::former>(); thing.index({ascending<&Thing::former, &Address::street>()});)),
          OptionRow{"abstract class", std::string(photo_code), entities<Photo>(), {}},
          OptionRow{"concrete class of its own", "entities<Content, Photo>()", entities<Content, Photo>(),
                    entities<Content>()},
          OptionRow{"`@TableInheritance`, `@ChildEntity`", std::string(single::pet_code),
                    entities<single::Pet, single::Dog, User>(),
                    entities<single::Pet, single::Dog, single::Cat, User>()},
      },
  };
}

}  // namespace option_rows
