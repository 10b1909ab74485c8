#pragma once

#include "run/table_states.h"
#include "session/session.h"

namespace whimbrel::run {

/// Compares the tables, views and objects of the database with those that the migration of this name was made for.
/// Throws Error (unsafe) that says what is different if something that it does not know would be lost, or something
/// else than it knows changed. `imagined`: what they would be by now, of those that are known in it.
void require_expected_tables(Session& session, const std::string& migration, const std::vector<TableChange>& changes,
                             Direction direction, const TableStates* imagined = nullptr);

}  // namespace whimbrel::run
