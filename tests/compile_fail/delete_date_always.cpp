// expected: whimbrel: delete_date needs a std::optional<std::chrono::sys_time<...>> member
#include <whimbrel/entity.h>
#include <chrono>

struct Thing {
  std::chrono::sys_seconds at;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.delete_date<&Thing::at>(); }
};
