// expected: whimbrel: an enum column needs an enum with a fixed underlying type, `enum class E` or `enum E : int`: the
// enumerators of other enums cannot be found
#include <whimbrel/entity.h>

enum Loose { one, two };

struct Thing {
  Loose member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
