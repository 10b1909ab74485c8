#pragma once

#include <optional>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// A table that leaves its parents keeps what it had from them, and one that joins parents must have, as its own, what
/// they have. Returns the schemas in which such tables have these parts as their own, and others the columns that are
/// their own in the other schema; nullopt if there are none.
std::optional<diff::SchemaPair> with_parts_of_parents(const model::Schema& current, const model::Schema& desired);

}  // namespace whimbrel::dialect::postgres
