#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

/// What virtual tables need on the way from one schema to another.
namespace whimbrel::dialect::sqlite {

/// The renames, and around them the full-text indexes that read a table which is renamed: SQLite does not carry its new
/// name into them, so that they are made anew: before it over the new name, after it with what it has.
[[nodiscard]] std::vector<operation::Operation> with_indexes_of_content(const model::Schema& current,
                                                                        std::vector<operation::Operation> renames);

/// Operations in order, with triggers made after the virtual tables that they may write to, and full-text indexes made
/// anew where a rebuild changes what they read.
[[nodiscard]] std::vector<operation::Operation> with_virtual_tables(std::vector<operation::Operation> operations,
                                                                    const model::Schema& after);

/// The full-text indexes that cannot read any more what they index, in words.
[[nodiscard]] std::vector<std::string> lost_contents(const model::Schema& before, const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
