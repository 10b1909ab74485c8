#pragma once

#include <string>
#include <string_view>

#include "whimbrel/query_runner.h"

namespace whimbrel::dialect::postgres {

/// The types whose values are not text here, by their OIDs, which are fixed.
enum class TypeNumber : unsigned {
  boolean = 16,
  bytea = 17,
  bigint = 20,
  smallint = 21,
  integer = 23,
  oid = 26,
  real = 700,
  double_precision = 701,
};

/// Converts a value from the server's text.
[[nodiscard]] Value to_value(unsigned type, std::string_view text);

/// Returns a number as the server parses it.
[[nodiscard]] std::string to_text(double number);

}  // namespace whimbrel::dialect::postgres
