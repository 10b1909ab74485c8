#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dialect/connection.h"
#include "dialect/dialect.h"
#include "whimbrel/error.h"

/// What the tests of any database's connections need.
namespace whimbrel::test {

/// The one value of the one row.
inline Value value(dialect::Connection& connection, std::string_view sql) {
  return connection.run(sql).values.at(0).at(0);
}

inline std::int64_t number(dialect::Connection& connection, std::string_view sql) {
  return std::get<std::int64_t>(value(connection, sql).variant());
}

/// The error that the function throws; none fails the test where it is used.
inline std::optional<Error> error_of(const std::function<void()>& function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Writes down what it is told.
class Recorder final : public dialect::StatementObserver {
 public:
  std::vector<std::string> told;
  std::string refuse;
  std::function<bool(const std::vector<Value>&)> on_row = [](const std::vector<Value>&) { return false; };

  void before(std::string_view statement) override {
    told.push_back("before " + std::string(statement));
    if (statement == refuse) throw Error(ErrorKind::unsafe, "refused");
  }
  void after(std::string_view statement) override { told.push_back("after " + std::string(statement)); }
  bool take(const std::vector<std::string>&, const std::vector<Value>& values) override { return on_row(values); }
};

/// Interrupts from another thread, again and again, since the statement may not have begun at the first.
class Interrupter {
 public:
  explicit Interrupter(dialect::Connection& connection)
      : thread_([this, &connection] {
          while (!stopped_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            connection.interrupt();
          }
        }) {}
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;
  ~Interrupter() { stop(); }

  void stop() {
    stopped_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

}  // namespace whimbrel::test
