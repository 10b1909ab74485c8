#include <whimbrel/entity.h>
#include <whimbrel/manage.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "app_migrations.h"
#include "baseline_migrations.h"
#include "failing_migrations.h"
#include "kept_migrations.h"
#include "postgres_migrations.h"

// The program at several points of its history; STAGE says which.

namespace first {
struct Post {
  std::int32_t id{};
  std::string title;
  static void describe(whimbrel::Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::title>();
  }
};
}  // namespace first

namespace renamed {
struct Post {
  std::int32_t id{};
  std::string name;
  static void describe(whimbrel::Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::name>();
  }
};
}  // namespace renamed

namespace grown {
struct Post {
  std::int32_t id{};
  std::string title;
  std::string author;
  static void describe(whimbrel::Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::title>();
    post.column<&Post::author>();
  }
};
}  // namespace grown

namespace shrunk {
struct Post {
  std::int32_t id{};
  static void describe(whimbrel::Entity<Post>& post) { post.primary_generated<&Post::id>(); }
};
}  // namespace shrunk

namespace moved {
struct Post {
  std::int32_t id{};
  std::string title;
  static void describe(whimbrel::Entity<Post>& post) {
    post.table({.name = "posts"});
    post.primary_generated<&Post::id>();
    post.column<&Post::title>();
  }
};
}  // namespace moved

namespace mistaken {
struct Post {
  std::int32_t id{};
  static void describe(whimbrel::Entity<Post>& post) { post.column<&Post::id>(); }
};
}  // namespace mistaken

namespace {

std::string setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

whimbrel::Entities entities(const std::string& stage) {
  if (stage == "renamed") return whimbrel::entities<renamed::Post>();
  if (stage == "grown") return whimbrel::entities<grown::Post>();
  if (stage == "shrunk") return whimbrel::entities<shrunk::Post>();
  if (stage == "moved") return whimbrel::entities<moved::Post>();
  if (stage == "mistaken") return whimbrel::entities<mistaken::Post>();
  return whimbrel::entities<first::Post>();
}

whimbrel::MigrationList migrations(const std::string& name) {
  if (name == "failing") return failing_migrations();
  if (name == "kept") return kept_migrations();
  if (name == "postgres") return postgres_migrations();
  if (name == "baseline") return baseline_migrations();
  return app_migrations();
}

}  // namespace

int main(int argc, char** argv) {
  return whimbrel::manage(argc, argv,
                          {.url = setting("PROGRAM_URL", "sqlite:program.db"),
                           .entities = entities(setting("STAGE", "first")),
                           .migrations = migrations(setting("MIGRATIONS", "app")),
                           .migrations_directory = setting("MIGRATIONS_DIRECTORY", "")});
}
