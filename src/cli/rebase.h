#pragma once

#include <string>
#include <vector>

#include "session/session.h"

namespace whimbrel::cli {

/// The migrations to regenerate, and the others.
struct Replaced {
  std::vector<std::string> migrations;
  std::vector<std::string> files;
  std::string name;                    ///< The name of the first, from its file.
  std::vector<MigrationEntry> others;  ///< The other migrations of the program.

  [[nodiscard]] bool empty() const { return migrations.empty(); }
};

/// Returns the migrations that `makemigrations --rebase` replaces; with `name`, only this one and those that build on
/// it. Throws Error (usage) if one of them may not be replaced, or if its file is not found.
[[nodiscard]] Replaced find_replaced(session::Session& session, const std::string& name);

}  // namespace whimbrel::cli
