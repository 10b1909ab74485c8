// expected: whimbrel: a column has one NULL only: use one std::optional<T>
#include <whimbrel/entity.h>
#include <optional>

struct Thing {
  std::optional<std::optional<int>> member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
