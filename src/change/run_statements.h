#pragma once

#include <vector>

#include "session/session.h"
#include "sql/statement.h"

namespace whimbrel::change {

/// Runs the statements of a change of the schema, inside a Transaction. An error says what of them cannot be undone.
void run_statements(session::Session& session, dialect::SafetyGuard& guard,
                    const std::vector<sql::Statement>& statements);

}  // namespace whimbrel::change
