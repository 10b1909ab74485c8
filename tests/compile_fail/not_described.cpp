// expected: whimbrel: an entity must have a public `static void describe(whimbrel::Entity<T>&)`, where T is the entity
#include <whimbrel/entity.h>

struct Thing {
  int id;
};

whimbrel::Entities all() { return whimbrel::entities<Thing>(); }
