// expected: whimbrel: use std::string for text, in UTF-8, or std::int8_t for a small number: wide and single characters
// cannot be columns
#include <whimbrel/entity.h>
#include <string>

struct Thing {
  std::wstring member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
