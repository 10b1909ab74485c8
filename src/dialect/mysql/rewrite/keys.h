#pragma once

#include <vector>

#include "dialect/mysql/dialect.h"
#include "model/indexed_schema.h"
#include "operation/operation.h"

/// Keys and indexes around other changes.
namespace whimbrel::dialect::mysql {

/// Renames indexes that are dropped and created under another name, instead of building them again.
void rename_indexes(std::vector<operation::Operation>& operations, const model::IndexedSchema& from);

/// Moves the drop of an index that a foreign key needs to the creation of what replaces it, so that one statement makes
/// both. The operations are in order.
void join_replaced_indexes(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                           const model::IndexedSchema& to);

/// Drops first the checks whose names others get in another table: on MySQL, they are names in the whole database.
void free_names_of_checks(std::vector<operation::Operation>& operations, const Server& server);

}  // namespace whimbrel::dialect::mysql
