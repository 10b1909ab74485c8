#pragma once

#include <map>
#include <string>
#include <vector>

#include "change/generate.h"

namespace whimbrel::change {

/// The names of the columns of views.
using ViewColumns = std::map<model::Name, std::vector<std::string>>;

/// Returns the columns of the views that the entities do not describe. Empty if the change cannot rename them.
[[nodiscard]] ViewColumns read_view_columns(session::Session& session, dialect::Connection& connection,
                                            const SchemaChange& generated, const model::Schema& schema);
/// Returns a note for each column of a view that has another name.
[[nodiscard]] std::vector<Finding> notes_on_view_columns(const ViewColumns& before, const ViewColumns& after);

}  // namespace whimbrel::change
