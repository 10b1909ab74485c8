#pragma once

#include <cstddef>
#include <string_view>

namespace whimbrel::model {

/// How long a name may be.
struct NameLimit {
  enum class Unit { bytes, characters };
  std::size_t length = 0;  ///< 0: as long as it likes.
  Unit unit = Unit::bytes;

  /// How long the name, UTF-8 text, is in that unit.
  [[nodiscard]] std::size_t length_of(std::string_view name) const;
  [[nodiscard]] bool allows(std::string_view name) const { return length == 0 || length_of(name) <= length; }
  /// The beginning of the name, of whole characters, that is no longer than this.
  [[nodiscard]] std::string_view beginning(std::string_view name, std::size_t longest) const;
};

}  // namespace whimbrel::model
