#include <doctest/doctest.h>

#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Character sets and collations of columns, as entities declare them.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

struct Plain {
  std::int32_t id{};
  std::string text;
  static void describe(Entity<Plain>& note) {
    note.table({.name = "note", .charset = "utf8mb4", .collation = "utf8mb4_unicode_ci"});
    note.primary_generated<&Plain::id>();
    note.column<&Plain::text>();
  }
};

struct Spelling {
  Text charset;
  Text collation;
  const char* stored;  ///< What the server makes of it; null: what its version makes of a column that says only this.
};

constexpr Spelling spellings[] = {
    {{}, "latin1_bin", "latin1_bin"},
    {"latin1", {}, "latin1_swedish_ci"},
    {"latin1", "latin1_bin", "latin1_bin"},
    {{}, "utf8mb4_bin", "utf8mb4_bin"},
    {"utf8mb4", "utf8mb4_bin", "utf8mb4_bin"},
    {"UTF8MB4", "utf8mb4_unicode_ci", "utf8mb4_unicode_ci"},
    {{}, "utf8mb4_unicode_ci", "utf8mb4_unicode_ci"},
    {{}, "ascii_general_ci", "ascii_general_ci"},
    {{}, "utf8mb3_bin", "utf8mb3_bin"},
    {"utf8", {}, nullptr},
    {{}, "utf8_bin", "utf8mb3_bin"},
    {"LATIN1", "Latin1_Bin", "latin1_bin"},
};

template <std::size_t spelling>
struct Spelled {
  std::int32_t id{};
  std::string text;
  static void describe(Entity<Spelled>& note) {
    note.table({.name = "note", .charset = "utf8mb4", .collation = "utf8mb4_unicode_ci"});
    note.template primary_generated<&Spelled::id>();
    note.template column<&Spelled::text>(
        {.collation = spellings[spelling].collation, .charset = spellings[spelling].charset});
  }
};

const std::string collation_query =
    "SELECT collation_name FROM information_schema.columns WHERE table_schema = database() AND table_name = 'note' AND "
    "column_name = 'text'";

/// Returns the collation that the server gives to a column of the character set.
std::string default_collation(std::string_view charset) {
  Trial trial(nullptr, "", MysqlDatabase().url());
  trial.query("CREATE TABLE note (text varchar(9) CHARACTER SET " + std::string(charset) + ')');
  return trial.query(collation_query);
}

template <std::size_t spelling>
void try_spelling() {
  CAPTURE(spelling);
  const char* const known = spellings[spelling].stored;
  const Text charset = spellings[spelling].charset;
  const std::string stored = known ? known : default_collation({charset.data(), charset.size()});
  {
    Trial trial(nullptr, "", MysqlDatabase().url());
    trial.arrive_at(entities<Spelled<spelling>>());
    CHECK(trial.query(collation_query) == stored);
  }
  Trial trial(nullptr, "", MysqlDatabase().url());
  trial.arrive_at(entities<Plain>());
  trial.query("INSERT INTO note (text) VALUES ('Ada')");
  if (stored == "utf8mb4_unicode_ci") {
    CHECK(trial.is_at(entities<Spelled<spelling>>()));
    return;
  }
  trial.arrive_at(entities<Spelled<spelling>>());
  CHECK(trial.query(collation_query) == stored);
  CHECK(trial.query("SELECT text FROM note") == "Ada");
  trial.revert_last();
  CHECK(trial.query(collation_query) == "utf8mb4_unicode_ci");
}

template <std::size_t... spelling>
void try_all(std::index_sequence<spelling...>) {
  (try_spelling<spelling>(), ...);
}

}  // namespace

TEST_CASE("MariaDB and MySQL: a collation of a column brings its character set") {
  try_all(std::make_index_sequence<std::size(spellings)>());
}
