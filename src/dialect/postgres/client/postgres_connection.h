#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>

#include "dialect/connection.h"
#include "dialect/postgres/client/native.h"
#include "dialect/wakeup_pipe.h"

namespace whimbrel::dialect::postgres {

class ScratchDatabase;

/// A connection over libpq. The constructor makes the settings that values and definitions depend on; for a connection
/// of the program, the destructor restores them.
class PostgresConnection final : public Connection {
 public:
  /// The scratch database is dropped after the connection to it.
  PostgresConnection(Handle handle, ConnectionOptions options, std::unique_ptr<ScratchDatabase> scratch = nullptr);
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() override;

  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters, StatementObserver* observer) override;
  std::vector<Rows::Data> run_together(const std::vector<std::string>& queries) override;

  [[nodiscard]] bool is_transaction_active() const override;
  void interrupt() noexcept override;
  void on_notice(const std::function<void(const std::string&)>& function) override;
  void reconnect_if_lost() override;
  [[nodiscard]] ServerFacts server() const override;
  [[nodiscard]] std::string description() const override { return description_; }
  [[nodiscard]] std::unique_ptr<Connection> open_again() const override;
  [[nodiscard]] std::unique_ptr<Connection> open_scratch() const override;

 private:
  using Clock = std::chrono::steady_clock;
  using Settings = std::vector<std::pair<std::string, std::string>>;

  /// A statement with pending rows.
  struct Running {
    std::string_view statement;
    Clock::time_point start = Clock::now();
    bool has_columns = false;
    Rows::Data rows;                            ///< The columns, and the rows of the result.
    std::deque<std::vector<Value>> came_early;  ///< Read in advance, to make way for another statement.
    std::optional<Error> error;
    bool is_over = false;
  };
  class Turn;

  void make_settings();
  void execute(std::string_view statement, const std::vector<Value>& parameters, StatementObserver* observer,
               Rows::Data& rows);
  void send(std::string_view statement, const std::vector<Value>& parameters, bool row_by_row);
  /// Reads the next part of the running statement into came_early or error.
  void read_more(Running& running);
  void take_rows(Running& running, const pg_result* result);
  void end_copy(Running& running, bool is_input);
  void check_end(Running& running, pg_result* result);
  [[nodiscard]] Result next_result();
  void wait();
  void collect(Running& running);
  void take_all(Running& running, StatementObserver* observer);
  void abandon(Running& running);
  void finish(Running& running) noexcept;
  void require_usable(std::string_view statement);
  [[nodiscard]] Error failure(std::string_view statement, const pg_result* result);

  std::unique_ptr<ScratchDatabase> scratch_;
  Handle handle_;
  ConnectionOptions options_;
  std::string description_;
  Settings previous_settings_;                 ///< For a connection of the program.
  std::chrono::milliseconds lock_timeout_{0};  ///< The server's setting; 0: none.
  std::function<void(const std::string&)> notice_;
  WakeupPipe wakeup_;
  std::atomic<bool> interrupted_ = false;
  int depth_ = 0;               ///< Greater than 1 if an observer runs a statement during a run.
  Running* running_ = nullptr;  ///< The statement that occupies the server.
  bool in_transaction_ = false;
  bool is_loss_told_ = false;
  std::string first_failure_;  ///< The message of the error that ended the transaction.
  Situation wait_;             ///< What the running statement waits for.
  bool has_asked_ = false;     ///< If true, `wait_` was asked for.
};

}  // namespace whimbrel::dialect::postgres
