#pragma once

#include "session/session.h"

namespace whimbrel::session {

/// A transaction for writing. Rolls back uncommitted changes at its end.
class Transaction {
 public:
  explicit Transaction(Session& session);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Session& session_;
};

/// Rolls back an active transaction. Logs a failure instead of throwing, because it is called during error handling.
void roll_back(Session& session) noexcept;

}  // namespace whimbrel::session
