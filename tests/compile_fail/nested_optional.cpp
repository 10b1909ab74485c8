// expected: whimbrel: nested std::optional cannot be a column: use one std::optional<T>
#include <whimbrel/entity.h>
#include <optional>

struct Thing {
  std::optional<std::optional<int>> member;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<&Thing::member>(); }
};
