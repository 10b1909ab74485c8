// expected: whimbrel: this type cannot be a column: use an integer, bool, float, double, std::string,
// std::vector<std::byte>, std::chrono::sys_time<...>, std::chrono::year_month_day, an enum, or std::optional of one of
// these
#include <whimbrel/entity.h>
#include <memory>

struct Thing {
  std::unique_ptr<int> member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
