#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "unit/entity/options/row.h"

namespace option_rows {

using namespace whimbrel;

enum class Colour { red, green };

struct User {
  std::int32_t id{};
  std::string email;
  static void describe(Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::email>({.unique = true});
  }
};

/// Its key has two columns.
struct Region {
  std::string country;
  std::int32_t number{};
  static void describe(Entity<Region>& region) {
    region.primary_column<&Region::country>({.length = 2});
    region.primary_column<&Region::number>();
  }
};

struct Settings {
  bool dark = false;
};

/// The members that rows describe.
struct Members {
  std::int32_t id{};
  std::string code;
  std::string text;
  std::optional<std::string> note;
  std::int32_t number{};
  std::int64_t big{};
  std::uint8_t small{};
  bool flag{};
  float real{};
  double price{};
  Colour colour{};
  std::vector<std::byte> bytes;
  std::vector<std::string> words;
  std::vector<std::int32_t> numbers;
  std::vector<Colour> colours;
  Settings settings;
  std::optional<std::map<std::string, int>> counts;
  std::chrono::year_month_day day{};
  std::chrono::sys_seconds time;
  std::optional<std::chrono::sys_seconds> deleted_at;
  std::int32_t user_id{};
  std::optional<std::int32_t> maybe_user_id;
  std::string country;
  std::int32_t region_number{};
  User* owner = nullptr;
  std::optional<User> first_user;
  Region* region = nullptr;
  std::vector<User> users;
  std::vector<Region*> regions;
};

}  // namespace option_rows

// The entities of a row: a Thing that is described so, and those that it may refer to.
#define THING(...)                                                                \
  [] {                                                                            \
    struct Thing : Members {                                                      \
      std::vector<Thing*> things;                                                 \
      Thing* parent = nullptr;                                                    \
      std::optional<std::int32_t> parent_id;                                      \
      static void describe([[maybe_unused]] Entity<Thing>& thing) { __VA_ARGS__ } \
    };                                                                            \
    return entities<Thing, User, Region>();                                       \
  }()
#define THING_WITH_ID(...) THING(thing.primary_generated<&Thing::id>(); __VA_ARGS__)
#define WHIMBREL_CODE(...) #__VA_ARGS__

// A row: what TypeORM calls it, what whimbrel's description says, and what it is changed to; both in parentheses.
#define ROW(TYPEORM, BEFORE, AFTER) \
  OptionRow { TYPEORM, WHIMBREL_CODE BEFORE, THING_WITH_ID BEFORE, THING_WITH_ID AFTER }
// The same, where the description has a key of its own.
#define ROW_WITHOUT_ID(TYPEORM, BEFORE, AFTER) \
  OptionRow { TYPEORM, WHIMBREL_CODE BEFORE, THING BEFORE, THING AFTER }
#define REFUSED_ROW(TYPEORM, CODE) \
  OptionRow { TYPEORM, WHIMBREL_CODE CODE, THING_WITH_ID CODE, {}, true }
// Code that stands in a namespace, and its text.
#define SHOWN(NAME, ...) __VA_ARGS__ constexpr const char* NAME = #__VA_ARGS__;

namespace option_rows {

/// A section whose rows are not about these entities.
inline Section beside(const Entities& entities, Section section) {
  for (OptionRow& row : section.rows) row.beside = entities;
  return section;
}

}  // namespace option_rows
