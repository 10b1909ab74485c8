#pragma once

#include <cstdint>
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
  std::vector<std::string> remarks;
};

struct MigrationFile {
  std::int64_t timestamp = 0;
  std::string path;
  std::string class_name;
  std::string text;
};

/// The file as it would be written. Its timestamp is later than every known one and than those of the files in the
/// directory. Throws Error (usage, file).
[[nodiscard]] MigrationFile prepare_migration(const NewMigration& migration);

/// Writes it: whole or not at all, and never over another file. Throws Error (usage, file).
MigrationFile write_migration(const NewMigration& migration);

/// The timestamps in the names of the directory's files; none if it is not there. Throws Error (file).
[[nodiscard]] std::vector<std::int64_t> timestamps_of_files(const std::string& directory);

}  // namespace whimbrel::write
