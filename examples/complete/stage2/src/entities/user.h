#pragma once

#include <whimbrel/entity.h>

#include <cstdint>
#include <string>
#include <string_view>

struct User {
  std::int32_t id{};
  std::string email;
  std::string password;  // hashed

  void set_password(std::string_view plain_text);
  [[nodiscard]] bool is_password(std::string_view plain_text) const;

  static void describe(whimbrel::Entity<User>& user) {
    user.primary_generated<&User::id>();
    user.column<&User::email>({.unique = true});
    user.column<&User::password>();
  }
};
