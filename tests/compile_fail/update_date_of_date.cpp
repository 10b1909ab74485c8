// expected: whimbrel: update_date needs a std::chrono::sys_time<...> member
#include <whimbrel/entity.h>
#include <chrono>

struct Thing {
  std::chrono::year_month_day updated;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.update_date<&Thing::updated>(); }
};
