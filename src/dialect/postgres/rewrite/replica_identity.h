#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Sets the index that is the replica identity of a table when the index exists; and again when it is recreated,
/// because the server forgets it silently when the index is dropped. Takes operations in their order.
void set_replica_identity_last(std::vector<operation::Operation>& operations, const model::Schema& from,
                               const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
