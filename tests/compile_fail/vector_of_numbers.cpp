// expected: whimbrel: use std::vector<std::byte> or std::vector<std::uint8_t> for bytes: a column holds one value, so a
// list of others needs a table of its own
#include <whimbrel/entity.h>
#include <vector>

struct Thing {
  std::vector<int> member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
