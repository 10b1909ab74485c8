#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Takes out of CREATE TABLE and DROP TABLE what calls a function that is made after the tables and dropped before
/// them: checks, exclusions, indexes and defaults.
void take_out_late_parts(std::vector<operation::Operation>& operations);

/// Puts what is made after the tables, views and objects that use tables, into an order in which it can be made, and
/// what calls it after it; and all of that into the other order where it is dropped. The operations are ordered
/// otherwise, and lead from one schema to the other.
void order_late(std::vector<operation::Operation>& operations, const model::Schema& from, const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
