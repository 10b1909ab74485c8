// expected: whimbrel: a std::vector column can hold only numbers, bool, text or enumerators: use json for other element
// types, or many_to_many for entities
#include <whimbrel/entity.h>
#include <chrono>
#include <vector>

struct Thing {
  std::vector<std::chrono::sys_seconds> member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
