#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/statement.h"

namespace whimbrel::write {

/// The contents of a new migration file.
struct NewMigration {
  std::string directory;  ///< Created if it does not exist.
  std::string name = "migration";
  std::int64_t now = 0;                  ///< Milliseconds since 1970.
  std::vector<std::int64_t> timestamps;  ///< Timestamps of the migrations that the program and the database know.
  sql::Script script;
  bool in_transaction = true;
  std::vector<std::string> remarks;
  std::optional<std::string>
      tables;  ///< The tables that it is for: ASCII without quotes and parentheses. None: unknown.
};

struct MigrationFile {
  std::int64_t timestamp = 0;
  std::string path;
  std::string class_name;
  std::string text;
};

/// Returns the files to write for migrations of one directory. Their timestamps are in the order of the list, and later
/// than every known one and those of the files in the directory. Throws Error (usage, file).
[[nodiscard]] std::vector<MigrationFile> prepare_migrations(const std::vector<NewMigration>& migrations);

/// Writes all files completely or none, and never overwrites a file. Throws Error (usage, file).
std::vector<MigrationFile> write_migrations(const std::vector<NewMigration>& migrations);

/// Writes the files and removes the replaced ones: both or neither. Throws Error (usage, file).
std::vector<MigrationFile> replace_migrations(const std::vector<NewMigration>& migrations,
                                              const std::vector<std::string>& replaced);

/// Prepares or writes one migration file.
[[nodiscard]] MigrationFile prepare_migration(const NewMigration& migration);
MigrationFile write_migration(const NewMigration& migration);

/// Returns the names of the directory's files; none if it does not exist. Throws Error (file).
[[nodiscard]] std::vector<std::string> names_of_files(const std::string& directory);

/// Returns the names of the directory's migration files whose timestamps are not among these, oldest first; none if the
/// directory cannot be read.
[[nodiscard]] std::vector<std::string> unknown_migration_files(const std::string& directory,
                                                               const std::vector<std::int64_t>& known);

/// Returns the timestamps in the names of the directory's files; none if it does not exist. Throws Error (file).
[[nodiscard]] std::vector<std::int64_t> timestamps_of_files(const std::string& directory);

}  // namespace whimbrel::write
