#pragma once

#include "session/session.h"

namespace whimbrel::run {

/// A transaction that only one runner at a time can be in. What was not committed is rolled back at the end.
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

/// The lock for what runs without a transaction.
class Lock {
 public:
  explicit Lock(Session& session);
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Session& session_;
};

}  // namespace whimbrel::run
