#pragma once

#include <string>
#include <string_view>

#include "dialect/connection.h"
#include "dialect/sqlite/text/names.h"

namespace whimbrel::dialect::sqlite {

/// Returns the names of the tables, views and columns of the database.
[[nodiscard]] Names names_in(Connection& connection);

/// Returns whether two statements that create a view or a trigger mean the same, ignoring the case and the quotes of
/// names, which ALTER TABLE ... RENAME changes. `names`: the known ones. A text in double quotes that is none of them
/// is a string. https://www.sqlite.org/quirks.html#dblquote
[[nodiscard]] bool same_words(std::string_view a, std::string_view b, const Names& names);

}  // namespace whimbrel::dialect::sqlite
