// expected: whimbrel: an entity must have a public `static void describe(whimbrel::Entity<T>&)`, where T is the entity
#include <whimbrel/entity.h>

struct Thing {
  int id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.primary_generated<&Thing::id>(); }
};
// Inherits a description, but has none of its own.
struct Heir : Thing {};

whimbrel::Entities all() { return whimbrel::entities<Heir>(); }
