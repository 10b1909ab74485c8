// expected: whimbrel: a pointer is no column: use std::optional<T> for a value that may be missing, and many_to_one for
// a reference to another entity
#include <whimbrel/entity.h>

struct Thing {
  int* member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
