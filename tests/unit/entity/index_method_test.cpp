#include <doctest/doctest.h>

#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// The methods of indexes as people write them, which each database stores in a case of its own.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

struct Plain {
  std::int32_t id{};
  std::string text;
  std::string place;
  static void describe(Entity<Plain>& page) {
    page.table({.name = "page"});
    page.primary_generated<&Plain::id>();
    page.column<&Plain::text>();
    page.column<&Plain::place>({.type = "point"});
  }
};

/// The same with an index of each method.
struct Indexed {
  std::int32_t id{};
  std::string text;
  std::string place;
  static inline const char* of_text;
  static inline const char* of_place;
  static void describe(Entity<Indexed>& page) {
    page.table({.name = "page"});
    page.primary_generated<&Indexed::id>();
    page.column<&Indexed::text>();
    page.column<&Indexed::place>({.type = "point"});
    page.index<&Indexed::text>({.name = "by_text", .method = of_text});
    page.index<&Indexed::place>({.name = "by_place", .method = of_place});
  }
};

void check_round(const std::string& url, const char* of_text, const char* of_place) {
  CAPTURE(of_text);
  CAPTURE(of_place);
  Indexed::of_text = of_text;
  Indexed::of_place = of_place;
  Trial trial(nullptr, "", url);
  trial.arrive_at(entities<Plain>());
  trial.arrive_at(entities<Indexed>());
  trial.revert_last();
  CHECK(trial.is_at(entities<Plain>()));
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a full-text or spatial index is the same in any case") {
  check_round(MysqlDatabase().url(), "FULLTEXT", "SPATIAL");
  check_round(MysqlDatabase().url(), "fulltext", "spatial");
  check_round(MysqlDatabase().url(), "btree", "Spatial");
}

TEST_CASE("PostgreSQL: the method of an index is the same in any case") {
  check_round(PostgresDatabase().url(), "hash", "gist");
  check_round(PostgresDatabase().url(), "HASH", "GiST");
  check_round(PostgresDatabase().url(), "BTree", "GIST");
}
