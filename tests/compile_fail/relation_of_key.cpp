// expected: whimbrel: a key member needs the member it references: many_to_one<&Post::author_id, &User::id>()
#include <whimbrel/entity.h>

struct Thing {
  int id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.many_to_one<&Thing::id>(); }
};
