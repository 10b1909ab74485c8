// expected: whimbrel: use double: databases have no long double
#include <whimbrel/entity.h>

struct Thing {
  long double member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
