#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "run/executor.h"

namespace whimbrel::cli {

/// How migrations that were run or reverted are spoken of: `Ran X`, `2 migrations run`.
struct AppliedWords {
  std::string one;
  std::string all;
};

/// A line for the migration; below it the statements of a dry run.
void show_applied(const Console& console, const AppliedWords& words, const run::AppliedMigration& migration,
                  const sql::Syntax& syntax);

/// Says of a dry run what its statements lack.
void note_preview(const Console& console, const std::vector<run::AppliedMigration>& migrations);

[[nodiscard]] Json applied_document(const std::vector<run::AppliedMigration>& migrations, bool dry_run);

}  // namespace whimbrel::cli
