#include <doctest/doctest.h>

#include <algorithm>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Types of columns that change in tables with rows: on PostgreSQL in place, there and back.

using namespace whimbrel;
using fixture::Trial;

namespace {

namespace before {
struct Owner {
  std::int32_t id{};
  static void describe(Entity<Owner>& owner) { owner.primary_generated<&Owner::id>(); }
};
struct Thing {
  std::int32_t id{};
  std::int32_t amount{};
  std::optional<std::int32_t> owner_id;
  std::string name;
  std::string digits;
  std::string at;
  static void describe(Entity<Thing>& thing) {
    thing.primary_generated<&Thing::id>();
    thing.column<&Thing::amount>({.default_value = 7});
    thing.many_to_one<&Thing::owner_id, &Owner::id>({.on_delete = OnDelete::cascade});
    thing.column<&Thing::name>({.length = 10, .default_value = "none"});
    thing.column<&Thing::digits>({.type = "text", .default_value = "5"});
    thing.column<&Thing::at>({.type = "timestamp"});
    thing.index<&Thing::amount, &Thing::name>({.name = "by_amount"});
    thing.index<&Thing::name>({.unique = true, .where = "name <> 'none'"});
    thing.check("amount > 0");
  }
};
struct Price {
  std::int32_t id{};
  double amount{};
  static void describe(Entity<Price>& price) {
    price.primary_generated<&Price::id>();
    price.column<&Price::amount>();
  }
};
}  // namespace before

namespace after {
struct Owner {
  std::int64_t id{};
  static void describe(Entity<Owner>& owner) { owner.primary_generated<&Owner::id>(); }
};
struct Thing {
  std::int64_t id{};
  std::int64_t amount{};
  std::optional<std::int64_t> owner_id;
  std::string name;
  std::int32_t digits{};
  std::string at;
  static void describe(Entity<Thing>& thing) {
    thing.primary_generated<&Thing::id>();
    thing.column<&Thing::amount>({.default_value = 7});
    thing.many_to_one<&Thing::owner_id, &Owner::id>({.on_delete = OnDelete::cascade});
    thing.column<&Thing::name>({.length = 20, .default_value = "none"});
    thing.column<&Thing::digits>({.default_value = 5});
    thing.column<&Thing::at>({.type = "timestamptz"});
    thing.index<&Thing::amount, &Thing::name>({.name = "by_amount"});
    thing.index<&Thing::name>({.unique = true, .where = "name <> 'none'"});
    thing.check("amount > 0");
  }
};
struct Price {
  std::int32_t id{};
  std::int32_t amount{};
  static void describe(Entity<Price>& price) {
    price.primary_generated<&Price::id>();
    price.column<&Price::amount>();
  }
};
}  // namespace after

/// The view that both have over all columns that change.
struct Seen {
  static void describe(View<Seen>& view) {
    view.query("SELECT id, amount, owner_id, name, digits, at FROM thing WHERE amount > 1");
  }
};

namespace narrow {
struct Word {
  std::int32_t id{};
  std::string text;
  static void describe(Entity<Word>& word) {
    word.primary_generated<&Word::id>();
    word.column<&Word::text>({.length = 10});
  }
};
}  // namespace narrow
namespace wide {
struct Word {
  std::int32_t id{};
  std::string text;
  static void describe(Entity<Word>& word) {
    word.primary_generated<&Word::id>();
    word.column<&Word::text>({.length = 20});
  }
};
}  // namespace wide
namespace free {
struct Word {
  std::int32_t id{};
  std::string text;
  static void describe(Entity<Word>& word) {
    word.primary_generated<&Word::id>();
    word.column<&Word::text>({.type = "text"});
  }
};
}  // namespace free

bool has(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

const char* const all_things = "SELECT id, amount, owner_id, name, digits FROM thing ORDER BY id";

}  // namespace

TEST_CASE("PostgreSQL: types change in place under indexes, keys, views and defaults, and the rows keep their values") {
  Trial trial(nullptr, "", test::fresh_database() + "&options=-c%20TimeZone%3DAsia/Tokyo");
  trial.arrive_at(entities<before::Owner, before::Thing, Seen>());
  trial.query("INSERT INTO owner DEFAULT VALUES; INSERT INTO owner DEFAULT VALUES");
  trial.query(
      "INSERT INTO thing(amount, owner_id, name, digits, at) VALUES (2147483647, 2, 'abcdefghij', '-42', '2020-01-02 "
      "03:04:05.678'), (1, NULL, 'ü', '0', '1969-12-31 23:59:59')");
  trial.query("INSERT INTO thing(at) VALUES ('infinity')");
  const std::string rows = "1|2147483647|2|abcdefghij|-42\n2|1|NULL|ü|0\n3|7|NULL|none|5";
  REQUIRE(trial.query(all_things) == rows);
  const model::Schema schema = trial.schema();

  const change::SchemaChange way = trial.arrive_at(entities<after::Owner, after::Thing, Seen>());
  CHECK(way.losses ==
        std::vector<std::string>{"part of the values of column \"digits\" of \"thing\" (lossy conversion from "
                                 "text to integer, which fails if a value is not a valid integer, "
                                 "and reformats the others)"});
  CHECK(trial.query(all_things) == rows);
  CHECK(trial.query("SELECT at AT TIME ZONE 'UTC' FROM thing ORDER BY id") ==
        "2020-01-01 18:04:05.678\n1969-12-31 14:59:59\ninfinity");
  CHECK(trial.query("SELECT count(*), max(amount) FROM seen") == "2|2147483647");
  trial.query("UPDATE thing SET amount = 3000000000, name = 'longer than ten' WHERE id = 2");
  CHECK(trial.query("INSERT INTO thing(at, name) VALUES (now(), 'x') RETURNING id, amount, digits") == "4|7|5");
  CHECK_THROWS_AS(trial.query("UPDATE thing SET owner_id = 99"), Error);
  CHECK_THROWS_AS(trial.query("UPDATE thing SET amount = -1"), Error);
  CHECK_THROWS_AS(trial.query("UPDATE thing SET name = 'x'"), Error);

  CHECK_THROWS_AS(trial.revert_last(), Error);
  CHECK(trial.query("SELECT amount FROM thing WHERE id = 2") == "3000000000");
}

TEST_CASE("PostgreSQL: what a change of type does to the rows is undone by going back") {
  Trial trial(nullptr, "", test::fresh_database() + "&options=-c%20TimeZone%3DAsia/Tokyo");
  trial.arrive_at(entities<before::Owner, before::Thing, Seen>());
  trial.query("INSERT INTO thing(amount, digits, at) VALUES (3, '-42', '2020-01-02 03:04:05.678')");
  const model::Schema schema = trial.schema();
  trial.arrive_at(entities<after::Owner, after::Thing, Seen>());
  trial.revert_last();
  CHECK(trial.schema() == schema);
  CHECK(trial.query("SELECT amount, name, digits, at FROM thing") == "3|none|-42|2020-01-02 03:04:05.678");
  CHECK(trial.query("INSERT INTO thing(at) VALUES (now()) RETURNING id, digits") == "2|5");
}

TEST_CASE("PostgreSQL: the migration says what a conversion can do to values") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Owner, before::Thing, Seen>());
  const std::vector<std::string> notes = trial.look(entities<after::Owner, after::Thing, Seen>()).notes;
  CHECK(has(notes, "converts column \"amount\" of \"thing\" from integer to bigint"));
  CHECK(has(notes, "converts column \"digits\" of \"thing\" from text to integer"));
  CHECK(has(notes,
            "converts column \"at\" of \"thing\" from timestamp without time zone to timestamp with time zone, using "
            "the TimeZone of the session that runs the migration"));
}

TEST_CASE("PostgreSQL: what a conversion takes of the values without an error is a loss") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Price>());
  const change::SchemaChange generated = trial.look(entities<after::Price>());
  CHECK(generated.losses ==
        std::vector<std::string>{
            "part of the values of column \"amount\" of \"price\" (lossy conversion from double precision "
            "to integer, which rounds them, and fails if one does not fit)"});
  CHECK(has(generated.notes, "converts column \"amount\" of \"price\" from double precision to integer"));
}

TEST_CASE("PostgreSQL: a value that cannot be converted is an error that names the column, and nothing is changed") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<before::Owner, before::Thing, Seen>());
  trial.query("INSERT INTO thing(digits, at) VALUES ('many', now())");
  const model::Schema schema = trial.schema();
  const Error error = fixture::error_of([&] { trial.arrive_at(entities<after::Owner, after::Thing, Seen>()); });
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(fixture::mentions(error, "invalid input syntax for type integer: \"many\""));
  CHECK(fixture::mentions(error, "digits = 'many'"));
  CHECK(trial.schema() == schema);
  CHECK(trial.query("SELECT digits FROM thing") == "many");
}

TEST_CASE("PostgreSQL: a longer text is kept, and one that has become too long is not cut") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<narrow::Word>());
  trial.query("INSERT INTO word(text) VALUES ('0123456789')");
  trial.arrive_at(entities<wide::Word>());
  trial.arrive_at(entities<free::Word>());
  CHECK(trial.query("SELECT text FROM word") == "0123456789");
  trial.query("UPDATE word SET text = '0123456789ab'");
  trial.revert_last();
  CHECK(trial.query("SELECT text FROM word") == "0123456789ab");
  const Error error = fixture::error_of([&] { trial.revert_last(); });
  CHECK(fixture::mentions(error, "value too long for type character varying(10) (column \"text\")"));
  CHECK(trial.query("SELECT text FROM word") == "0123456789ab");
}
