#pragma once

#include <string>
#include <vector>

namespace whimbrel::test {

/// A program that prints a line when it serves, and ends when its standard input is closed: with this object, or with
/// this program, whatever becomes of it.
class ServerProcess {
 public:
  /// Throws std::runtime_error if it cannot be started.
  explicit ServerProcess(const std::vector<std::string>& command);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  /// What it printed; empty if it ended before.
  [[nodiscard]] const std::string& line() const { return line_; }
  /// Ends it and waits for that.
  void stop();

 private:
  int process_ = -1;
  int input_ = -1;
  std::string line_;
};

}  // namespace whimbrel::test
