// expected: whimbrel: the member belongs to another class: an entity describes only its own and its bases' members
#include <whimbrel/entity.h>

struct User {
  int id;
  long long number;
};

struct Thing {
  int id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.unique<&Thing::id, &User::id>(); }
};
