// expected: whimbrel: a pointer cannot be a column: use std::optional<T> for a nullable value, and many_to_one for a
// reference to another entity
#include <whimbrel/entity.h>

struct Thing {
  int* member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
