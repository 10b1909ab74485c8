#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "bench/many_entities.h"
#include "whimbrel/entity.h"

/// The entities for databases of servers.
namespace bench {

/// Tables refer to different ones: that a thousand refer to one makes the server itself slow.
template <int number>
struct Kind {
  struct Owner {
    std::int32_t id{};
    static void describe(whimbrel::Entity<Owner>& owner) {
      static const std::string name = "owner" + std::to_string(number);
      owner.table({.name = name.c_str()});
      owner.template primary_generated<&Owner::id>();
    }
  };

  struct Item {
    std::int32_t id{};
    std::string name;
    std::optional<std::string> note;
    std::int64_t amount{};
    double price{};
    bool active{};
    std::string email;
    std::int32_t owner_id{};
    std::optional<std::int32_t> rank;
    std::string code;

    static void describe(whimbrel::Entity<Item>& item) {
      item.template primary_generated<&Item::id>();
      item.template column<&Item::name>({.length = 200});
      item.template column<&Item::note>();
      item.template column<&Item::amount>({.default_value = 0});
      item.template column<&Item::price>();
      item.template column<&Item::active>({.default_value = true});
      item.template column<&Item::email>({.unique = true});
      item.template many_to_one<&Item::owner_id, &Owner::id>();
      item.template column<&Item::rank>();
      item.template column<&Item::code>({.default_value = "new"});
      item.template index<&Item::owner_id>();
      item.template index<&Item::code, &Item::rank>();
    }
  };
};

constexpr int kinds = 50;

/// Those of all kinds: the owners last.
template <int... numbers>
ManyEntities make_items(int count, std::integer_sequence<int, numbers...>) {
  const whimbrel::Entities items = whimbrel::entities<typename Kind<numbers>::Item...>();
  return {items, "Item", count, whimbrel::entities<typename Kind<numbers>::Owner...>()};
}

inline ManyEntities make_items(int count) { return make_items(count, std::make_integer_sequence<int, kinds>{}); }

/// What the server writes in its own words.
struct Checked {
  std::int32_t id{};
  double price{};
  std::string code;

  static void describe(whimbrel::Entity<Checked>& checked) {
    checked.primary_generated<&Checked::id>();
    checked.column<&Checked::price>();
    checked.column<&Checked::code>({.length = 20});
    checked.check("price >= 0 AND code IN ('a', 'b')");
  }
};

}  // namespace bench
