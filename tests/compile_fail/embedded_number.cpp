// expected: whimbrel: embedded needs a member that is a struct, or a std::optional of one
#include <whimbrel/entity.h>

struct Thing {
  int id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.embedded<&Thing::id>(); }
};
