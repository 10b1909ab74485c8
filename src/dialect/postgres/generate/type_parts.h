#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "whimbrel/model.h"

/// A type as conversions look at it.
namespace whimbrel::dialect::postgres {

/// `timestamp(3) without time zone[]` taken apart: an array of `timestamp without time zone` with 3 digits.
struct TypeParts {
  std::string name;
  std::vector<std::uint32_t> arguments;
  bool is_array = false;

  /// The type of the values, or of those in the array.
  [[nodiscard]] model::Type element() const;
};

[[nodiscard]] TypeParts parts_of(const model::Type& type);

[[nodiscard]] bool is_text(std::string_view name);
[[nodiscard]] bool is_whole(std::string_view name);
[[nodiscard]] bool is_float(std::string_view name);
[[nodiscard]] bool is_number(std::string_view name);
/// `date` and what begins with one.
[[nodiscard]] bool is_day(std::string_view name);
[[nodiscard]] bool is_time_of_day(std::string_view name);
[[nodiscard]] bool has_zone(std::string_view name);
[[nodiscard]] bool is_json(std::string_view name);
[[nodiscard]] bool is_bits(std::string_view name);
/// One of the server's own types that convert a text to a value without cutting it.
[[nodiscard]] bool is_built_in(std::string_view name);

/// Can a value be a text that ends with spaces which mean something?
[[nodiscard]] bool may_end_with_spaces(std::string_view name);
/// Is a text of any value of the one type as short as the other type, a text with a length, wants it?
[[nodiscard]] bool fits_length(const TypeParts& from, const TypeParts& to);

}  // namespace whimbrel::dialect::postgres
