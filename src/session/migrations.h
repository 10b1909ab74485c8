#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "whimbrel/migration.h"

namespace whimbrel::session {

/// A migration that the program contains.
struct KnownMigration {
  std::string name;
  std::int64_t timestamp = 0;
  std::string checksum;  ///< Empty: unknown.
  void (*with_instance)(MigrationUse* use, void* context) = nullptr;

  /// Constructs the migration, passes it to the function and destroys it. Throws Error (migration) if that fails.
  void use(const std::function<void(Migration& migration)>& function) const;
};

/// Returns the migrations of a list, oldest first. Throws Error (migration) for a name without a timestamp, for two of
/// the same name or timestamp, and for an entry that cannot construct its migration.
[[nodiscard]] std::vector<KnownMigration> read_list(const MigrationList& list);

/// Returns the list for the database: of several lists, its own. Throws Error (usage) if it has none.
[[nodiscard]] MigrationList list_for(const MigrationList& list, std::string_view database);

/// Returns the 13 digits at the end of a migration's name; 0 if it does not end with 13 digits.
[[nodiscard]] std::int64_t timestamp_of(std::string_view name);

/// Returns the migration that the user means: by its name, its timestamp, its file name, which begins with the
/// timestamp, or by either name without the timestamp if it is unique. Null if there is none.
[[nodiscard]] const KnownMigration* find(const std::vector<KnownMigration>& migrations, std::string_view what);

}  // namespace whimbrel::session
