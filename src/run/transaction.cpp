#include "run/transaction.h"

namespace whimbrel::run {

// It may have begun before it failed to keep others out.
Transaction::Transaction(Session& session) : session_(session) {
  try {
    session.connection().run(session.dialect().begin_exclusive());
  } catch (...) {
    roll_back(session);
    throw;
  }
}

Transaction::~Transaction() { roll_back(session_); }

void Transaction::commit() {
  session_.stop_if_interrupted();
  session_.connection().run("COMMIT");
}

// A second try, since an interrupt can hit the first.
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

// What was taken of the lock before it failed is given back too.
Lock::Lock(Session& session) : session_(session) {
  try {
    session.dialect().lock(session.connection());
  } catch (...) {
    unlock();
    throw;
  }
}

Lock::~Lock() { unlock(); }

void Lock::unlock() noexcept {
  try {
    session_.dialect().unlock(session_.connection());
  } catch (const std::exception& error) {
    session_.log(LogLevel::error, std::string("The lock of migrations could not be given back: ") + error.what());
  }
}

}  // namespace whimbrel::run
