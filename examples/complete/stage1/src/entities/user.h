#pragma once

#include <whimbrel/entity.h>

#include <cstdint>

struct User {
  std::int32_t id{};

  static void describe(whimbrel::Entity<User>& user) { user.primary_generated<&User::id>(); }
};
