#pragma once

#include <string>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Returns which rows make a change of the table fail because of what SQLite stores in a column and what it compares,
/// as display text. Without new constraints and NOT NULL, which are the same on every database. `schema`: the one after
/// the change, whose foreign keys may reference the table.
[[nodiscard]] std::vector<std::string> possible_failures(const model::Table& before, const model::Table& after,
                                                         const model::Schema& schema = {});

}  // namespace whimbrel::dialect::sqlite
