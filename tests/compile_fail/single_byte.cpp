// expected: whimbrel: use std::uint8_t, or std::vector<std::byte> for bytes
#include <whimbrel/entity.h>
#include <cstddef>

struct Thing {
  std::byte member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
