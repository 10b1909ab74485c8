// expected: nothing
#include <whimbrel/entity.h>
#include <optional>
#include <string>

struct User {
  int id;
  static void describe(whimbrel::Entity<User>& user) { user.primary_generated<&User::id>(); }
};
struct Thing {
  std::string code;
  std::optional<int> user_id;
  static void describe(whimbrel::Entity<Thing>& thing) {
    thing.primary_column<&Thing::code>({.length = 8});
    thing.many_to_one<&Thing::user_id, &User::id>({.on_delete = whimbrel::OnDelete::cascade});
  }
};

whimbrel::Entities all() { return whimbrel::entities<User, Thing>(); }
