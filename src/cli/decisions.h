#pragma once

#include <string>
#include <vector>

#include "change/generate.h"
#include "cli/arguments.h"
#include "cli/json.h"
#include "cli/questions.h"

/// What options and people decide about a difference.
namespace whimbrel::cli {

/// The decisions of the options. Throws Error (usage) for one that names no column or table.
[[nodiscard]] diff::Decisions read_decisions(const std::vector<Assignment>& renames,
                                             const std::vector<Assignment>& not_renames,
                                             const std::vector<Assignment>& defaults,
                                             const std::vector<QualifiedName>& drops = {});

/// Throws Error (usage) for SQL that ends in a comment, which would hide what a statement says after it.
void require_expressions(const diff::Decisions& decisions, const sql::Syntax& syntax);

/// Are there questions that nobody has answered yet?
[[nodiscard]] bool has_open_questions(const run::Generated& generated);

/// Asks and adds the answers. False when an answer is missing.
[[nodiscard]] bool answer(Questions& questions, const sql::Syntax& syntax, const run::Generated& generated,
                          diff::Decisions& decisions);

/// The open questions with the options that answer them.
[[nodiscard]] Error undecided(const run::Generated& generated);
[[nodiscard]] Json questions_document(const run::Generated& generated);

/// What could be answered, in words, where nobody is asked.
[[nodiscard]] std::vector<std::string> open_notes(const run::Generated& generated);

/// The options that say what `down` puts into the rows that are there then, where it has to put something.
[[nodiscard]] std::vector<std::string> down_options(const run::Generated& generated);

/// The renames in the other direction; what fills columns is left out.
[[nodiscard]] diff::Decisions reversed(const diff::Decisions& decisions);

/// Throws Error (usage) for a rename or a drop that was asked for and that there is nothing for: a misspelled name
/// would otherwise become a drop.
void require_effect(const dialect::Dialect& dialect, const diff::Decisions& decisions, const run::Generated& generated);

}  // namespace whimbrel::cli
