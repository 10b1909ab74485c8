#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/samples.h"

/// What the dialect is made of, a file each.
namespace whimbrel::toy {

/// The newest version unless one is declared.
[[nodiscard]] std::unique_ptr<const dialect::Dialect> make_dialect(const dialect::ServerFacts& server);

/// How it is written: no more than names, strings and parameters.
[[nodiscard]] const sql::Syntax& syntax();

/// generate.cpp. Throws Error (entity) for what the toy database has not.
[[nodiscard]] std::vector<sql::Statement> generate(const std::vector<operation::Operation>& operations);
/// inspect.cpp
[[nodiscard]] model::Schema inspect(dialect::Connection& connection);
/// compare.cpp
[[nodiscard]] std::unique_ptr<diff::Comparison> make_comparison(const model::TypeMapping& mapping);
[[nodiscard]] std::unique_ptr<plan::Rewriter> make_rewriter();
/// guard.cpp
[[nodiscard]] std::unique_ptr<dialect::SafetyGuard> make_guard(dialect::Connection& connection);
/// samples.cpp
[[nodiscard]] const dialect::Samples& samples();

}  // namespace whimbrel::toy
