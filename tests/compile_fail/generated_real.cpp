// expected: whimbrel: primary_generated needs an integer member, or a std::string for a UUID, and not a std::optional
#include <whimbrel/entity.h>

struct Thing {
  double id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.primary_generated<&Thing::id>(); }
};
