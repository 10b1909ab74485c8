#pragma once

#include <optional>

#include "change/generate.h"

namespace whimbrel::run {

/// A mistake in SQL that the user wrote, if the generated script fails because of one: what entities say and what was
/// answered is tried piece by piece on a scratch copy. The error names the piece, what has it, and the database's
/// reason.
[[nodiscard]] std::optional<Error> find_mistake(Session& session, const Generated& generated,
                                                const dialect::Scope& scope);

}  // namespace whimbrel::run
