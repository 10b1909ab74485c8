// expected: whimbrel: version needs an integer member, and not a std::optional
#include <whimbrel/entity.h>
#include <string>

struct Thing {
  std::string version;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.version<&Thing::version>(); }
};
