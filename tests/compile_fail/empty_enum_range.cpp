// expected: whimbrel: EnumRange: first is greater than last
#include <whimbrel/entity.h>

enum class Colour { red };

template <>
struct whimbrel::EnumRange<Colour> {
  static constexpr int first = 1;
  static constexpr int last = 0;
};

struct Thing {
  Colour member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
