#pragma once

#include "session/session.h"

namespace whimbrel::session {

/// Holds the migration lock: no other runner uses the database during its lifetime.
class RunLock {
 public:
  enum class Around {
    transaction,  ///< One Transaction that begins after it. No lock is taken if such transactions exclude each other.
    run,          ///< A run without a transaction.
  };

  /// Waits up to busy_timeout; then throws Error (busy), which names the holder of the lock.
  RunLock(Session& session, Around around);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  Session& session_;
  bool is_locked_ = false;
};

}  // namespace whimbrel::session
