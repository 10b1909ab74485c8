#pragma once

#include <string>
#include <vector>

#include "run/execution.h"
#include "run/table_change.h"

namespace whimbrel::run {

/// Compares the tables of the database with those that the migration was made for. Throws Error (unsafe) that says what
/// is different if something that it does not know would be lost, or something else than it knows changed.
void require_expected_tables(Session& session, dialect::Connection& connection, const std::vector<TableChange>& changes,
                             Direction direction);

}  // namespace whimbrel::run
