#pragma once

#include <optional>

#include "change/generate.h"

namespace whimbrel::change {

/// Finds an error in SQL written by the user, if the generated script fails because of one: the SQL of entities and
/// answers is tested piece by piece on a scratch copy. The error names the piece, its place and the database's reason.
[[nodiscard]] std::optional<Error> find_user_sql_error(session::Session& session, const SchemaChange& generated,
                                                       const dialect::InspectScope& scope);

}  // namespace whimbrel::change
