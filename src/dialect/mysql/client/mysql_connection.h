#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include "dialect/connection.h"
#include "dialect/mysql/client/native.h"
#include "dialect/mysql/client/values.h"
#include "dialect/wakeup_pipe.h"

namespace whimbrel::dialect::mysql {

class ScratchDatabase;

/// A connection over MariaDB Connector/C. The constructor makes the settings that values and definitions depend on; for
/// a connection of the program, the destructor restores them.
class MysqlConnection final : public Connection {
 public:
  /// `destination`: how to connect again. The scratch database is dropped after the connection to it.
  MysqlConnection(Handle handle, Destination destination, ConnectionOptions options,
                  std::shared_ptr<ScratchDatabase> scratch = nullptr);
  MysqlConnection(const MysqlConnection&) = delete;
  MysqlConnection& operator=(const MysqlConnection&) = delete;
  ~MysqlConnection() override;

  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters, StatementObserver* observer) override;
  Rows::Data run_often(std::string_view sql, const std::vector<Value>& parameters) override;
  void meanwhile(const std::function<void()>& function) override;

  [[nodiscard]] bool is_transaction_active() const override;
  void interrupt() noexcept override;
  void on_notice(const std::function<void(const std::string&)>& function) override { notice_ = function; }
  void reconnect_if_lost() override;
  [[nodiscard]] ServerFacts server() const override { return facts_; }
  [[nodiscard]] std::string description() const override { return description_; }
  [[nodiscard]] std::unique_ptr<Connection> open_again() const override;
  [[nodiscard]] std::unique_ptr<Connection> open_at(const std::string& address) const override;
  [[nodiscard]] std::unique_ptr<Connection> open_scratch() const override;

 private:
  using Clock = std::chrono::steady_clock;

  /// The names of a result's columns, or a row of it.
  struct Item {
    std::optional<Columns> columns{};
    std::vector<Value> row{};
  };
  /// A statement with pending rows.
  struct Running {
    std::string_view statement;
    StatementHandle prepared{};              ///< Null: it was sent as text.
    ResultHandle result{};                   ///< The one whose rows are read now.
    std::unique_ptr<ResultBuffer> buffer{};  ///< For rows of a prepared statement.
    Columns columns{};                       ///< Those of `result`.
    std::deque<Item> came_early{};           ///< Read in advance, to make way for another statement.
    std::optional<Error> error{};
    bool is_in_rows = false;
    bool is_over = false;
    bool was_canceled = false;
  };
  class Turn;

  void make_settings();
  std::string make_cluster_settings();
  void execute(std::string_view statement, const std::vector<Value>* parameters, StatementObserver* observer,
               Rows::Data& rows);
  void send(Running& running, const std::vector<Value>* parameters);
  bool prepare(Running& running);
  void send_prepared(Running& running, const std::vector<Value>& parameters);
  /// Reads the next columns or row of the running statement, if any, into came_early, or an error.
  void read_more(Running& running);
  void open_result(Running& running);
  bool read_row(Running& running);
  void next_result(Running& running);
  void collect(Running& running);
  void take_all(Running& running, StatementObserver* observer, Rows::Data& rows);
  void abandon(Running& running);
  void finish(Running& running) noexcept;
  void fail(Running& running);
  void require_usable(std::string_view statement);
  [[nodiscard]] Error failure(std::string_view statement, const ServerError& error);
  void pass_notices();
  void forget_kill() noexcept;
  void renew_status() const noexcept;

  /// Calls a function of the client library that waits for the server, and meanwhile waits for interrupts. The library
  /// has three of each kind: one that blocks, and two that begin a call and continue it when an event has occurred.
  template <class Result, class Object, class... Arguments>
  Result call(Result (*block)(Object*, Arguments...), int (*start)(Result*, Object*, Arguments...),
              int (*proceed)(Result*, Object*, int), Object* object, Arguments... arguments);
  int wait(int events);
  void do_other_work();
  void cancel();

  std::shared_ptr<ScratchDatabase> scratch_;  ///< Shared with the sessions of a file.
  Handle handle_;
  std::map<std::string, StatementHandle, std::less<>> kept_{};  ///< Prepared, by their text.
  Destination destination_;
  ConnectionOptions options_;
  std::string description_;
  ServerFacts facts_{};
  std::string account_;  ///< `'a'@'localhost'`
  unsigned long long session_ = 0;
  std::string restore_{};  ///< The statement that restores the settings of a connection of the program.
  std::function<void(const std::string&)> notice_{};
  std::function<void()> other_work_{};  ///< For the next time that the connection waits for the server.
  WakeupPipe wakeup_{};
  std::atomic<bool> interrupted_ = false;
  bool can_wait_ = false;       ///< The library can begin a call and continue it.
  bool is_canceled_ = false;    ///< The server was told to cancel a statement.
  int depth_ = 0;               ///< Greater than 1 if an observer runs a statement during a run.
  Running* running_ = nullptr;  ///< The statement that occupies the connection.
  bool keeps_prepared_ = false;
  mutable bool in_transaction_ = false;
  mutable bool is_status_old_ = false;  ///< An error may have ended the transaction.
  mutable bool is_lost_ = false;
  bool is_loss_told_ = false;
};

}  // namespace whimbrel::dialect::mysql
