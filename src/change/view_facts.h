#pragma once

#include <set>

#include "change/generate.h"
#include "diff/diff.h"

namespace whimbrel::change {

/// Returns the views that change and whose new columns are unknown, where the database knows the old ones.
[[nodiscard]] std::set<model::Name> views_without_columns(const diff::Difference& difference);

/// Makes the change on a scratch copy, and fills in the columns and uses that these views have there: with them, a view
/// may be replaced instead of recreated. Fills in nothing if that fails.
void fill_in_views(session::Session& session, const SchemaChange& generated, const std::set<model::Name>& views,
                   diff::Difference& difference);

}  // namespace whimbrel::change
