#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>

#include "dialect/postgres/client/parameters.h"
#include "dialect/postgres/client/postgres_connection.h"
#include "dialect/postgres/client/value_text.h"
#include "dialect/postgres/text/statement_text.h"
#include "dialect/statement_error.h"

namespace whimbrel::dialect::postgres {

namespace {

using std::chrono::milliseconds;

/// Shorter waits are not investigated: that takes a connection, and most statements wait for nothing.
constexpr milliseconds shortest_question(200);

bool ends_transaction(std::string_view statement) {
  return sql::begins_with(statement, "COMMIT") || sql::begins_with(statement, "END");
}

std::vector<Value> row_of(const PGresult* result, int row) {
  std::vector<Value> values(static_cast<std::size_t>(PQnfields(result)));
  for (int i = 0; i < PQnfields(result); ++i) {
    if (PQgetisnull(result, row, i) != 0) continue;
    const std::string_view text(PQgetvalue(result, row, i), static_cast<std::size_t>(PQgetlength(result, row, i)));
    values[static_cast<std::size_t>(i)] = to_value(PQftype(result, i), text);
  }
  return values;
}

}  // namespace

/// The time during which the connection waits for the server and for interrupts. The library sends and receives without
/// blocking meanwhile.
class PostgresConnection::Turn {
 public:
  explicit Turn(PostgresConnection& connection) : connection_(connection) {
    if (connection_.depth_++ > 0) return;
    connection_.interrupted_ = false;
    connection_.wakeup_.hush();
    was_nonblocking_ = PQisnonblocking(connection_.handle_.get()) != 0;
    PQsetnonblocking(connection_.handle_.get(), 1);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (--connection_.depth_ == 0) PQsetnonblocking(connection_.handle_.get(), was_nonblocking_ ? 1 : 0);
  }

 private:
  PostgresConnection& connection_;
  bool was_nonblocking_ = false;
};

Error PostgresConnection::failure(std::string_view statement, const pg_result* result) {
  Situation situation = std::move(wait_);
  wait_ = {};
  situation.database = description_;
  situation.role = PQuser(handle_.get()) == nullptr ? "" : PQuser(handle_.get());
  situation.is_lost = PQstatus(handle_.get()) != CONNECTION_OK;
  situation.is_interrupted = interrupted_;
  situation.is_read_only = options_.read_only;
  const char* const standby = PQparameterStatus(handle_.get(), "in_hot_standby");
  situation.is_replica = standby != nullptr && std::string_view(standby) == "on";
  situation.first_failure = first_failure_;
  if (situation.is_lost) is_loss_told_ = true;
  return statement_error(read_error(result, handle_.get()), situation, statement);
}

/// Waits until the server has sent something. The server is canceled from here instead of from interrupt(), so that
/// this never affects a later statement.
void PostgresConnection::wait() {
  const auto now = Clock::now();
  const bool may_ask = running_ != nullptr && !has_asked_ && lock_timeout_ >= shortest_question;
  milliseconds timeout(-1);
  if (may_ask) {
    timeout = std::chrono::ceil<milliseconds>(running_->start + lock_timeout_ / 2 - now);
    if (timeout.count() <= 0) {
      has_asked_ = true;
      return find_blocker(handle_.get(), wait_);
    }
  }
  const bool is_sending = PQflush(handle_.get()) == 1;
  pollfd descriptors[] = {{PQsocket(handle_.get()), static_cast<short>(is_sending ? POLLIN | POLLOUT : POLLIN), 0},
                          {wakeup_.descriptor(), POLLIN, 0}};
  const auto limit = std::min<milliseconds::rep>(timeout.count(), 1'000'000'000);
  if (poll(descriptors, 2, static_cast<int>(limit)) < 0 || descriptors[1].revents == 0) return;
  wakeup_.hush();
  PGcancel* const cancel = PQgetCancel(handle_.get());
  char problem[256];
  PQcancel(cancel, problem, sizeof problem);
  PQfreeCancel(cancel);
}

Result PostgresConnection::next_result() {
  while (PQisBusy(handle_.get()) != 0) {
    wait();
    if (PQconsumeInput(handle_.get()) == 0) break;
  }
  return Result(PQgetResult(handle_.get()));
}

void PostgresConnection::take_rows(Running& running, const pg_result* result) {
  if (!running.has_columns) {
    running.rows = {};
    for (int i = 0; i < PQnfields(result); ++i) running.rows.columns.emplace_back(PQfname(result, i));
    running.has_columns = true;
  }
  for (int i = 0; i < PQntuples(result); ++i) running.came_early.push_back(row_of(result, i));
}

// The data would come from this program's input or go to its output, not the database's.
void PostgresConnection::end_copy(Running& running, bool is_input) {
  if (is_input) {
    PQputCopyEnd(handle_.get(), "there is no input");
  } else {
    char* data = nullptr;
    for (int size = 0; size >= 0;) {
      size = PQgetCopyData(handle_.get(), &data, 1);
      if (size > 0) PQfreemem(data);
      if (size != 0) continue;
      wait();
      PQconsumeInput(handle_.get());
    }
  }
  if (running.error) return;
  running.error = Error(ErrorKind::statement, std::string(is_input ? "COPY FROM STDIN" : "COPY TO STDOUT") +
                                                  " does not work in a migration, which has no standard " +
                                                  (is_input ? "input." : "output."))
                      .with_remedy(is_input ? "Use INSERT, or COPY from a file of the server."
                                            : "Use SELECT, or COPY to a file of the server.")
                      .with_statement(std::string(running.statement));
}

// COMMIT of a failed transaction is a rollback, which the server does not report as an error.
void PostgresConnection::check_end(Running& running, pg_result* result) {
  if (running.error || !ends_transaction(running.statement)) return;
  if (std::string_view(PQcmdStatus(result)) != "ROLLBACK") return;
  running.error = Error(ErrorKind::statement,
                        "The transaction on the " + description_ +
                            " was rolled back instead of committed, because an error had ended it. " + first_failure_)
                      .with_remedy(
                          "Do not catch the error of a statement inside a transaction unless the statement "
                          "runs under a savepoint.")
                      .with_statement(std::string(running.statement));
}

void PostgresConnection::read_more(Running& running) {
  const Result result = next_result();
  if (!result) {
    running.is_over = true;
    return;
  }
  switch (PQresultStatus(result.get())) {
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
      return take_rows(running, result.get());
    case PGRES_COMMAND_OK:
      return check_end(running, result.get());
    case PGRES_EMPTY_QUERY:
      return;
    case PGRES_COPY_IN:
      return end_copy(running, true);
    case PGRES_COPY_OUT:
      return end_copy(running, false);
    default:
      if (!running.error) running.error = failure(running.statement, result.get());
  }
}

/// Reads the rest of a statement into memory, so that the server can run another one.
void PostgresConnection::collect(Running& running) {
  while (!running.is_over) read_more(running);
  running_ = nullptr;
}

void PostgresConnection::require_usable(std::string_view statement) {
  if (interrupted_) {
    throw Error(ErrorKind::interrupted, "The " + description_ + " canceled the statement on request.")
        .with_statement(std::string(statement));
  }
  if (PQstatus(handle_.get()) == CONNECTION_OK) return;
  is_loss_told_ = true;
  throw Error(ErrorKind::connection, "The connection to the " + description_ + " is lost.")
      .with_remedy("Uncommitted changes are rolled back. Run it again when the server is reachable.")
      .with_statement(std::string(statement));
}

void PostgresConnection::send(std::string_view statement, const std::vector<Value>& parameters, bool row_by_row) {
  const BoundParameters bound(parameters, statement);
  if (PQsendQueryParams(handle_.get(), std::string(statement).c_str(), bound.size(), bound.types(), bound.values(),
                        bound.lengths(), bound.formats(), 0) == 0) {
    throw failure(statement, nullptr);
  }
  if (row_by_row) PQsetSingleRowMode(handle_.get());
}

/// Discards the rest of a statement after an observer has thrown. Outside a transaction the statement is canceled;
/// inside one that would end the transaction, which the program may want to continue.
void PostgresConnection::abandon(Running& running) {
  if (!in_transaction_) wakeup_.ring();
  while (!running.is_over) {
    read_more(running);
    running.came_early.clear();
  }
  if (!interrupted_) wakeup_.hush();
}

void PostgresConnection::finish(Running& running) noexcept {
  if (running_ == &running) running_ = nullptr;
  if (PQstatus(handle_.get()) == CONNECTION_OK) {
    in_transaction_ = PQtransactionStatus(handle_.get()) != PQTRANS_IDLE;
  } else {
    is_loss_told_ = true;
  }
}

void PostgresConnection::execute(std::string_view statement, const std::vector<Value>& parameters,
                                 StatementObserver* observer, Rows::Data& rows) {
  require_usable(statement);
  if (running_ != nullptr) collect(*running_);
  if (PQtransactionStatus(handle_.get()) != PQTRANS_INERROR) first_failure_.clear();
  has_asked_ = false;
  wait_ = {};
  Running running;
  running.statement = statement;
  struct AtEnd {
    PostgresConnection& connection;
    Running& running;
    ~AtEnd() { connection.finish(running); }
  } const at_end{*this, running};

  send(statement, parameters, observer != nullptr);
  running_ = &running;
  try {
    take_all(running, observer);
  } catch (...) {
    abandon(running);
    throw;
  }
  if (running.has_columns) rows = std::move(running.rows);
  if (!running.error) return;
  if (first_failure_.empty()) first_failure_ = running.error->what();
  throw *running.error;
}

void PostgresConnection::take_all(Running& running, StatementObserver* observer) {
  while (!running.is_over || !running.came_early.empty()) {
    if (running.came_early.empty()) {
      read_more(running);
      continue;
    }
    std::vector<Value> row = std::move(running.came_early.front());
    running.came_early.pop_front();
    if (observer == nullptr || !observer->take(running.rows.columns, row))
      running.rows.values.push_back(std::move(row));
  }
}

#ifdef LIBPQ_HAS_PIPELINING

std::vector<Rows::Data> PostgresConnection::run_together(const std::vector<std::string>& queries) {
  if (queries.empty()) return {};
  const Turn turn(*this);
  require_usable(queries.front());
  if (running_ != nullptr) collect(*running_);
  struct Pipeline {
    pg_conn* connection;
    explicit Pipeline(pg_conn* opened) : connection(opened) { PQenterPipelineMode(connection); }
    ~Pipeline() { PQexitPipelineMode(connection); }
  };
  has_asked_ = false;
  wait_ = {};
  std::optional<Error> error;
  std::vector<Rows::Data> results;
  {
    const Pipeline pipeline(handle_.get());
    for (const std::string& query : queries) send(query, {}, false);
    PQpipelineSync(handle_.get());
    for (const std::string& query : queries) {
      Running running;
      running.statement = query;
      running_ = &running;
      collect(running);
      finish(running);
      running.rows.values.assign(std::make_move_iterator(running.came_early.begin()),
                                 std::make_move_iterator(running.came_early.end()));
      results.push_back(std::move(running.rows));
      if (running.error && !error) error = running.error;
    }
    static_cast<void>(next_result());  // The end of the pipeline.
  }
  if (!error) return results;
  in_transaction_ = is_transaction_active();
  if (first_failure_.empty()) first_failure_ = error->what();
  throw *error;
}

#else

std::vector<Rows::Data> PostgresConnection::run_together(const std::vector<std::string>& queries) {
  return Connection::run_together(queries);
}

#endif

Rows::Data PostgresConnection::run_all(std::string_view sql, const std::vector<Value>* parameters,
                                       StatementObserver* observer) {
  const Turn turn(*this);
  static const std::vector<Value> none;
  require_no_nul(sql, "Pass the value as bytes in a parameter.");
  const std::vector<std::string_view> statements = split_statements(sql);
  if (parameters != nullptr) require_one(statements);
  Rows::Data rows;
  for (const std::string_view statement : statements) {
    if (observer != nullptr) observer->before(statement);
    execute(statement, parameters != nullptr ? *parameters : none, observer, rows);
    if (observer != nullptr) observer->after(statement);
  }
  return rows;
}

}  // namespace whimbrel::dialect::postgres
