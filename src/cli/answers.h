#pragma once

#include <string>
#include <vector>

#include "change/generate.h"
#include "cli/arguments.h"
#include "cli/json.h"
#include "cli/questions.h"

/// Answers about a difference, from options and from answers to questions.
namespace whimbrel::cli {

/// Returns the answers of the options. Throws Error (usage) for one that is not a valid name.
[[nodiscard]] diff::Answers read_answers(const std::vector<TableColumnValue>& renames,
                                         const std::vector<TableColumnValue>& not_renames,
                                         const std::vector<TableColumnValue>& backfills,
                                         const std::vector<QualifiedName>& drops = {});

/// Throws Error (usage) for SQL that ends in a comment, which would hide what a statement says after it.
void require_expressions(const diff::Answers& answers, const sql::Syntax& syntax);

/// Returns whether there are unanswered questions.
[[nodiscard]] bool has_open_questions(const change::SchemaChange& generated);

/// Asks and adds the answers. Returns false if an answer is missing.
[[nodiscard]] bool answer(Questions& questions, const sql::Syntax& syntax, const change::SchemaChange& generated,
                          diff::Answers& answers);

/// Returns the open questions with the options that answer them.
[[nodiscard]] Error undecided(const change::SchemaChange& generated);
[[nodiscard]] Json questions_document(const change::SchemaChange& generated);

/// Returns the open questions as notes, for commands that do not ask.
[[nodiscard]] std::vector<std::string> open_notes(const change::SchemaChange& generated);

/// Returns the options that set the values which `down` backfills.
[[nodiscard]] std::vector<std::string> down_options(const change::SchemaChange& generated);

/// Omits the schema, the default one, as the model does.
void omit_schema(diff::Answers& answers, const std::string& schema);

/// Returns the renames in the other direction, without backfills.
[[nodiscard]] diff::Answers reversed(const diff::Answers& answers);

/// Throws Error (usage) for a requested rename or drop that has no effect: otherwise a misspelled name would become a
/// drop.
void require_effect(const dialect::Dialect& dialect, const diff::Answers& answers,
                    const change::SchemaChange& generated);

}  // namespace whimbrel::cli
