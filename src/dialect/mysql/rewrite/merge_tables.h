#pragma once

#include <vector>

#include "dialect/dialect.h"
#include "model/indexed_schema.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// A MERGE table can be read only if its columns are those of its members, and it is not compared. Throws Error
/// (unsafe) if the columns of a member of one that stays change. Null: it is not known what its members are.
void require_no_merge_table(const std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                            const model::IndexedSchema& to, Connection* connection);

}  // namespace whimbrel::dialect::mysql
