#pragma once

#include <whimbrel/entity.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "media.h"

enum class Role { guest, viewer, owner };

struct Profile {
  std::int32_t id{};
  std::string name;
  Role role = Role::viewer;
  std::optional<std::string> email;
  std::chrono::sys_seconds created_at;

  static void describe(whimbrel::Entity<Profile>& profile) {
    profile.primary_generated<&Profile::id>();
    profile.column<&Profile::name>({.length = 40, .unique = true});
    profile.column<&Profile::role>({.default_value = Role::viewer});
    profile.column<&Profile::email>({.length = 254, .unique = true});
    profile.create_date<&Profile::created_at>({.with_time_zone = true});
  }
};

/// How far somebody has played an item.
struct Playback {
  std::int32_t profile_id{};
  std::int64_t item_id{};
  std::int64_t position_ms{};
  std::int32_t plays{};
  std::optional<std::chrono::sys_seconds> last_played_at;

  static void describe(whimbrel::Entity<Playback>& playback) {
    playback.primary_column<&Playback::profile_id>({.primary_key_name = "playback_key"});
    playback.primary_column<&Playback::item_id>();
    playback.column<&Playback::position_ms>({.default_value = 0});
    playback.column<&Playback::plays>({.default_value = 0});
    playback.column<&Playback::last_played_at>();
    playback.many_to_one<&Playback::profile_id, &Profile::id>(
        {.on_delete = whimbrel::OnDelete::cascade});
    playback.many_to_one<&Playback::item_id, &Item::id>({.on_delete = whimbrel::OnDelete::cascade});
    playback.check("position_ms >= 0");
  }
};
