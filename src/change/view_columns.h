#pragma once

#include <map>
#include <string>
#include <vector>

#include "change/generate.h"

namespace whimbrel::run {

/// The names of the columns of views.
using ViewColumns = std::map<model::Name, std::vector<std::string>>;

/// Returns the columns of the views that the entities do not describe. Empty if the change renames no column.
[[nodiscard]] ViewColumns read_view_columns(Session& session, dialect::Connection& connection,
                                            const SchemaChange& generated, const model::Schema& schema);
/// Returns a note for each view whose columns have other names. Not every database keeps the name of a view's column
/// when it renames the column that the view selects.
[[nodiscard]] std::vector<Finding> notes_on_view_columns(const ViewColumns& before, const ViewColumns& after);

}  // namespace whimbrel::run
