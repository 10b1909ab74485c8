#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/statement.h"

namespace whimbrel::write {

/// What a new migration file is made of.
struct NewMigration {
  std::string directory;  ///< Made if it is missing.
  std::string name = "migration";
  std::int64_t now = 0;                  ///< Milliseconds since 1970.
  std::vector<std::int64_t> timestamps;  ///< Of the migrations that the program and the database know.
  sql::Script script;
  bool in_transaction = true;
  std::vector<std::string> remarks;
  std::optional<std::string> tables;  ///< What it was made for: ASCII without quotes and parentheses. None: not known.
};

struct MigrationFile {
  std::int64_t timestamp = 0;
  std::string path;
  std::string class_name;
  std::string text;
};

/// The files as they would be written, for migrations of one directory. Their timestamps are later than every known one
/// and than those of the files in the directory, and in the order of the list. Throws Error (usage, file).
[[nodiscard]] std::vector<MigrationFile> prepare_migrations(const std::vector<NewMigration>& migrations);

/// Writes them: all and whole or nothing, and never over another file. Throws Error (usage, file).
std::vector<MigrationFile> write_migrations(const std::vector<NewMigration>& migrations);

/// Writes them and removes those files: both or neither. Throws Error (usage, file).
std::vector<MigrationFile> replace_migrations(const std::vector<NewMigration>& migrations,
                                              const std::vector<std::string>& replaced);

/// As those, for one.
[[nodiscard]] MigrationFile prepare_migration(const NewMigration& migration);
MigrationFile write_migration(const NewMigration& migration);

/// The timestamps in the names of the directory's files; none if it is not there. Throws Error (file).
[[nodiscard]] std::vector<std::int64_t> timestamps_of_files(const std::string& directory);

}  // namespace whimbrel::write
