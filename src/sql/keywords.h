#pragma once

#include <string_view>

namespace whimbrel::sql {

/// Is the word reserved, in any case of its letters, by one of the databases, so that it is no identifier without
/// quotes?
[[nodiscard]] bool is_reserved(std::string_view word);

/// Is it reserved only as the name of a type, so that it needs no quotes in the place of one?
[[nodiscard]] bool is_type_name(std::string_view word);

}  // namespace whimbrel::sql
