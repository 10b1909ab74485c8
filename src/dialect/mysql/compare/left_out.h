#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// What of a table must not be there while MySQL renames one of its columns, such as a generated column that uses it.
struct LeftOut {
  std::vector<operation::Operation> drops;
  std::vector<operation::Operation> recreations;  ///< With the new name.
};

/// Throws Error (unsafe) for a generated column that cannot be dropped.
[[nodiscard]] LeftOut left_out_of(const model::Schema& schema, const model::Table& table,
                                  const operation::RenameColumn& op);

/// Removes from the renames and what is dropped and recreated around each of them what one recreates only for the next
/// to drop it again: its passing name may be one that the server refuses there. Puts recreated columns in their places.
void join_left_out(std::vector<operation::Operation>& renames, const model::Schema& before);

}  // namespace whimbrel::dialect::mysql
