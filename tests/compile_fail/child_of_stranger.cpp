// expected: whimbrel: child_of needs a base class of the entity
#include <whimbrel/entity.h>

struct Other {};

struct Thing {
  int id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.child_of<Other>(); }
};
