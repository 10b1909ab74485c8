#include "session/run_lock.h"

#include <algorithm>
#include <thread>

namespace whimbrel::session {

namespace {

using std::chrono::milliseconds;

Error other_run(Session& session) {
  const std::string holder = session.dialect().lock_holder(session.connection());
  return Error(ErrorKind::busy, "Another process is running migrations on the " + session.connection().description() +
                                    (holder.empty() ? "" : ": " + holder) + '.')
      .with_remedy(
          "Retry when it has finished, or raise DataSourceOptions::busy_timeout in the program; the commands have no "
          "option for it.");
}

void wait_for_lock(Session& session) {
  constexpr milliseconds longest_pause(100);
  const auto end = std::chrono::steady_clock::now() + session.options().busy_timeout;
  for (milliseconds pause(5); !session.dialect().try_lock(session.connection());
       pause = std::min(2 * pause, longest_pause)) {
    if (std::chrono::steady_clock::now() >= end) throw other_run(session);
    std::this_thread::sleep_for(pause);
    session.stop_if_interrupted();
  }
}

}  // namespace

RunLock::RunLock(Session& session, Around around) : session_(session) {
  if (around == Around::transaction && session.dialect().begin_excludes_others()) return;
  wait_for_lock(session);
  is_locked_ = true;
}

// Retries once, because an interrupt can make the first attempt fail. A lost connection has released the lock.
RunLock::~RunLock() {
  for (const bool is_last : {false, true}) {
    if (!is_locked_) return;
    try {
      session_.dialect().unlock(session_.connection());
      is_locked_ = false;
    } catch (const std::exception& error) {
      const auto* const own = dynamic_cast<const Error*>(&error);
      if (own != nullptr && own->kind() == ErrorKind::connection) return;
      if (!is_last) continue;
      session_.log(LogLevel::error, std::string("The migration lock could not be released: ") + error.what());
    }
  }
}

}  // namespace whimbrel::session
