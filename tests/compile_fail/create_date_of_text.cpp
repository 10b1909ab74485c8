// expected: whimbrel: create_date needs a std::chrono::sys_time<...> member
#include <whimbrel/entity.h>
#include <string>

struct Thing {
  std::string created;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.create_date<&Thing::created>(); }
};
