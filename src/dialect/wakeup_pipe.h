#pragma once

namespace whimbrel::dialect {

/// A pipe that a signal handler or another thread writes to, to wake up the thread that waits for the server.
class WakeupPipe {
 public:
  WakeupPipe();
  WakeupPipe(const WakeupPipe&) = delete;
  WakeupPipe& operator=(const WakeupPipe&) = delete;
  ~WakeupPipe();

  /// Safe to call from a signal handler.
  void ring() noexcept;
  /// Clears the wakeup.
  void hush() noexcept;
  /// Returns the descriptor, which is readable after a wakeup.
  [[nodiscard]] int descriptor() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace whimbrel::dialect
