#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "whimbrel/migration.h"

namespace whimbrel::run {

/// A migration that the program contains.
struct KnownMigration {
  std::string name;
  std::int64_t timestamp = 0;
  std::string checksum;  ///< Empty: not known.
  void (*lend)(MigrationUse* use, void* context) = nullptr;

  /// Makes the migration, calls the function with it, and destroys it. Throws Error (migration) if none is made.
  void use(const std::function<void(Migration& migration)>& function) const;
};

/// The migrations of a list, oldest first. Throws Error (migration) for a name without a timestamp, for two of one name
/// or one timestamp, and for an entry that cannot make its migration.
[[nodiscard]] std::vector<KnownMigration> read_list(const MigrationList& list);

/// The 13 digits at the end of a migration's name; 0 if it does not end with them.
[[nodiscard]] std::int64_t timestamp_of(std::string_view name);

/// The migration that a person means: by its name, by its timestamp, by its file's name, which begins with that, or by
/// either name without the timestamp if no other has it. Null if there is none.
[[nodiscard]] const KnownMigration* find(const std::vector<KnownMigration>& migrations, std::string_view what);

}  // namespace whimbrel::run
