#pragma once

#include "session/session.h"

namespace whimbrel::run {

/// The lock of migrations: no other runner is at work on the database while it lives.
class RunLock {
 public:
  enum class Around {
    transaction,  ///< One Transaction, which is begun after it. Where these exclude each other, nothing is locked.
    run,          ///< What no transaction encloses.
  };

  /// Waits for its turn as long as busy_timeout says; then throws Error (busy), and says who has the lock.
  RunLock(Session& session, Around around);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  Session& session_;
  bool is_locked_ = false;
};

}  // namespace whimbrel::run
