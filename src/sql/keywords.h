#pragma once

#include <string_view>

namespace whimbrel::sql {

/// Returns whether one of the databases reserves the word, in any case, so that it must be quoted as an identifier.
[[nodiscard]] bool is_reserved(std::string_view word);

/// Returns whether it is reserved only as a type name, so that it needs no quotes as a type.
[[nodiscard]] bool is_type_name(std::string_view word);

}  // namespace whimbrel::sql
