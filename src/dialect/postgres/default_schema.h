#pragma once

#include <string>

#include "dialect/connection.h"

/// The schema of unqualified names, which follows from search_path.
namespace whimbrel::dialect::postgres {

/// As in Dialect.
[[nodiscard]] std::string way_to_same_default_schema(const std::string& first, const std::string& second);
[[nodiscard]] std::string default_schema_line(Connection& connection);
[[nodiscard]] bool take_default_schema(Connection& scratch, Connection& original);

}  // namespace whimbrel::dialect::postgres
