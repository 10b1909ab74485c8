#include "session/transaction.h"

#include "session/transaction_policy.h"

namespace whimbrel::session {

// An interrupt may arrive after it has begun.
Transaction::Transaction(Session& session) : session_(session) {
  try {
    session.connection().run(std::string(session.dialect().begin()));
  } catch (...) {
    roll_back(session);
    throw;
  }
}

Transaction::~Transaction() { roll_back(session_); }

// A schema change may have committed it already.
void Transaction::commit() {
  session_.stop_if_interrupted();
  if (commits_with_schema_changes(session_.dialect()) && !session_.connection().is_transaction_active()) return;
  session_.connection().run("COMMIT");
}

// Retries once, because an interrupt can make the first attempt fail.
void roll_back(Session& session) noexcept {
  for (const bool is_last : {false, true}) {
    try {
      if (session.connection().is_transaction_active()) session.connection().run("ROLLBACK");
      return;
    } catch (const std::exception& error) {
      if (is_last) session.log(LogLevel::error, std::string("The rollback failed: ") + error.what());
    }
  }
}

}  // namespace whimbrel::session
