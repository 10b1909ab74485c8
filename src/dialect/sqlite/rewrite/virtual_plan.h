#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dialect/sqlite/inspect/module_trial.h"
#include "operation/operation.h"

/// The operations that virtual tables require between two schemas.
namespace whimbrel::dialect::sqlite {

/// Returns whether an index can read its view after the renames.
using CanRead = std::function<bool(const model::Object& index)>;

/// Returns the renames, and around them operations that recreate the full-text indexes that read a renamed table,
/// because SQLite does not rename in them, or a renamed column: before the renames over the new name of the table,
/// after them with their contents, if they can still read them.
[[nodiscard]] std::vector<operation::Operation> with_indexes_of_content(const model::Schema& current,
                                                                        std::vector<operation::Operation> renames,
                                                                        const CanRead& can_read_view);

/// Returns ordered operations from one schema to the other, with everything that virtual tables require: their rows are
/// copied, objects that they read exist at that time, triggers are created after the tables that they may write to, and
/// full-text indexes are recreated if their source changes. Throws Error (unsafe) if SQLite would drop a table that
/// does not belong to them.
[[nodiscard]] std::vector<operation::Operation> with_virtual_tables(std::vector<operation::Operation> operations,
                                                                    const model::Schema& before,
                                                                    const model::Schema& after,
                                                                    const OpenScratch& open_scratch);

/// Returns the contents that virtual tables lose beyond the difference, as display text.
[[nodiscard]] std::vector<std::string> changed_contents(const model::Schema& before, const model::Schema& after);

/// Returns the full-text indexes that can no longer read their source, as display text.
[[nodiscard]] std::vector<std::string> lost_contents(const model::Schema& before, const model::Schema& after);

}  // namespace whimbrel::dialect::sqlite
