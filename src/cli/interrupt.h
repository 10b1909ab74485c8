#pragma once

#include <csignal>

#include "session/session.h"

namespace whimbrel::cli {

/// While it lives, Ctrl-C (and SIGTERM) stops what the session runs, so that it is undone in order. The second one
/// kills. A reader of the output that goes away does not stop anything half-way.
class Interrupt {
 public:
  explicit Interrupt(session::Session& session);
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

 private:
  struct sigaction interrupt_ {};
  struct sigaction terminate_ {};
  struct sigaction pipe_ {};
};

}  // namespace whimbrel::cli
