#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/statement.h"

/// Statements → the C++ source of a migration.
namespace whimbrel::write {

/// `add-email` and 1561981516514 → `AddEmail1561981516514`: TypeORM's camelCase with a capital first letter.
///
/// Throws Error (usage) if the result is not a valid C++ identifier, or a reserved one.
[[nodiscard]] std::string class_name(std::string_view name, std::int64_t timestamp);

/// `add-email` and 1561981516514 → `1561981516514-add-email.cpp`.
[[nodiscard]] std::string file_name(std::string_view name, std::int64_t timestamp);

struct MigrationSource {
  std::string class_name;
  sql::Script script;
  /// Sentences for the comment at the top: what was verified, and data loss.
  std::vector<std::string> remarks;
  bool in_transaction = true;
  std::optional<std::string> tables;  ///< The result of tables(); none: no such function.
};

/// Returns the text of the file.
[[nodiscard]] std::string render(const MigrationSource& source);

}  // namespace whimbrel::write
