#pragma once

#include <string>
#include <string_view>

/// The names in SQL. Neither MariaDB nor MySQL records what an expression, a column of a view or the body of a trigger
/// uses, so each occurrence of a name may be a use.
namespace whimbrel::dialect::mysql {

/// Returns whether the SQL may use the column, table or view of this name.
[[nodiscard]] bool may_use(std::string_view sql, std::string_view name);

/// Returns the expression after a column was renamed.
[[nodiscard]] std::string with_renamed_column(std::string_view expression, std::string_view from, std::string_view to);

}  // namespace whimbrel::dialect::mysql
