#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace whimbrel::model {

/// The maximal length of a name.
struct NameLimit {
  enum class Unit { bytes, characters };
  std::size_t length = 0;  ///< 0: unlimited.
  Unit unit = Unit::bytes;

  /// Returns the length of the UTF-8 name in that unit.
  [[nodiscard]] std::size_t length_of(std::string_view name) const;
  [[nodiscard]] bool allows(std::string_view name) const { return length == 0 || length_of(name) <= length; }
  /// Returns the longest beginning of the name, in whole characters, that is not longer than `longest`.
  [[nodiscard]] std::string_view beginning(std::string_view name, std::size_t longest) const;
  /// Truncates a longer name to the limit: a hash replaces the removed part.
  [[nodiscard]] std::string shortened(std::string name) const;
};

}  // namespace whimbrel::model
