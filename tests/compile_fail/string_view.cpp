// expected: whimbrel: use std::string: a column's member must own its text
#include <whimbrel/entity.h>
#include <string_view>

struct Thing {
  std::string_view member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
