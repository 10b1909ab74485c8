// expected: whimbrel: inherits needs a base class of the entity
#include <whimbrel/entity.h>

struct Other {
  static void describe(whimbrel::Entity<Other>&) {}
};

struct Thing {
  int id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.inherits<Other>(); }
};
