#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/samples.h"

/// What the dialect is made of, a file each.
namespace whimbrel::toy {

[[nodiscard]] const dialect::Dialect& dialect();

/// generate.cpp. Throws Error (entity) for what the toy database has not.
[[nodiscard]] std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations);
/// inspect.cpp
[[nodiscard]] model::Schema inspect(dialect::Connection& connection);
/// compare.cpp
[[nodiscard]] std::unique_ptr<diff::Comparison> make_comparison();
[[nodiscard]] std::unique_ptr<plan::Rewriter> make_rewriter();
/// guard.cpp
[[nodiscard]] std::unique_ptr<dialect::Guard> make_guard(dialect::Connection& connection);
/// samples.cpp
[[nodiscard]] const dialect::Samples& samples();

}  // namespace whimbrel::toy
