#pragma once

#include "run/table_states.h"
#include "session/session.h"

namespace whimbrel::run {

/// Compares the tables, views and objects of the database with those that the migration of this name was generated for.
/// Throws Error (unsafe), which lists the differences, if something that it does not know would be lost, or something
/// would be changed that differs from what it knows. `imagined`: the simulated state of known objects in a dry run.
void require_expected_tables(session::Session& session, const std::string& migration,
                             const std::vector<change::TableChange>& changes, Direction direction,
                             const TableStates* imagined = nullptr);

/// Compares the tables, views and objects of the database with those that the migration leads to, after it was
/// continued from where an earlier run had ended. Throws Error (unsafe), which lists the differences.
void require_reached_tables(session::Session& session, const std::string& migration,
                            const std::vector<change::TableChange>& changes, Direction direction);

}  // namespace whimbrel::run
