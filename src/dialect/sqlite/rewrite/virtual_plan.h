#pragma once

#include <string>
#include <vector>

#include "dialect/sqlite/inspect/module_trial.h"
#include "operation/operation.h"

/// What virtual tables need on the way from one schema to another.
namespace whimbrel::dialect::sqlite {

/// The renames, and around them the full-text indexes that read what is renamed: SQLite does not carry a new name into
/// them. They are made anew: before it over the new name of the table; after it with what they have, if they can still
/// read it.
[[nodiscard]] std::vector<operation::Operation> with_indexes_of_content(const model::Schema& current,
                                                                        std::vector<operation::Operation> renames);

/// Operations in order, from the one schema to the other, with what virtual tables need of them: their rows copied,
/// what they read there when they read it, triggers made after those that they may write to, and full-text indexes made
/// anew where something changes what they read. Throws Error (unsafe) where SQLite would drop a table that is not
/// theirs.
[[nodiscard]] std::vector<operation::Operation> with_virtual_tables(std::vector<operation::Operation> operations,
                                                                    const model::Schema& before,
                                                                    const model::Schema& after,
                                                                    const OpenScratch& open_scratch);

/// What of their contents virtual tables do not keep besides what the difference says, in words.
[[nodiscard]] std::vector<std::string> changed_contents(const model::Schema& before, const model::Schema& after);

/// The full-text indexes that cannot read any more what they index, in words.
[[nodiscard]] std::vector<std::string> lost_contents(const model::Schema& before, const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
