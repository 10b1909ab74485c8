// expected: whimbrel: an entity has a public `static void describe(whimbrel::Entity<T>&)`, where T is itself
#include <whimbrel/entity.h>

struct Thing {
  int id;
};

whimbrel::Entities all() { return whimbrel::entities<Thing>(); }
