#pragma once

#include <string>
#include <vector>

#include "session/session.h"

namespace whimbrel::cli {

/// Migrations that are made anew, and what stays.
struct Replaced {
  std::vector<std::string> migrations;
  std::vector<std::string> files;
  std::string name;                    ///< Of the first, as its file says it.
  std::vector<MigrationEntry> others;  ///< Of the program's list.

  [[nodiscard]] bool empty() const { return migrations.empty(); }
};

/// The migrations that `makemigrations --rebase` replaces; `name`: only this one and what was made on top of it. Throws
/// Error (usage) if one of them may not be replaced, or if its file is not found.
[[nodiscard]] Replaced find_replaced(run::Session& session, const std::string& name);

}  // namespace whimbrel::cli
