// expected: whimbrel: a key member must have the type of the member that it references, or be a std::optional of it
#include <whimbrel/entity.h>
#include <string>

struct User {
  int id;
  long long number;
};

struct Thing {
  std::string user_id;
  static void describe(whimbrel::Entity<Thing>& thing) { thing.many_to_one<&Thing::user_id, &User::id>(); }
};
