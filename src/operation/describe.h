#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

/// Operations in words for people.
namespace whimbrel::operation {

/// What it does: `add column "email" to "user"`.
[[nodiscard]] std::string describe(const Operation& operation);

/// What it does that to: `column "email" to "user"`, `check "positive" (a > 0) from "user"`.
[[nodiscard]] std::string describe_target(const Operation& operation);

/// The type, for which an untyped column has words, too.
[[nodiscard]] std::string in_words(const model::Type& type);

/// The name in double quotes, whatever the database.
[[nodiscard]] std::string in_quotes(const std::string& name);
[[nodiscard]] std::string in_quotes(const model::Name& name);
/// `(a, b)`
[[nodiscard]] std::string in_parentheses(const std::vector<std::string>& names);
[[nodiscard]] std::string in_parentheses(const std::vector<model::KeyPart>& parts);

}  // namespace whimbrel::operation
