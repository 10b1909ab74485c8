// expected: whimbrel: a column holds a std::vector of numbers, bool, text or enumerators only: use json for lists of
// others, or many_to_many for entities
#include <whimbrel/entity.h>
#include <chrono>
#include <vector>

struct Thing {
  std::vector<std::chrono::sys_seconds> member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
