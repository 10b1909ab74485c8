#include "session/transaction.h"

#include <algorithm>
#include <thread>

namespace whimbrel::run {

namespace {

using std::chrono::milliseconds;

Error other_run(Session& session) {
  const std::string holder = session.dialect().lock_holder(session.connection());
  return Error(ErrorKind::busy, "Another run of migrations is at work on the " + session.connection().description() +
                                    (holder.empty() ? "" : ": " + holder) + '.')
      .with_remedy("Run it again when that one is over, or wait longer for it (busy_timeout).");
}

/// Tries until it is this runner's turn, or throws Error (busy).
template <class Attempt>
void wait_for_turn(Session& session, Attempt attempt) {
  constexpr milliseconds longest_pause(100);
  const auto end = std::chrono::steady_clock::now() + session.options().busy_timeout;
  for (milliseconds pause(5); !attempt(); pause = std::min(2 * pause, longest_pause)) {
    if (std::chrono::steady_clock::now() >= end) throw other_run(session);
    std::this_thread::sleep_for(pause);
    session.stop_if_interrupted();
  }
}

}  // namespace

// It may have begun before it failed to keep others out.
Transaction::Transaction(Session& session) : session_(session) {
  try {
    wait_for_turn(session, [&] { return session.dialect().try_begin_exclusive(session.connection()); });
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

Lock::Lock(Session& session) : session_(session) {
  wait_for_turn(session, [&] { return session.dialect().try_lock(session.connection()); });
}

Lock::~Lock() {
  try {
    session_.dialect().unlock(session_.connection());
  } catch (const std::exception& error) {
    session_.log(LogLevel::error, std::string("The lock of migrations could not be given back: ") + error.what());
  }
}

}  // namespace whimbrel::run
