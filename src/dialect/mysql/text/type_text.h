#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::dialect::mysql {

/// A type without the attributes of its column, and these. The words of Type::suffix are both.
struct AttributedType {
  model::Type type;
  std::string attributes;  ///< `srid 4326 invisible`; empty: none.
};

/// Separates the attributes, which follow CHARACTER SET and COLLATE in a definition, from the words that belong to the
/// type: `unsigned`, `zerofill` and `compressed`.
[[nodiscard]] AttributedType split_attributes(const model::Type& type);

/// Returns whether the values of the type are numbers: `int`, `decimal`, `year`.
[[nodiscard]] bool is_number_type(std::string_view name);

/// Returns the words with single spaces between those that are not empty.
[[nodiscard]] std::string joined_words(const std::vector<std::string>& words);

/// Returns the values of an enum or a set: `enum('a','it''s')`. Empty if it is neither.
[[nodiscard]] std::vector<std::string> read_values(std::string_view type);

}  // namespace whimbrel::dialect::mysql
