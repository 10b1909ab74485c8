#pragma once

#include <optional>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Publications are created, but neither dropped, because SQL files are loaded without them, nor changed. Returns the
/// schemas in which the desired one has the current one's publications, and what is in those that it lacks; nullopt if
/// it has the same.
std::optional<diff::SchemaPair> with_current_publications(const model::Schema& current, const model::Schema& desired);

}  // namespace whimbrel::dialect::postgres
