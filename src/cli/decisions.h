#pragma once

#include <string>
#include <vector>

#include "change/generate.h"
#include "cli/arguments.h"
#include "cli/json.h"
#include "cli/questions.h"

/// Decisions about a difference, from options and from answers to questions.
namespace whimbrel::cli {

/// Returns the decisions of the options. Throws Error (usage) for one that is not a valid name.
[[nodiscard]] diff::Decisions read_decisions(const std::vector<Assignment>& renames,
                                             const std::vector<Assignment>& not_renames,
                                             const std::vector<Assignment>& defaults,
                                             const std::vector<QualifiedName>& drops = {});

/// Throws Error (usage) for SQL that ends in a comment, which would hide what a statement says after it.
void require_expressions(const diff::Decisions& decisions, const sql::Syntax& syntax);

/// Returns whether there are unanswered questions.
[[nodiscard]] bool has_open_questions(const run::Generated& generated);

/// Asks and adds the answers. Returns false if an answer is missing.
[[nodiscard]] bool answer(Questions& questions, const sql::Syntax& syntax, const run::Generated& generated,
                          diff::Decisions& decisions);

/// Returns the open questions with the options that answer them.
[[nodiscard]] Error undecided(const run::Generated& generated);
[[nodiscard]] Json questions_document(const run::Generated& generated);

/// Returns the open questions as notes, for commands that do not ask.
[[nodiscard]] std::vector<std::string> open_notes(const run::Generated& generated);

/// Returns the options that set the values which `down` backfills.
[[nodiscard]] std::vector<std::string> down_options(const run::Generated& generated);

/// Returns the renames in the other direction, without backfills.
[[nodiscard]] diff::Decisions reversed(const diff::Decisions& decisions);

/// Throws Error (usage) for a requested rename or drop that has no effect: otherwise a misspelled name would become a
/// drop.
void require_effect(const dialect::Dialect& dialect, const diff::Decisions& decisions, const run::Generated& generated);

}  // namespace whimbrel::cli
