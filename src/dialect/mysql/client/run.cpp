#include <mysql.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "dialect/mysql/client/mysql_connection.h"
#include "dialect/mysql/client/scratch_database.h"
#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/statement_text.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Fewer unwanted rows are read rather than canceled, which takes another connection.
constexpr int cheap_rows = 1000;
/// The number of rows after which the server is asked again: there may have been no connection left.
constexpr int rows_between_cancels = 100000;

bool has_placeholder(std::string_view statement) {
  if (statement.find('?') == std::string_view::npos) return false;
  const std::vector<sql::Token> tokens = sql::tokenize(statement, mysql_syntax);
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const sql::Token& token) { return token.kind == sql::TokenKind::parameter; });
}

ServerError read_error(MYSQL_STMT* statement) {
  return {static_cast<int>(mysql_stmt_errno(statement)), mysql_stmt_error(statement)};
}

}  // namespace

/// The time during which the connection waits for the server and for interrupts.
class MysqlConnection::Turn {
 public:
  explicit Turn(MysqlConnection& connection) : connection_(connection) {
    if (connection_.depth_++ > 0) return;
    connection_.interrupted_ = false;
    connection_.wakeup_.hush();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { --connection_.depth_; }

 private:
  MysqlConnection& connection_;
};

template <class Result, class Object, class... Arguments>
Result MysqlConnection::call(Result (*block)(Object*, Arguments...), int (*start)(Result*, Object*, Arguments...),
                             int (*proceed)(Result*, Object*, int), Object* object, Arguments... arguments) {
  if (!can_wait_) return block(object, arguments...);
  Result result{};
  for (int events = start(&result, object, arguments...); events != 0;) events = proceed(&result, object, wait(events));
  return result;
}

/// Waits until the server has sent something. The server is told to cancel from here instead of from interrupt(), so
/// that this never affects a later statement.
int MysqlConnection::wait(int events) {
  if ((events & MYSQL_WAIT_READ) != 0) do_other_work();
  pollfd descriptors[] = {{mysql_get_socket(handle_.get()), 0, 0}, {wakeup_.descriptor(), POLLIN, 0}};
  if ((events & MYSQL_WAIT_READ) != 0) descriptors[0].events |= POLLIN;
  if ((events & MYSQL_WAIT_WRITE) != 0) descriptors[0].events |= POLLOUT;
  if ((events & MYSQL_WAIT_EXCEPT) != 0) descriptors[0].events |= POLLPRI;
  const bool has_timeout = (events & MYSQL_WAIT_TIMEOUT) != 0;
  while (true) {
    const int limit = has_timeout ? static_cast<int>(mysql_get_timeout_value_ms(handle_.get())) : -1;
    const int count = poll(descriptors, 2, limit);
    if (count < 0 && errno != EINTR) return events;  // The library meets the error itself.
    if (count < 0) continue;
    if (count == 0) return MYSQL_WAIT_TIMEOUT;
    if (descriptors[1].revents != 0) cancel();
    const short occurred = descriptors[0].revents;
    int result = 0;
    if ((occurred & (POLLIN | POLLHUP | POLLERR)) != 0) result |= events & MYSQL_WAIT_READ;
    if ((occurred & (POLLOUT | POLLHUP | POLLERR)) != 0) result |= events & MYSQL_WAIT_WRITE;
    if ((occurred & POLLPRI) != 0) result |= events & MYSQL_WAIT_EXCEPT;
    if (result != 0) return result;
  }
}

void MysqlConnection::meanwhile(const std::function<void()>& function) {
  other_work_ = function;
  if (!can_wait_) do_other_work();
}

void MysqlConnection::do_other_work() {
  if (const std::function<void()> work = std::exchange(other_work_, nullptr)) work();
}

void MysqlConnection::cancel() {
  wakeup_.hush();
  if (kill_query(destination_, session_)) is_canceled_ = true;
}

/// A statement that ended just before it was canceled leaves the cancellation to the next one.
void MysqlConnection::forget_kill() noexcept {
  if (!is_canceled_ || is_lost_) return;
  is_canceled_ = false;
  constexpr std::string_view nothing = "DO 0";
  for (int i = 0; i < 2; ++i) {
    if (mysql_real_query(handle_.get(), nothing.data(), nothing.size()) == 0) return;
    if (mysql_errno(handle_.get()) != error_code::query_interrupted) return;
  }
}

/// The server reports the state of the transaction with its results, but not with its errors.
void MysqlConnection::renew_status() const noexcept {
  constexpr std::string_view nothing = "DO 0";
  is_status_old_ = false;
  if (mysql_real_query(handle_.get(), nothing.data(), nothing.size()) == 0) {
    in_transaction_ = (handle_->server_status & SERVER_STATUS_IN_TRANS) != 0;
  } else if (ends_connection(static_cast<int>(mysql_errno(handle_.get())))) {
    is_lost_ = true;
  }
}

Error MysqlConnection::failure(std::string_view statement, const ServerError& error) {
  Situation situation{.database = description_, .schema = destination_.database, .user = account_};
  situation.is_interrupted = interrupted_;
  situation.is_read_only = options_.read_only;
  if (ends_connection(error.code)) is_lost_ = is_loss_told_ = true;
  return statement_error(error, situation, statement);
}

void MysqlConnection::fail(Running& running) {
  const ServerError error = running.prepared != nullptr && mysql_stmt_errno(running.prepared.get()) != 0
                                ? read_error(running.prepared.get())
                                : read_error(handle_.get());
  running.is_over = true;
  if (error.code == error_code::empty_statement) return;  // A conditional comment for another server.
  running.error = failure(running.statement, error);
}

void MysqlConnection::require_usable(std::string_view statement) {
  if (interrupted_) {
    throw Error(ErrorKind::interrupted, "The " + description_ + " canceled the statement on request.")
        .with_statement(std::string(statement));
  }
  if (!is_lost_) return;
  is_loss_told_ = true;
  throw Error(ErrorKind::connection, "The connection to the " + description_ + " is lost.")
      .with_remedy("Uncommitted changes are rolled back. Run it again when the server is reachable.")
      .with_statement(std::string(statement));
}

void MysqlConnection::send(Running& running, const std::vector<Value>* parameters) {
  if (parameters != nullptr && (keeps_prepared_ || !parameters->empty() || has_placeholder(running.statement))) {
    return send_prepared(running, *parameters);
  }
  const auto length = static_cast<unsigned long>(running.statement.size());
  const int code = call(mysql_real_query, mysql_real_query_start, mysql_real_query_cont, handle_.get(),
                        running.statement.data(), length);
  if (code != 0) fail(running);
}

/// Returns false after an error.
bool MysqlConnection::prepare(Running& running) {
  if (const auto kept = kept_.find(running.statement); keeps_prepared_ && kept != kept_.end()) {
    running.prepared = std::move(kept->second);
    kept_.erase(kept);
    return true;
  }
  running.prepared.reset(mysql_stmt_init(handle_.get()));
  if (running.prepared == nullptr) throw Error(ErrorKind::connection, "Out of memory for a statement.");
  const auto length = static_cast<unsigned long>(running.statement.size());
  const int code = call(mysql_stmt_prepare, mysql_stmt_prepare_start, mysql_stmt_prepare_cont, running.prepared.get(),
                        running.statement.data(), length);
  if (code != 0) fail(running);
  return code == 0;
}

void MysqlConnection::send_prepared(Running& running, const std::vector<Value>& parameters) {
  if (!prepare(running)) return;
  MYSQL_STMT* const statement = running.prepared.get();
  const std::size_t expected = mysql_stmt_param_count(statement);
  if (expected != parameters.size()) throw wrong_parameter_count(running.statement, expected, parameters.size());
  Parameters bound(parameters);
  if (!bound.bind(statement)) return fail(running);
  const int executed = call(mysql_stmt_execute, mysql_stmt_execute_start, mysql_stmt_execute_cont, statement);
  if (executed != 0) fail(running);
}

void MysqlConnection::open_result(Running& running) {
  if (running.prepared != nullptr) {
    running.result.reset(mysql_stmt_result_metadata(running.prepared.get()));
  } else {
    running.result.reset(mysql_use_result(handle_.get()));
  }
  if (running.result == nullptr) {
    if (running.prepared == nullptr && mysql_field_count(handle_.get()) > 0) return fail(running);
    return next_result(running);
  }
  running.columns = columns_of(running.result.get());
  if (running.prepared != nullptr) {
    running.buffer = std::make_unique<ResultBuffer>(running.prepared.get(), running.columns);
    if (!running.buffer->bind()) return fail(running);
  }
  running.is_in_rows = true;
  running.came_early.push_back({.columns = running.columns});
}

/// Returns false after the last row.
bool MysqlConnection::read_row(Running& running) {
  if (running.prepared != nullptr) {
    MYSQL_STMT* const statement = running.prepared.get();
    const int code = call(mysql_stmt_fetch, mysql_stmt_fetch_start, mysql_stmt_fetch_cont, statement);
    if (code == 1) fail(running);
    if (code == 1 || code == MYSQL_NO_DATA) return false;
    running.came_early.push_back({.row = running.buffer->row()});
    return true;
  }
  MYSQL_RES* const rows = running.result.get();
  MYSQL_ROW row = call(mysql_fetch_row, mysql_fetch_row_start, mysql_fetch_row_cont, rows);
  if (row == nullptr) {
    if (mysql_errno(handle_.get()) != 0) fail(running);
    return false;
  }
  const unsigned long* const lengths = mysql_fetch_lengths(rows);
  std::vector<Value> values(running.columns.encodings.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (row[i] != nullptr) values[i] = to_value(running.columns.encodings[i], {row[i], lengths[i]});
  }
  running.came_early.push_back({.row = std::move(values)});
  return true;
}

/// A procedure returns several results.
void MysqlConnection::next_result(Running& running) {
  running.is_in_rows = false;
  running.buffer.reset();
  running.result.reset();
  if (running.is_over) return;
  running.is_over = mysql_more_results(handle_.get()) == 0;
  if (running.is_over) return;
  int code = 0;
  if (MYSQL_STMT* const statement = running.prepared.get(); statement != nullptr) {
    code = call(mysql_stmt_next_result, mysql_stmt_next_result_start, mysql_stmt_next_result_cont, statement);
  } else {
    code = call(mysql_next_result, mysql_next_result_start, mysql_next_result_cont, handle_.get());
  }
  if (code > 0) fail(running);
  if (code < 0) running.is_over = true;
}

void MysqlConnection::read_more(Running& running) {
  if (!running.is_in_rows) return open_result(running);
  if (!read_row(running)) next_result(running);
}

/// Reads the rest of a statement into memory, so that the server can run another one.
void MysqlConnection::collect(Running& running) {
  while (!running.is_over) read_more(running);
  running.prepared.reset();
  running_ = nullptr;
}

/// Discards the rest of a statement after an observer has thrown.
void MysqlConnection::abandon(Running& running) {
  for (int rows = 0; !running.is_over; ++rows) {
    if (rows % rows_between_cancels == cheap_rows) cancel();
    read_more(running);
    running.came_early.clear();
  }
}

void MysqlConnection::finish(Running& running) noexcept {
  if (running_ == &running) running_ = nullptr;
  running.buffer.reset();
  running.result.reset();
  if (keeps_prepared_ && running.prepared != nullptr && !running.error) {
    kept_.insert_or_assign(std::string(running.statement), std::move(running.prepared));
  }
  running.prepared.reset();
  running.was_canceled = is_canceled_;
  forget_kill();
  if (is_lost_) return;
  is_status_old_ = running.error && in_transaction_;
  if (!is_status_old_) in_transaction_ = (handle_->server_status & SERVER_STATUS_IN_TRANS) != 0;
}

void MysqlConnection::pass_notices() {
  if (!notice_ || running_ != nullptr || mysql_warning_count(handle_.get()) == 0) return;
  for (const TextRow& row : rows_of(handle_.get(), "SHOW WARNINGS", {.database = description_})) {
    // MySQL says so of the modes of each script, which do not depend on its own.
    if (row.at(1) == std::to_string(error_code::separate_modes)) continue;
    notice_(row.at(0).value_or("") + ": " + row.at(2).value_or(""));
  }
}

void MysqlConnection::execute(std::string_view statement, const std::vector<Value>* parameters,
                              StatementObserver* observer, Rows::Data& rows) {
  require_usable(statement);
  std::string own;
  if (scratch_ != nullptr) {
    scratch_->require_inside(statement);
    // Its user need not be one who may create something for another user, and does not matter there.
    own = without_definer(statement);
    statement = own;
  }
  if (running_ != nullptr) collect(*running_);
  Running running;
  running.statement = statement;
  struct AtEnd {
    MysqlConnection& connection;
    Running& running;
    ~AtEnd() { connection.finish(running); }
  };
  {
    const AtEnd at_end{*this, running};
    send(running, parameters);
    running_ = &running;
    try {
      take_all(running, observer, rows);
    } catch (...) {
      abandon(running);
      throw;
    }
  }
  if (running.error) throw *running.error;
  // SLEEP() and BENCHMARK() return nevertheless. A statement without rows has perhaps changed something.
  if (running.was_canceled && interrupted_ && !running.columns.names.empty()) require_usable(statement);
  pass_notices();
}

void MysqlConnection::take_all(Running& running, StatementObserver* observer, Rows::Data& rows) {
  while (!running.is_over || !running.came_early.empty()) {
    if (running.came_early.empty()) {
      read_more(running);
      continue;
    }
    Item item = std::move(running.came_early.front());
    running.came_early.pop_front();
    if (item.columns) {
      rows = {std::move(item.columns->names), {}};
    } else if (observer == nullptr || !observer->take(rows.columns, item.row)) {
      rows.values.push_back(std::move(item.row));
    }
  }
}

Rows::Data MysqlConnection::run_often(std::string_view sql, const std::vector<Value>& parameters) {
  keeps_prepared_ = true;
  const std::unique_ptr<bool, void (*)(bool*)> at_end(&keeps_prepared_, [](bool* keeps) { *keeps = false; });
  const Turn turn(*this);
  Rows::Data rows;
  execute(sql, &parameters, nullptr, rows);
  return rows;
}

Rows::Data MysqlConnection::run_all(std::string_view sql, const std::vector<Value>* parameters,
                                    StatementObserver* observer) {
  const Turn turn(*this);
  require_no_nul(sql, "Pass the value in a parameter.");
  const std::vector<std::string_view> statements = split_statements(sql);
  if (parameters != nullptr) require_one(statements);
  Rows::Data rows;
  for (const std::string_view statement : statements) {
    if (observer != nullptr) observer->before(statement);
    execute(statement, parameters, observer, rows);
    if (observer != nullptr) observer->after(statement);
  }
  return rows;
}

}  // namespace whimbrel::dialect::mysql
