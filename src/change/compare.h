#pragma once

#include "change/generate.h"

namespace whimbrel::change {

/// How the data loss of a conversion is determined.
enum class LossCheck {
  by_types,  ///< By the types, for any database: a migration also runs on others.
  by_rows,   ///< By the values in this database, if it can be queried.
};

/// Like generate(), as part of another command.
[[nodiscard]] SchemaChange compare(session::Session& session, const diff::Answers& answers,
                                   LossCheck loss_check = LossCheck::by_types);

/// Returns what the entities still lack in `schema`, for which the comparison was made. Nothing undescribed is dropped.
[[nodiscard]] diff::Difference difference_from_entities(session::Session& session, const model::Schema& schema,
                                                        const diff::Comparison& comparison);

/// Generates the script for the difference from `current`, the schema of the connection's database.
[[nodiscard]] SchemaChange make_script(const dialect::Dialect& dialect, dialect::Connection& connection,
                                       model::Schema current, diff::Difference difference,
                                       LossCheck loss_check = LossCheck::by_types);

}  // namespace whimbrel::change
