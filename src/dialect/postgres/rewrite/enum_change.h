#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Fills in the columns of an enum that must be recreated: one that loses or reorders values, or one with a new value
/// that an operation mentions, because all operations run in one transaction.
/// https://www.postgresql.org/docs/current/sql-altertype.html#id-1.9.3.42.7
void fill_enum(operation::AlterEnum& op, const std::vector<operation::Operation>& operations, const model::Schema& from,
               const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
