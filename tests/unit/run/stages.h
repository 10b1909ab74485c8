#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "whimbrel/entity.h"

/// One program at several times: namespaces, since a table is named by its class.
namespace whimbrel::fixture {

namespace first {
struct User {
  std::int32_t id{};
  static void describe(Entity<User>& user) { user.primary_generated<&User::id>(); }
};
}  // namespace first

namespace second {
struct User {
  std::int32_t id{};
  std::string email;
  std::string password;
  static void describe(Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::email>({.unique = true});
    user.column<&User::password>();
  }
};
struct Post {
  std::int32_t id{};
  std::int32_t author_id{};
  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.many_to_one<&Post::author_id, &User::id>({.on_delete = OnDelete::cascade});
  }
};
}  // namespace second

namespace third {
/// Where second::User has email and password, a column that could be the password under another name.
struct User {
  std::int32_t id{};
  std::string email;
  std::string secret;
  static void describe(Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::email>({.unique = true});
    user.column<&User::secret>();
  }
};
}  // namespace third

namespace fourth {
struct User {
  std::int32_t id{};
  std::string email;
  std::string secret;
  std::optional<std::string> note;
  static void describe(Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::email>({.unique = true});
    user.column<&User::secret>({.renamed_from = "password"});
    user.column<&User::note>();
  }
};
}  // namespace fourth

}  // namespace whimbrel::fixture
