#include "entity/feature.h"

#include <doctest/doctest.h>

#include "dialect/mysql/dialect.h"
#include "unit/entity/mapping.h"

using namespace whimbrel;
using model::Feature;

namespace {

struct Strict {
  std::int32_t id{};
  static void describe(Entity<Strict>& e) {
    e.table({.strict = true});
    e.primary_generated<&Strict::id>();
  }
};

struct Room {
  std::int32_t id{};
  std::optional<std::int32_t> floor;
  std::int32_t twice{};
  static void describe(Entity<Room>& room) {
    room.primary_generated<&Room::id>();
    room.column<&Room::floor>();
    room.column<&Room::twice>({.computed = "id * 2"});
    room.unique<&Room::floor>({.nulls_not_distinct = true});
  }
};

template <class T>
std::optional<Error> refusal(const model::TypeMapping& mapping) {
  try {
    static_cast<void>(entity::describe(entities<T>(), mapping, ""));
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace

TEST_CASE("what the version of the server lacks is refused with the version that has it") {
  test::Mapping mapping;
  mapping.server_version = 33601;
  const auto error = refusal<Strict>(mapping);
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::entity);
  CHECK(std::string(error->what()) ==
        "entity \"Strict\": SQLite 3.36.1 has no option `strict` of a table, which SQLite 3.37 introduced");
  CHECK(error->remedy() == "Remove it, or use SQLite 3.37 or later.");
  mapping.server_version = 33700;
  CHECK_FALSE(refusal<Strict>(mapping).has_value());
  CHECK_FALSE(refusal<Strict>(test::Mapping()).has_value());
}

TEST_CASE("each version of PostgreSQL has what it introduced, and the error names the member") {
  const auto message = [](int version) -> std::string {
    const auto error = refusal<Room>(*dialect::postgres::make_dialect({.version = version}));
    return error ? error->what() : "";
  };
  CHECK(message(170200) ==
        "entity \"Room\", member \"twice\": PostgreSQL 17.2 has no virtual generated columns, which "
        "PostgreSQL 18 introduced");
  CHECK(message(180000).empty());
  const auto has = [](int version, Feature feature) {
    return dialect::postgres::make_dialect({.version = version})->has(feature);
  };
  CHECK_FALSE(has(140000, Feature::nulls_not_distinct));
  CHECK(has(150000, Feature::nulls_not_distinct));
  CHECK(has(120000, Feature::included_columns));
  CHECK_FALSE(has(180000, Feature::strict_tables));
}

TEST_CASE("what no version has is refused as such") {
  const auto partial = entity::lack(*dialect::mysql::make_dialect({}), Feature::partial_indexes);
  REQUIRE(partial.has_value());
  CHECK(partial->reason.ends_with(" has no partial indexes"));
  const auto lack = entity::lack(test::Mapping(), Feature::storage_engines);
  REQUIRE(lack.has_value());
  CHECK(lack->reason == "SQLite has no storage engines");
  CHECK(lack->remedy == "Remove it, or set it only if the program runs on a database that supports it.");
  CHECK_FALSE(entity::lack(test::Mapping(), Feature::dropped_columns).has_value());
}
