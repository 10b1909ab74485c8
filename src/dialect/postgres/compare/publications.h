#pragma once

#include <optional>
#include <vector>

#include "diff/diff.h"

namespace whimbrel::dialect::postgres {

/// Publications are created, but neither dropped, because SQL files are loaded without them, nor changed. Returns the
/// schemas in which the desired one has the current one's publications, and what is in those that it lacks; nullopt if
/// it has the same. One for all tables or those of schemas is not created either, and if a schema has it, what is in
/// the other's publication of that name is not compared.
std::optional<diff::SchemaPair> with_current_publications(const model::Schema& current, const model::Schema& desired);

/// Returns the objects without the publications for all tables or those of schemas, and what is in these.
std::vector<model::Object> without_unsupported_publications(std::vector<model::Object> objects);

}  // namespace whimbrel::dialect::postgres
