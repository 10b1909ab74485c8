#pragma once

#include <string>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "model/indexed_schema.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// Returns what the rewritten operations do to tables as a whole, and how they can fail because of something that does
/// not change itself: a key that is recreated, a check while rows are copied, the text of values.
[[nodiscard]] std::vector<std::string> notes_on(const std::vector<operation::Operation>& operations,
                                                const model::IndexedSchema& from, const model::IndexedSchema& to,
                                                const Server& server);

/// Returns what routines and triggers of the schema take from their database, if two databases differ in it.
[[nodiscard]] std::vector<std::string> notes_on_defaults(const ServerFacts& from, const ServerFacts& to,
                                                         const model::Schema& schema);

}  // namespace whimbrel::dialect::mysql
