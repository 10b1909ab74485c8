#pragma once

#include <string>

#include "dialect/connection.h"
#include "support/random.h"
#include "whimbrel/model.h"

namespace whimbrel::test {

/// A literal for the column.
[[nodiscard]] std::string random_value(const model::Column& column, Random& random);

/// Adds rows that the keys and checks of the schema's tables accept.
void add_random_rows(dialect::Connection& connection, const model::Schema& schema, Random& random);

}  // namespace whimbrel::test
