// expected: whimbrel: use std::chrono::sys_time<...> for a point in time, and an integer with the unit in its name for
// a duration
#include <whimbrel/entity.h>
#include <chrono>

struct Thing {
  std::chrono::seconds member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
