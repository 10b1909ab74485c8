// expected: whimbrel: a key member must have the type of the member that it references, or be a std::optional of it
#include <whimbrel/entity.h>

struct User {
  int id;
  long long number;
};

struct Thing {
  int user_id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.one_to_one<&Thing::user_id, &User::number>(); }
};
