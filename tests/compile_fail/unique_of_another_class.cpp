// expected: whimbrel: the member is one of another class: an entity describes its own members and its bases'
#include <whimbrel/entity.h>

struct User {
  int id;
  long long number;
};

struct Thing {
  int id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.unique<&Thing::id, &User::id>(); }
};
