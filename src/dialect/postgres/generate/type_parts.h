#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "whimbrel/model.h"

/// The parts of a type for conversions.
namespace whimbrel::dialect::postgres {

/// The parts of `timestamp(3) without time zone[]`: an array of `timestamp without time zone` with 3 digits.
struct TypeParts {
  std::string name;
  std::vector<std::uint32_t> arguments;
  bool is_array = false;

  /// The type of the values, or of an array's elements.
  [[nodiscard]] model::Type element() const;
};

[[nodiscard]] TypeParts parts_of(const model::Type& type);

[[nodiscard]] bool is_text(std::string_view name);
[[nodiscard]] bool is_whole(std::string_view name);
[[nodiscard]] bool is_float(std::string_view name);
[[nodiscard]] bool is_number(std::string_view name);
/// `date` and the types that begin with one.
[[nodiscard]] bool is_day(std::string_view name);
[[nodiscard]] bool is_time_of_day(std::string_view name);
[[nodiscard]] bool has_zone(std::string_view name);
[[nodiscard]] bool is_json(std::string_view name);
[[nodiscard]] bool is_bits(std::string_view name);
/// One of the server's own types that convert a text to a value without truncation.
[[nodiscard]] bool is_built_in(std::string_view name);

/// Returns whether a value can be a text with significant trailing spaces.
[[nodiscard]] bool may_end_with_spaces(std::string_view name);
/// Returns whether the text of every value of one type fits into the other type, a text with a length.
[[nodiscard]] bool fits_length(const TypeParts& from, const TypeParts& to);

}  // namespace whimbrel::dialect::postgres
