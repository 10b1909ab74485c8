#pragma once

#include <vector>

#include "dialect/mysql/dialect.h"
#include "model/indexed_schema.h"
#include "operation/operation.h"

/// The server checks a foreign key at once, in each statement, and makes indexes for it.
namespace whimbrel::dialect::mysql {

/// Takes foreign keys out of tables that are created or dropped, if the referenced table is not as they need it then:
/// tables that reference each other in a cycle, and those that other operations change.
void take_out_foreign_keys(std::vector<operation::Operation>& operations);

/// Recreates foreign keys around changes that the server refuses while they exist.
void free_foreign_keys(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                       const model::IndexedSchema& to, const Server& server);

/// Throws Error if a table that stays, in this or another database, references one that is dropped: the server would
/// only refuse it after it has dropped others. Null: others are not looked at.
void require_unreferenced(const std::vector<operation::Operation>& operations, const model::IndexedSchema& to,
                          Connection* connection);

/// The server drops an index that it has made for a foreign key as soon as another one serves it, also that of a new
/// key. No catalog tells which indexes it has made, so those that stay are created again under their names.
void keep_own_indexes(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                      const model::IndexedSchema& to);

}  // namespace whimbrel::dialect::mysql
