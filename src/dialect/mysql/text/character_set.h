#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "whimbrel/model.h"

/// The character sets of columns. https://mariadb.com/kb/en/supported-character-sets-and-collations/
namespace whimbrel::dialect::mysql {

/// What a column has: its own, or that of its table. Empty: unknown, or its type has none.
struct CharacterSet {
  std::string name;
  std::string collation;
  bool operator==(const CharacterSet&) const = default;
};
[[nodiscard]] CharacterSet character_set(const model::Column& column, const model::Table& table);

/// Returns whether values of the column are characters, which includes enums and sets.
[[nodiscard]] bool has_characters(const model::Column& column);

/// Returns the bytes of the longest character.
[[nodiscard]] std::uint32_t bytes_per_character(std::string_view charset);

/// Returns whether each value in one has the same bytes in the other.
[[nodiscard]] bool keeps_bytes(std::string_view from, std::string_view to);

/// Returns whether some character of one is not in the other.
[[nodiscard]] bool lacks_characters(std::string_view from, std::string_view to);

/// Returns whether texts that differ for one collation can be equal for the other.
[[nodiscard]] bool may_unite(std::string_view from, std::string_view to);

/// Returns whether texts that differ only in case are equal. The name of a collation ends with its sensitivity.
[[nodiscard]] bool ignores_case(std::string_view collation);

}  // namespace whimbrel::dialect::mysql
