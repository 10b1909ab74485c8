#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace whimbrel::dialect::sqlite {

/// Waits for another connection's lock, with growing pauses. SQLite's busy handler is not used, because a program's own
/// handler could not be restored, and because SQLite's does not stop when it is interrupted.
class BusyRetry {
 public:
  explicit BusyRetry(std::chrono::milliseconds limit)
      : end_(std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(limit, std::chrono::hours(10000))) {
  }

  /// Returns false after the timeout.
  bool wait() {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
    if (left <= std::chrono::milliseconds(0)) return false;
    std::this_thread::sleep_for(std::min(pause_, left));
    pause_ = std::min(pause_ * 2, std::chrono::milliseconds(50));
    return true;
  }

 private:
  std::chrono::steady_clock::time_point end_;
  std::chrono::milliseconds pause_{1};
};

}  // namespace whimbrel::dialect::sqlite
