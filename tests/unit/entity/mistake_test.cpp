#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <optional>

#include "entity/lower.h"
#include "unit/entity/mapping.h"

using namespace whimbrel;
using test::mistake;

namespace {

struct User {
  std::int32_t id{};
  std::string name;
  static void describe(Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::name>();
  }
};

enum class Colour { red, green };
enum class Shape { round };
enum class Distant { far = 1000 };

struct Members {
  std::int32_t id{};
  std::int32_t number{};
  std::int8_t small{};
  std::uint64_t great{};
  double real{};
  bool flag{};
  std::string text;
  std::vector<std::byte> bytes;
  std::int32_t user_id{};
  std::string user_name;
  Colour colour{};
  Distant distant{};
  std::chrono::sys_seconds time;
};

}  // namespace

// What is wrong with an entity Thing that is described so.
#define MISTAKE(...)                                                              \
  [] {                                                                            \
    struct Thing : Members {                                                      \
      static void describe([[maybe_unused]] Entity<Thing>& thing) { __VA_ARGS__ } \
    };                                                                            \
    return mistake<Thing, User>();                                                \
  }()
// The same, with a primary key.
#define MISTAKE_BESIDE_ID(...) MISTAKE(thing.primary_generated<&Thing::id>(); __VA_ARGS__)

TEST_CASE("an entity needs a primary key, and one that fits") {
  CHECK(MISTAKE() == "entity \"Thing\": the entity has no primary key");
  CHECK(MISTAKE(thing.column<&Thing::id>();) == "entity \"Thing\": the entity has no primary key");
  CHECK(MISTAKE_BESIDE_ID(thing.primary_column<&Thing::number>();) ==
        "entity \"Thing\", member \"id\": a generated key must be the only column of the primary key");
  CHECK(MISTAKE_BESIDE_ID(thing.primary_generated<&Thing::number>();) ==
        "entity \"Thing\", member \"number\": a generated key must be the only column of the primary key");
  CHECK(MISTAKE(thing.primary_generated<&Thing::id>({.nullable = true});) ==
        "entity \"Thing\", member \"id\": a primary key column cannot be nullable");
  CHECK(MISTAKE(thing.primary_generated<&Thing::id>({.default_value = 1});) ==
        "entity \"Thing\", member \"id\": a generated key has a default");
  CHECK(MISTAKE(thing.primary_generated<&Thing::id>({.default_expression = "1"});) ==
        "entity \"Thing\", member \"id\": a generated key has a default");
  CHECK(MISTAKE(thing.primary_generated<&Thing::id>({.type = "bigint"});) ==
        "entity \"Thing\", member \"id\": SQLite generates keys of type integer only, not bigint");
  CHECK(MISTAKE(thing.table({.without_rowid = true}); thing.primary_generated<&Thing::id>();) ==
        "entity \"Thing\", member \"id\": SQLite cannot generate keys in a WITHOUT ROWID table");
}

TEST_CASE("a member is described once, and a name is one column's") {
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>(); thing.column<&Thing::text>({.length = 3});) ==
        "entity \"Thing\", member \"text\": the member is described as a column twice");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::id>();) ==
        "entity \"Thing\", member \"id\": the member is described as a column twice");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.name = "ID"});) ==
        "entity \"Thing\", member \"text\": the column \"ID\" has the same name as the column of member \"id\"");
  CHECK(MISTAKE(thing.table({}); thing.table({});) == "entity \"Thing\": table() is called twice");
}

TEST_CASE("two entities have two tables") {
  struct Account {
    std::int32_t id{};
    static void describe(Entity<Account>& account) {
      account.table({.name = "USER"});
      account.primary_generated<&Account::id>();
    }
  };
  CHECK(mistake<User, Account>() == "entity \"Account\": another entity also has the table \"USER\"");
  CHECK(mistake<User, User>() == "entity \"User\": another entity also has the table \"user\"");
}

namespace {
template <class T>
struct Box {
  std::int32_t id{};
  static void describe(Entity<Box>& box) { box.template primary_generated<&Box::id>(); }
};
}  // namespace

TEST_CASE("the name of a class template's instance is none for a table") {
  CHECK(mistake<Box<int>>().find(
            "no table name can be derived from the name of this class (a template, local or unnamed class)") !=
        std::string::npos);
}

TEST_CASE("a foreign key refers to a key of a known entity") {
  CHECK(MISTAKE_BESIDE_ID(thing.many_to_one<&Thing::user_name, &User::name>();) ==
        "entity \"Thing\", member \"user_name\": the foreign key references User::name, which is neither the primary "
        "key nor unique");
  struct Stranger {
    std::int32_t id{};
    std::int32_t other{};
  };
  struct Guest {
    std::int32_t id{};
    std::int32_t stranger_id{};
    static void describe(Entity<Guest>& guest) {
      guest.primary_generated<&Guest::id>();
      guest.many_to_one<&Guest::stranger_id, &Stranger::id>();
    }
  };
  CHECK(mistake<Guest>() ==
        "entity \"Guest\", member \"stranger_id\": the foreign key references Stranger::id, which belongs to no entity "
        "in entities<...>()");
  struct Host {
    std::int32_t id{};
    std::int32_t undescribed{};
    std::int32_t stranger_id{};
    static void describe(Entity<Host>& host) {
      host.primary_generated<&Host::id>();
      host.many_to_one<&Host::stranger_id, &Host::undescribed, Host>();
    }
  };
  CHECK(mistake<Host>() ==
        "entity \"Host\", member \"stranger_id\": the foreign key references Host::undescribed, which is not a column");
}

TEST_CASE("a partial or composite unique is no key to refer to") {
  struct Tag {
    std::int32_t id{};
    std::string word;
    std::string language;
    static void describe(Entity<Tag>& tag) {
      tag.primary_generated<&Tag::id>();
      tag.column<&Tag::word>();
      tag.column<&Tag::language>();
      tag.unique<&Tag::word, &Tag::language>();
      tag.index<&Tag::word>({.unique = true, .where = "id > 0"});
      tag.index<&Tag::word>();
    }
  };
  struct Use {
    std::int32_t id{};
    std::string word;
    static void describe(Entity<Use>& use) {
      use.primary_generated<&Use::id>();
      use.many_to_one<&Use::word, &Tag::word>();
    }
  };
  CHECK(mistake<Use, Tag>() ==
        "entity \"Use\", member \"word\": the foreign key references Tag::word, which is neither the primary key nor "
        "unique");
}

TEST_CASE("a table that has no primary key has a column, and none of a key") {
  CHECK(MISTAKE(thing.table({.primary_key = false}); thing.column<&Thing::id>();).empty());
  CHECK(MISTAKE(thing.table({.primary_key = false});) == "entity \"Thing\": the entity has no columns");
  CHECK(MISTAKE(thing.table({.primary_key = false}); thing.primary_column<&Thing::id>();) ==
        "entity \"Thing\", member \"id\": primary_key is false, but the member is a primary key");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::number>({.type = "integer", .untyped = true});) ==
        "entity \"Thing\", member \"number\": untyped is set, but the column also has a type");
}

TEST_CASE("what a foreign key does must leave a value that the column takes") {
  CHECK(MISTAKE_BESIDE_ID(thing.many_to_one<&Thing::user_id, &User::id>({.on_delete = OnDelete::set_null});) ==
        "entity \"Thing\", member \"user_id\": the foreign key uses SET NULL, but the column is not nullable");
  CHECK(MISTAKE_BESIDE_ID(thing.many_to_one<&Thing::user_id, &User::id>({.on_update = OnUpdate::set_default});) ==
        "entity \"Thing\", member \"user_id\": the foreign key uses SET DEFAULT, but the column has no default");
  CHECK(MISTAKE_BESIDE_ID(thing.many_to_one<&Thing::user_id, &User::id>({.on_delete = OnDelete::set_default});
                          thing.column<&Thing::user_id>({.default_value = 1});)
            .empty());
}

TEST_CASE("only a point in time has a time zone, and its type is said once") {
  const std::string at = "entity \"Thing\", member ";
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.with_time_zone = true});) ==
        at + "\"text\": with_time_zone is set, but the member is not a timestamp");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::time>({.type = "timestamptz", .with_time_zone = true});) ==
        at + "\"time\": both with_time_zone and type are set");
  CHECK(MISTAKE_BESIDE_ID(thing.create_date<&Thing::time>({.with_time_zone = true});).empty());
}

TEST_CASE("a default is one, and fits the member") {
  const std::string at = "entity \"Thing\", member ";
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.default_value = "a", .default_expression = "'a'"});) ==
        at + "\"text\": both default_value and default_expression are set");
  CHECK(MISTAKE_BESIDE_ID(thing.create_date<&Thing::time>({.default_value = "a", .default_expression = "'a'"});) ==
        at + "\"time\": both default_value and default_expression are set");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::number>({.default_value = "a"});) ==
        at + "\"number\": the default is text, which does not match the member's type");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::bytes>({.default_value = "a"});) ==
        at + "\"bytes\": the default is text, which does not match the member's type");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::number>({.default_value = 1.5});) ==
        at + "\"number\": the default is a floating-point number, which does not match the member's type");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::number>({.default_value = true});) ==
        at + "\"number\": the default is true or false, which does not match the member's type");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::flag>({.default_value = 1});) ==
        at + "\"flag\": the default is an integer, which does not match the member's type");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.default_value = 1});) ==
        at + "\"text\": the default is an integer, which does not match the member's type");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::colour>({.default_value = "red"});) ==
        at + "\"colour\": the default is text, which does not match the member's type");
}

TEST_CASE("a default is in the range of the member") {
  const std::string out = "the default is out of the range of the member's type";
  const std::string at = "entity \"Thing\", member ";
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::small>({.default_value = 128});) == at + "\"small\": " + out);
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::small>({.default_value = -129});) == at + "\"small\": " + out);
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::small>({.default_value = -128});).empty());
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::great>({.default_value = -1});) == at + "\"great\": " + out);
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::number>({.default_value = 0xFFFFFFFFU});) == at + "\"number\": " + out);
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::great>({.default_value = 0xFFFFFFFFFFFFFFFFU});) ==
        at + "\"great\": the default is above 9223372036854775807, the limit of a database integer");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::real>({.default_value = std::numeric_limits<double>::infinity()});) ==
        at + "\"real\": SQLite has no literal for a default that is not finite");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.length = 2, .default_value = "abc"});) ==
        at + "\"text\": the default is longer than the column");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.type = "any", .default_value = 128});).empty());
}

TEST_CASE("the default of an enum is one of its enumerators") {
  const std::string at = "entity \"Thing\", member ";
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::colour>({.default_value = Shape::round});) ==
        at + "\"colour\": the default is an enumerator of another enum");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::number>({.default_value = Shape::round});) ==
        at + "\"number\": the default is an enumerator of another enum");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.type = "any", .default_value = Shape::round});) ==
        at + "\"text\": the default is an enumerator of another enum");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::colour>({.default_value = static_cast<Colour>(5)});) ==
        at + "\"colour\": the default is not an enumerator of the enum");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::distant>();) ==
        at + "\"distant\": no enumerator is within the range that whimbrel searches");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::distant>({.enum_storage = EnumStorage::integer});).empty());
}

TEST_CASE("length, precision and scale fit the type") {
  const std::string at = "entity \"Thing\", member ";
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::number>({.length = 5});) ==
        at + "\"number\": SQLite's type integer has no length");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.precision = 5});) ==
        at + "\"text\": SQLite's type varchar has no precision");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::time>({.precision = 3, .scale = 1});) ==
        at + "\"time\": SQLite's type datetime has no scale");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::real>({.scale = 2});) ==
        at + "\"real\": scale is set without precision");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.length = 2, .precision = 2});) ==
        at + "\"text\": both length and precision are set");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.length = 0});) ==
        at + "\"text\": the length is 0, but at least 1 is needed");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::real>({.precision = -7});) ==
        at + "\"real\": the precision is -7, but at least 0 is needed");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.type = "varchar(5)", .length = 6});) ==
        at + "\"text\": SQLite's type varchar(5) already contains its arguments");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.type = "varchar(5"});) ==
        at + "\"text\": SQLite cannot parse \"varchar(5\" as a type");
  CHECK(MISTAKE(thing.table({.strict = true}); thing.primary_generated<&Thing::id>(); thing.column<&Thing::text>(
            {.length = 5});) == at + "\"text\": SQLite does not allow a column of type text(5) in a STRICT table");
}

TEST_CASE("a column that may be NULL needs a member that can hold that") {
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.nullable = true});) ==
        "entity \"Thing\", member \"text\": the column is nullable, but the member cannot hold NULL");
}

TEST_CASE("uniques and indexes are over columns, each once") {
  CHECK(MISTAKE_BESIDE_ID(thing.unique<&Thing::text>();) ==
        "entity \"Thing\", member \"text\": a unique constraint names it, but it is not a column");
  CHECK(MISTAKE_BESIDE_ID(thing.index<&Thing::text>();) ==
        "entity \"Thing\", member \"text\": an index names it, but it is not a column");
  CHECK(MISTAKE_BESIDE_ID(thing.index({ascending<&User::name>()});) ==
        "entity \"Thing\", member \"name\": an index names it, but it is not a column");
  CHECK(MISTAKE_BESIDE_ID(thing.unique<&Thing::id, &Thing::id>();) ==
        "entity \"Thing\": a unique constraint names the column \"id\" twice");
  CHECK(MISTAKE_BESIDE_ID(thing.index({ascending<&Thing::id>(), descending<&Thing::id>()});) ==
        "entity \"Thing\": an index names the column \"id\" twice");
  CHECK(MISTAKE_BESIDE_ID(thing.index(std::initializer_list<IndexPart>{});) ==
        "entity \"Thing\": an index has no columns");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.unique = true}); thing.unique<&Thing::text>();) ==
        "entity \"Thing\": unique (text) is described twice");
}

TEST_CASE("constraints of a table and indexes of the schema have names of their own") {
  CHECK(MISTAKE_BESIDE_ID(thing.check("id > 0"); thing.check("id > 0");)
            .starts_with("entity \"Thing\": two constraints are named \"CHK_"));
  CHECK(MISTAKE_BESIDE_ID(thing.check("id > 0", {.name = "a"}); thing.check("id > 1", {.name = "A"});) ==
        "entity \"Thing\": two constraints are named \"A\"");
  CHECK(MISTAKE_BESIDE_ID(thing.many_to_one<&Thing::user_id, &User::id>();
                          thing.many_to_one<&Thing::user_id, &User::id>();)
            .starts_with("entity \"Thing\": two constraints are named \"FK_"));
  CHECK(MISTAKE_BESIDE_ID(thing.index<&Thing::id>(); thing.index<&Thing::id>({.unique = true});)
            .starts_with("entity \"Thing\": two indexes are named \"IDX_"));
  CHECK(MISTAKE_BESIDE_ID(thing.index<&Thing::id>({.name = "user"});) ==
        "entity \"Thing\": the index \"user\" has the name of a table");
  struct One {
    std::int32_t id{};
    static void describe(Entity<One>& one) {
      one.primary_generated<&One::id>();
      one.index<&One::id>({.name = "by_id"});
    }
  };
  struct Other {
    std::int32_t id{};
    static void describe(Entity<Other>& other) {
      other.primary_generated<&Other::id>();
      other.index<&Other::id>({.name = "By_Id"});
    }
  };
  CHECK(mistake<One, Other>().ends_with("two indexes are named \"By_Id\", and the other is of entity \"One\""));
}

TEST_CASE("a rename is from another name, and one thing's") {
  const std::string at = "entity \"Thing\", member ";
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.renamed_from = "Text"});) ==
        at + "\"text\": the column is renamed from \"Text\", which is its own name");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.renamed_from = "old"});
                          thing.column<&Thing::number>({.renamed_from = "old"});) ==
        at + "\"number\": the column is renamed from \"old\", and so is that of member \"text\"");
  CHECK(MISTAKE(thing.table({.renamed_from = "thing"}); thing.primary_generated<&Thing::id>();) ==
        "entity \"Thing\": the table is renamed from \"thing\", which is its own name");
  struct Other {
    std::int32_t id{};
    static void describe(Entity<Other>& other) {
      other.table({.renamed_from = "old"});
      other.primary_generated<&Other::id>();
    }
  };
  struct Another {
    std::int32_t id{};
    static void describe(Entity<Another>& another) {
      another.table({.renamed_from = "old"});
      another.primary_generated<&Another::id>();
    }
  };
  CHECK(mistake<Other, Another>() ==
        "entity \"Another\": the table is renamed from \"old\", and so is that of another entity");
}

TEST_CASE("a text that is given says something") {
  const std::string at = "entity \"Thing\", member \"text\": an empty string is set as ";
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.name = ""});) == at + "name");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.type = " "});) == at + "type");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.default_expression = "\n"});) == at + "default_expression");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.renamed_from = std::string()});) == at + "renamed_from");
  CHECK(MISTAKE(thing.table({.name = ""});) == "entity \"Thing\": an empty string is set as the table's name");
  CHECK(MISTAKE_BESIDE_ID(thing.check("");) ==
        "entity \"Thing\": an empty string is set as a check constraint's expression");
  CHECK(MISTAKE_BESIDE_ID(thing.check({});) == "entity \"Thing\": a check constraint has no expression");
  CHECK(MISTAKE_BESIDE_ID(thing.index({expression("")});) ==
        "entity \"Thing\": an empty string is set as an index's expression");
  CHECK(MISTAKE_BESIDE_ID(thing.index({expression({})});) == "entity \"Thing\": an index has an empty expression");
  CHECK(MISTAKE_BESIDE_ID(thing.index<&Thing::id>({.where = ""});) ==
        "entity \"Thing\": an empty string is set as an index's where");
}

TEST_CASE("no name and no default holds a character 0") {
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.name = std::string("a\0b", 3)});) ==
        "entity \"Thing\", member \"text\": the text set as name contains a NUL byte");
  CHECK(MISTAKE_BESIDE_ID(thing.column<&Thing::text>({.default_value = std::string("a\0b", 3)});) ==
        "entity \"Thing\", member \"text\": the default contains a NUL byte");
}

TEST_CASE("names are no longer than the database's identifiers") {
  test::Mapping mapping;
  mapping.limit.length = 40;
  struct Long {
    std::int32_t id{};
    static void describe(Entity<Long>& e) {
      e.primary_generated<&Long::id>({.name = "a_name_that_has_more_than_forty_characters"});
    }
  };
  struct LongIndex {
    std::int32_t id{};
    static void describe(Entity<LongIndex>& e) {
      e.primary_generated<&LongIndex::id>();
      e.index<&LongIndex::id>({.name = "a_name_that_has_more_than_forty_characters"});
    }
  };
  const std::string problem =
      "the name \"a_name_that_has_more_than_forty_characters\" is longer than the 40 bytes that the database allows";
  CHECK(mistake<Long>(mapping) == "entity \"Long\", member \"id\": " + problem);
  CHECK(mistake<LongIndex>(mapping) == "entity \"LongIndex\": " + problem);
  CHECK(mistake<Long, LongIndex>().empty());
}
