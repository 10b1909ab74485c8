#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "run/runner.h"

namespace whimbrel::cli {

/// The words for migrations that were run or reverted: `Ran X`, `2 migrations run`.
struct AppliedWords {
  std::string one;
  std::string all;
};

/// Prints a line for the migration and, in a dry run, its statements.
void show_applied(const Console& console, const AppliedWords& words, const run::MigrationResult& migration,
                  const sql::Syntax& syntax);

/// Prints a note on what the statements of a dry run lack.
void note_preview(const Console& console, const std::vector<run::MigrationResult>& migrations);

[[nodiscard]] Json applied_document(const std::vector<run::MigrationResult>& migrations, bool dry_run);

}  // namespace whimbrel::cli
