#include "change/run_statements.h"

#include "session/transaction_policy.h"

namespace whimbrel::run {

void run_statements(Session& session, dialect::Guard& guard, const std::vector<sql::Statement>& statements) {
  std::size_t done = 0;
  try {
    for (const sql::Statement& statement : statements) {
      session.stop_if_interrupted();
      guard.run(statement.sql, nullptr);
      ++done;
    }
  } catch (Error& error) {
    const bool is_kept = !session.dialect().has_transactional_ddl() && !session.connection().is_transaction_active();
    tell_what_stays(error, session.dialect(), {.statements_kept = is_kept ? done : 0});
    throw;
  }
}

}  // namespace whimbrel::run
