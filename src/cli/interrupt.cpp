#include "cli/interrupt.h"

#include <atomic>

namespace whimbrel::cli {

namespace {

std::atomic<session::Session*> current{nullptr};
static_assert(std::atomic<session::Session*>::is_always_lock_free);

extern "C" void whimbrel_stop_session(int) {
  if (session::Session* session = current.load()) session->interrupt();
}

}  // namespace

Interrupt::Interrupt(session::Session& session) {
  current = &session;
  struct sigaction stop {};
  stop.sa_handler = whimbrel_stop_session;
  // Without SA_RESTART: a question that waits for its answer ends.
  stop.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &stop, &interrupt_);
  ::sigaction(SIGTERM, &stop, &terminate_);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &pipe_);
}

Interrupt::~Interrupt() {
  ::sigaction(SIGINT, &interrupt_, nullptr);
  ::sigaction(SIGTERM, &terminate_, nullptr);
  ::sigaction(SIGPIPE, &pipe_, nullptr);
  current = nullptr;
}

}  // namespace whimbrel::cli
