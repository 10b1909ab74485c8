#include "change/run_statements.h"

#include "session/transaction_policy.h"

namespace whimbrel::change {

void run_statements(session::Session& session, dialect::SafetyGuard& guard,
                    const std::vector<sql::Statement>& statements) {
  std::size_t done = 0;
  try {
    for (const sql::Statement& statement : statements) {
      session.stop_if_interrupted();
      guard.run(statement.sql, nullptr);
      ++done;
    }
  } catch (Error& error) {
    session::tell_what_stays_of_change(error, session, done);
    throw;
  }
}

}  // namespace whimbrel::change
