// expected: whimbrel: name a data member of the entity: column<&User::email>()
#include <whimbrel/entity.h>

struct Thing {
  int id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.column<1>(); }
};
