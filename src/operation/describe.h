#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

/// Operations as display text.
namespace whimbrel::operation {

/// Returns the operation: `add column "email" to "user"`.
[[nodiscard]] std::string describe(const Operation& operation);

/// Returns its object: `column "email" to "user"`, `check "positive" (a > 0) from "user"`.
[[nodiscard]] std::string describe_target(const Operation& operation);

/// Returns the type, also for a column without one.
[[nodiscard]] std::string in_words(const model::Type& type);

/// Returns the name in double quotes, for every database.
[[nodiscard]] std::string in_quotes(const std::string& name);
[[nodiscard]] std::string in_quotes(const model::Name& name);
/// `(a, b)`
[[nodiscard]] std::string in_parentheses(const std::vector<std::string>& names);
[[nodiscard]] std::string in_parentheses(const std::vector<model::KeyPart>& parts);

}  // namespace whimbrel::operation
