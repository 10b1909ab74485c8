#pragma once

#include <optional>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// A table that leaves its parents keeps what it had from them, and one that joins parents must have, as its own, what
/// they have. Returns the schemas in which such tables have these parts as their own, and the others have as their own
/// what is so in the other schema, and columns that differ from a parent's; nullopt if nothing changes. `everything`:
/// as in `Comparison::normalised`; if false, tables keep their parents.
std::optional<diff::SchemaPair> with_parts_of_parents(const model::Schema& current, const model::Schema& desired,
                                                      bool everything);

}  // namespace whimbrel::dialect::postgres
