#pragma once

#include <string>

#include "sql/syntax.h"
#include "whimbrel/model.h"

namespace whimbrel::operation {

// Does the thing use this column of its table? The database says so of what is there: `length(name)` does not use a
// column `length`, and `days[1:n]` uses `n`. Of what is only desired, or could not be asked about, it may if its text
// has the column's name in it.

[[nodiscard]] bool uses(const model::Check& check, const std::string& column, const sql::Syntax& syntax);
[[nodiscard]] bool uses(const model::Exclusion& exclusion, const std::string& column, const sql::Syntax& syntax);
[[nodiscard]] bool uses(const model::Index& index, const std::string& column, const sql::Syntax& syntax);
[[nodiscard]] bool uses(const model::Computed& computed, const std::string& column, const sql::Syntax& syntax);
[[nodiscard]] bool uses(const model::Trigger& trigger, const std::string& column, const sql::Syntax& syntax);

}  // namespace whimbrel::operation
