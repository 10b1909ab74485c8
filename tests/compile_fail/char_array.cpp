// expected: whimbrel: use std::string: a column's member must own its text
#include <whimbrel/entity.h>

struct Thing {
  char member[16];
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
