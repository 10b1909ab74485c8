#pragma once

#include "change/generate.h"
#include "change/script_verifier.h"

namespace whimbrel::change {

/// Returns the expected schema, with the objects that `up` only drops and recreates as the scratch database has them:
/// the same statement can be written otherwise after it, with casts to the new type of a column.
[[nodiscard]] model::Schema with_recreated(model::Schema expected, const ScriptVerifier& verifier,
                                           const SchemaChange& generated);

}  // namespace whimbrel::change
