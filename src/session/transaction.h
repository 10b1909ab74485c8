#pragma once

#include "session/session.h"

namespace whimbrel::run {

/// A transaction that will write. What was not committed is rolled back at the end.
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

/// Rolls back if a transaction is active; logs when that fails, since it is called where another error is on its way.
void roll_back(Session& session) noexcept;

}  // namespace whimbrel::run
