#include "dialect/connection.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <limits>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/server_error.h"
#include "dialect/postgres/statement_text.h"
#include "dialect/postgres/value_text.h"
#include "whimbrel/driver.h"

namespace whimbrel::dialect::postgres {

namespace {

using std::chrono::milliseconds;

struct Finish {
  bool owned = true;
  void operator()(PGconn* connection) const {
    if (owned) PQfinish(connection);
  }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};
using Handle = std::unique_ptr<PGconn, Finish>;
using Result = std::unique_ptr<PGresult, Clear>;
using Cancel = std::unique_ptr<PGcancel, FreeCancel>;

std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

ServerError read_error(const PGresult* result) {
  const auto field = [&](int code) { return text_or_empty(PQresultErrorField(result, code)); };
  ServerError error;
  error.sqlstate = field(PG_DIAG_SQLSTATE);
  error.message = field(PG_DIAG_MESSAGE_PRIMARY);
  if (error.message.empty()) error.message = text_or_empty(PQresultErrorMessage(result));
  error.detail = field(PG_DIAG_MESSAGE_DETAIL);
  error.hint = field(PG_DIAG_MESSAGE_HINT);
  error.context = field(PG_DIAG_CONTEXT);
  error.schema = field(PG_DIAG_SCHEMA_NAME);
  error.table = field(PG_DIAG_TABLE_NAME);
  error.column = field(PG_DIAG_COLUMN_NAME);
  error.constraint = field(PG_DIAG_CONSTRAINT_NAME);
  error.position = std::atoi(field(PG_DIAG_STATEMENT_POSITION).c_str());
  return error;
}

std::string describe(PGconn* connection) { return "PostgreSQL database \"" + text_or_empty(PQdb(connection)) + '"'; }

/// A pipe that a signal handler or another thread writes to, so that whoever waits for the server wakes up.
class Alarm {
 public:
  Alarm() {
    if (pipe(ends_) != 0) throw Error(ErrorKind::connection, std::string("No pipe: ") + std::strerror(errno));
    for (const int end : ends_) {
      fcntl(end, F_SETFD, FD_CLOEXEC);
      fcntl(end, F_SETFL, O_NONBLOCK);
    }
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm() {
    for (const int end : ends_) close(end);
  }

  void ring() noexcept {
    const int error = errno;
    if (write(ends_[1], "!", 1) < 0) errno = error;  // It is full: it rings already.
  }
  void hush() {
    char bytes[64];
    while (read(ends_[0], bytes, sizeof bytes) > 0) {
    }
  }
  [[nodiscard]] int descriptor() const { return ends_[0]; }

 private:
  int ends_[2] = {-1, -1};
};

/// The parameters of a statement as the library takes them: the server finds their types, but for bytes.
class Bound {
 public:
  explicit Bound(const std::vector<Value>& parameters) : texts_(parameters.size()) {
    for (std::size_t i = 0; i < parameters.size(); ++i) add(parameters[i], texts_[i]);
  }

  [[nodiscard]] int size() const { return static_cast<int>(types_.size()); }
  [[nodiscard]] const Oid* types() const { return types_.data(); }
  [[nodiscard]] const char* const* values() const { return values_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }

 private:
  void add(const Value& value, std::string& text) {
    const auto* const bytes = std::get_if<Bytes>(&value.variant());
    if (const auto* const number = std::get_if<double>(&value.variant())) {
      text = to_text(*number);
    } else if (bytes != nullptr) {
      text.assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    } else if (!value.is_null()) {
      text = value.text();
    }
    types_.push_back(bytes != nullptr ? static_cast<Oid>(TypeNumber::bytea) : 0);
    values_.push_back(value.is_null() ? nullptr : text.c_str());
    lengths_.push_back(static_cast<int>(text.size()));
    formats_.push_back(bytes != nullptr ? 1 : 0);
  }

  std::vector<std::string> texts_;
  std::vector<Oid> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(Handle handle)
      : handle_(std::move(handle)), cancel_(PQgetCancel(handle_.get())), description_(describe(handle_.get())) {}

  Rows::Data run(std::string_view sql) override { return run_all(sql, nullptr, nullptr); }
  Rows::Data run(std::string_view sql, const std::vector<Value>& parameters) override {
    return run_all(sql, &parameters, nullptr);
  }
  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters, StatementObserver& observer) override {
    return run_all(sql, parameters, &observer);
  }

  bool is_transaction_active() const override {
    const PGTransactionStatusType status = PQtransactionStatus(handle_.get());
    return status != PQTRANS_IDLE && status != PQTRANS_UNKNOWN;
  }
  void interrupt() noexcept override {
    interrupted_ = true;
    alarm_.ring();
  }
  int version() const override {
    const int number = PQserverVersion(handle_.get());
    return number / 10000 * 10000 + number % 10000 * 100;
  }
  std::string description() const override { return description_; }
  std::unique_ptr<Connection> open_scratch() const override { return nullptr; }

 private:
  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters, StatementObserver* observer);
  void execute(std::string_view statement, const std::vector<Value>& parameters, StatementObserver* observer,
               Rows::Data& result);
  void take_rows(const PGresult* result, StatementObserver* observer, Rows::Data& rows);
  Result next_result();
  void wait();
  [[nodiscard]] Error failure(std::string_view statement, const PGresult* result) const;

  Handle handle_;
  Cancel cancel_;
  std::string description_;
  Alarm alarm_;
  std::atomic<bool> interrupted_ = false;
  int running_ = 0;  ///< An observer runs statements in the midst of a run.
};

Error PostgresConnection::failure(std::string_view statement, const PGresult* result) const {
  ServerError error;
  if (result != nullptr) error = read_error(result);
  if (error.message.empty()) error.message = text_or_empty(PQerrorMessage(handle_.get()));
  return statement_error(error, description_, statement);
}

/// Until the server has sent something. The server is told to stop from here and not from interrupt(), so that it never
/// stops a later statement.
void PostgresConnection::wait() {
  pollfd descriptors[] = {{PQsocket(handle_.get()), POLLIN, 0}, {alarm_.descriptor(), POLLIN, 0}};
  if (poll(descriptors, 2, -1) < 0 && errno != EINTR) return;
  if (descriptors[1].revents != 0) {
    alarm_.hush();
    char problem[256];
    PQcancel(cancel_.get(), problem, sizeof problem);
  }
}

Result PostgresConnection::next_result() {
  while (PQisBusy(handle_.get()) != 0) {
    wait();
    if (PQconsumeInput(handle_.get()) == 0) break;
  }
  return Result(PQgetResult(handle_.get()));
}

void PostgresConnection::take_rows(const PGresult* result, StatementObserver* observer, Rows::Data& rows) {
  const int columns = PQnfields(result);
  for (int i = 0; i < PQntuples(result); ++i) {
    std::vector<Value> row(static_cast<std::size_t>(columns));
    for (int j = 0; j < columns; ++j) {
      if (PQgetisnull(result, i, j) != 0) continue;
      const std::string_view text(PQgetvalue(result, i, j), static_cast<std::size_t>(PQgetlength(result, i, j)));
      row[static_cast<std::size_t>(j)] = to_value(PQftype(result, j), text);
    }
    if (observer == nullptr || !observer->take(rows.columns, row)) rows.values.push_back(std::move(row));
  }
}

void PostgresConnection::execute(std::string_view statement, const std::vector<Value>& parameters,
                                 StatementObserver* observer, Rows::Data& rows) {
  const std::string text(statement);
  const Bound bound(parameters);
  if (PQsendQueryParams(handle_.get(), text.c_str(), bound.size(), bound.types(), bound.values(), bound.lengths(),
                        bound.formats(), 0) == 0) {
    throw failure(statement, nullptr);
  }
  if (observer != nullptr) PQsetSingleRowMode(handle_.get());
  std::optional<Error> error;
  bool began = false;
  while (const Result result = next_result()) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) continue;
    if (status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE) {
      if (!began) rows = {};
      for (int i = 0; !began && i < PQnfields(result.get()); ++i) rows.columns.emplace_back(PQfname(result.get(), i));
      began = true;
      take_rows(result.get(), observer, rows);
      continue;
    }
    if (!error) error = failure(statement, result.get());
  }
  if (error) throw *error;
}

Rows::Data PostgresConnection::run_all(std::string_view sql, const std::vector<Value>* parameters,
                                       StatementObserver* observer) {
  if (running_ == 0) {
    interrupted_ = false;
    alarm_.hush();
  }
  struct Running {
    int& count;
    explicit Running(int& counter) : count(counter) { ++count; }
    ~Running() { --count; }
  } running(running_);

  static const std::vector<Value> none;
  Rows::Data result;
  for (const std::string_view statement : split_statements(sql)) {
    if (observer != nullptr) observer->before(statement);
    execute(statement, parameters != nullptr ? *parameters : none, observer, result);
    if (observer != nullptr) observer->after(statement);
  }
  return result;
}

Handle connect(const std::string& url) {
  const char* const keywords[] = {"fallback_application_name", "dbname", "client_encoding", nullptr};
  const char* const values[] = {"whimbrel", url.c_str(), "UTF8", nullptr};
  Handle handle(PQconnectdbParams(keywords, values, 1));
  if (PQstatus(handle.get()) == CONNECTION_OK) return handle;
  ServerError error;
  error.message = text_or_empty(PQerrorMessage(handle.get()));
  throw connection_error(error, describe(handle.get()));
}

std::unique_ptr<Connection> open(const ConnectionOptions& options) {
  return std::make_unique<PostgresConnection>(connect(options.url));
}

std::unique_ptr<Connection> attach(void* native, const ConnectionOptions&) {
  return std::make_unique<PostgresConnection>(Handle(static_cast<PGconn*>(native), Finish{false}));
}

std::unique_ptr<Connection> open_scratch(const ConnectionOptions& options) {
  throw Error(ErrorKind::connection, "There is no scratch database yet on " + options.url);
}

constexpr const char* schemes[] = {"postgresql", "postgres", nullptr};

}  // namespace

}  // namespace whimbrel::dialect::postgres

const whimbrel::Driver& whimbrel::postgres::driver() {
  static const Driver instance{&dialect::postgres::dialect(), dialect::postgres::open, dialect::postgres::attach,
                               dialect::postgres::open_scratch, dialect::postgres::schemes};
  return instance;
}
