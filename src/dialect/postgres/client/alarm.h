#pragma once

namespace whimbrel::dialect::postgres {

/// A pipe that a signal handler or another thread writes to, so that whoever waits for the server wakes up.
class Alarm {
 public:
  Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm();

  /// May be called from a signal handler.
  void ring() noexcept;
  /// Forgets that it rang.
  void hush() noexcept;
  /// Can be read from once it rang.
  [[nodiscard]] int descriptor() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace whimbrel::dialect::postgres
