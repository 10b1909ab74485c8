#include "dialect/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>

#include "dialect/sqlite/client/busy_retry.h"
#include "dialect/sqlite/client/confine.h"
#include "dialect/sqlite/client/location.h"
#include "dialect/sqlite/client/result_code.h"
#include "dialect/sqlite/client/stand_in.h"
#include "dialect/sqlite/client/statement_values.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/statement_error.h"
#include "whimbrel/sqlite.h"

// Older libraries cannot be told not to trust a schema.
static_assert(SQLITE_VERSION_NUMBER >= 3031000, "whimbrel needs SQLite 3.31 or later");

namespace whimbrel::dialect::sqlite {

namespace {

using std::chrono::milliseconds;

struct CloseDatabase {
  bool owned = true;
  void operator()(sqlite3* database) const {
    if (owned) sqlite3_close_v2(database);
  }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

int error_offset([[maybe_unused]] sqlite3* database) {
#if SQLITE_VERSION_NUMBER >= 3038000
  return sqlite3_error_offset(database);
#endif
  return -1;
}

/// Returns whether another connection may be waiting for this one. Libraries before 3.34 do not report whether an
/// active transaction holds a lock, so it is assumed to.
bool may_hold_lock(sqlite3* database) {
#if SQLITE_VERSION_NUMBER >= 3034000
  return sqlite3_txn_state(database, nullptr) != SQLITE_TXN_NONE;
#else
  return sqlite3_get_autocommit(database) == 0;
#endif
}

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(Database database, std::string description, milliseconds busy_timeout)
      : database_(std::move(database)), description_(std::move(description)), busy_timeout_(busy_timeout) {}

  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters, StatementObserver* observer) override;

  bool is_transaction_active() const override { return sqlite3_get_autocommit(database_.get()) == 0; }
  void interrupt() noexcept override {
    interrupted_ = true;
    sqlite3_interrupt(database_.get());
  }
  ServerFacts server() const override {
    const int number = sqlite3_libversion_number();
    return {.version = number / 1000000 * 10000 + number / 1000 % 1000 * 100 + number % 1000};
  }
  std::string description() const override { return description_; }
  std::string absent_file() const override { return absent_file_; }
  void stand_in_for(const std::string& file) {
    // As the operating system follows symbolic links; without a working directory, as it is written.
    std::error_code error;
    std::filesystem::path whole = std::filesystem::absolute(file, error);
    if (!error) whole = std::filesystem::weakly_canonical(whole, error);
    absent_file_ = error ? file : whole.string();
  }
  std::unique_ptr<Connection> open_scratch() const override;
  void stand_in_for_unknown(std::vector<std::string>* not_tried) override { not_tried_ = not_tried; }
  void without_quoted_strings(const std::function<void()>& function) override;

  /// Reads the schema, which the next statement needs anyway, to detect a file that is not a database.
  void read_schema();

 private:
  struct Prepared {
    StatementHandle handle;
    std::string_view text;  ///< Without the semicolon.
    std::string_view rest;  ///< The rest of the text, from the next statement's first token.
  };

  /// Runs the first statement of the text. Returns the rest of the text.
  std::string_view run_first(std::string_view sql, const std::vector<Value>* parameters, StatementObserver* observer,
                             Rows::Data& result);
  Prepared prepare(std::string_view sql);
  void bind(const Prepared& statement, const std::vector<Value>& parameters) const;
  void execute(const Prepared& statement, StatementObserver* observer, Rows::Data& result);
  int step(const Prepared& statement);
  [[nodiscard]] bool can_wait(std::string_view statement) const;
  [[nodiscard]] Error failure(std::string_view statement, int code) const;

  Database database_;
  std::string description_;
  std::string absent_file_;
  milliseconds busy_timeout_;
  std::atomic<bool> interrupted_ = false;
  int running_ = 0;  ///< Greater than 1 if an observer runs a statement during a run.
  std::vector<std::string>* not_tried_ = nullptr;
};

/// Returns an error for the statement: `code` is SQLite's, or one that whimbrel assigned where SQLite would not have
/// noticed.
Error SqliteConnection::failure(std::string_view statement, int code) const {
  const Advice known = advice(code);
  std::string message = known.problem == nullptr ? "The statement failed on the " + description_ + ": "
                                                 : "The " + description_ + ' ' + known.problem;
  if (known.problem == nullptr) message += sqlite3_errmsg(database_.get());
  if ((code & 0xff) == SQLITE_BUSY && can_wait(statement)) {
    message += " (waited " + std::to_string(busy_timeout_.count()) + " ms)";
  }
  const char* const file = sqlite3_db_filename(database_.get(), nullptr);
  const int reported = sqlite3_system_errno(database_.get());
  const int system = file == nullptr || *file == '\0' ? reported : system_code(reported, file);
  if (known.kind == ErrorKind::connection && system != 0) {
    message += std::string(" (") + std::strerror(system) + ')';
  }
  if (known.problem != nullptr) message += '.';

  Error error(known.kind, message);
  error.with_remedy(known.remedy).with_native_code(code);
  return error.with_statement(std::string(statement), known.problem == nullptr ? error_offset(database_.get()) : -1);
}

/// Returns whether waiting can help a statement that met a lock: one that begins a transaction, or a COMMIT that waits
/// for readers. Within a transaction, both sides would wait for each other. https://www.sqlite.org/c3ref/step.html
bool SqliteConnection::can_wait(std::string_view statement) const {
  return !may_hold_lock(database_.get()) || is_commit(statement);
}

SqliteConnection::Prepared SqliteConnection::prepare(std::string_view sql) {
  if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error(ErrorKind::statement,
                "The SQL text for the " + description_ + " is longer than SQLite allows (2 GiB).");
  }
  BusyRetry retry(busy_timeout_);
  while (true) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const int code =
        sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()), 0, &statement, &tail);
    if (code == SQLITE_OK) {
      const auto length = static_cast<std::size_t>(tail - sql.data());
      return {StatementHandle(statement), trim_end(sql.substr(0, length)), skip_blank(sql.substr(length))};
    }
    const int detail = sqlite3_extended_errcode(database_.get());
    if ((detail & 0xff) == SQLITE_BUSY && can_wait(sql) && !interrupted_ && retry.wait()) continue;
    throw failure(first_statement(sql), interrupted_ ? SQLITE_INTERRUPT : detail);
  }
}

void SqliteConnection::read_schema() {
  try {
    prepare("SELECT 1 FROM sqlite_master");
  } catch (Error& error) {
    error.with_statement({});
    throw;
  }
}

void SqliteConnection::bind(const Prepared& statement, const std::vector<Value>& parameters) const {
  const auto expected = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement.handle.get()));
  if (expected != parameters.size()) throw wrong_parameter_count(statement.text, expected, parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int code = std::visit(Bind{statement.handle.get(), static_cast<int>(i) + 1}, parameters[i].variant());
    if (code != SQLITE_OK) throw failure(statement.text, sqlite3_extended_errcode(database_.get()));
  }
}

int SqliteConnection::step(const Prepared& statement) {
  BusyRetry retry(busy_timeout_);
  while (true) {
    if (interrupted_) return SQLITE_INTERRUPT;
    const int code = sqlite3_step(statement.handle.get());
    if ((code & 0xff) != SQLITE_BUSY) return code;
    const int detail = sqlite3_extended_errcode(database_.get());
    sqlite3_reset(statement.handle.get());
    if (!can_wait(statement.text) || interrupted_ || !retry.wait()) return interrupted_ ? SQLITE_INTERRUPT : detail;
  }
}

void SqliteConnection::execute(const Prepared& statement, StatementObserver* observer, Rows::Data& result) {
  sqlite3_stmt* const handle = statement.handle.get();
  int code = step(statement);
  const int columns = sqlite3_column_count(handle);
  if (columns > 0) {
    result = {};
    for (int i = 0; i < columns; ++i) result.columns.emplace_back(sqlite3_column_name(handle, i));
  }
  for (; code == SQLITE_ROW; code = sqlite3_step(handle)) {
    std::vector<Value> row(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row[static_cast<std::size_t>(i)] = column_value(handle, i);
    if (observer == nullptr || !observer->take(result.columns, row)) result.values.push_back(std::move(row));
  }
  if (code == SQLITE_DONE) return;
  const bool from_database = (sqlite3_errcode(database_.get()) & 0xff) == (code & 0xff);
  throw failure(statement.text, from_database ? sqlite3_extended_errcode(database_.get()) : code);
}

Rows::Data SqliteConnection::run_all(std::string_view sql, const std::vector<Value>* parameters,
                                     StatementObserver* observer) {
  if (running_ == 0) interrupted_ = false;
  struct Running {
    int& count;
    explicit Running(int& counter) : count(counter) { ++count; }
    ~Running() { --count; }
  } running(running_);

  require_no_nul(sql, "Pass the value as a parameter.");
  Rows::Data result;
  std::string known;  ///< The previous error of the statement.
  for (std::string_view rest = skip_blank(sql); !rest.empty();) {
    try {
      rest = run_first(rest, parameters, observer, result);
    } catch (const Error& error) {
      if (not_tried_ == nullptr || error.kind() != ErrorKind::statement || known == error.what()) throw;
      known = error.what();
      if (!stand_in_for_missing(database_.get(), known, *not_tried_)) throw;
    }
  }
  return result;
}

std::string_view SqliteConnection::run_first(std::string_view sql, const std::vector<Value>* parameters,
                                             StatementObserver* observer, Rows::Data& result) {
  static const std::vector<Value> none;
  const Prepared statement = prepare(sql);
  if (!statement.handle) return statement.rest;
  if (parameters != nullptr && !statement.rest.empty()) {
    throw parameters_of_several(trim_end(sql), static_cast<std::size_t>(statement.rest.data() - sql.data()));
  }
  bind(statement, parameters != nullptr ? *parameters : none);
  if (observer != nullptr) observer->before(statement.text);
  execute(statement, observer, result);
  sqlite3_reset(statement.handle.get());
  if (observer != nullptr) observer->after(statement.text);
  return statement.rest;
}

constexpr const char* in_memory = ":memory:";

Database open_database(const std::string& file, int flags, int& code) {
  sqlite3* database = nullptr;
  errno = 0;  // SQLite rejects some paths itself, and would report an earlier system error.
  code = sqlite3_open_v2(file.c_str(), &database, flags, nullptr);
  Database result(database);
  if (code != SQLITE_OK) return result;
  sqlite3_extended_result_codes(database, 1);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  return result;
}

Database open_in_memory() {
  int code = SQLITE_OK;
  Database database = open_database(in_memory, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, code);
  if (code != SQLITE_OK) {
    throw Error(ErrorKind::connection, "Cannot open a scratch database in memory.").with_native_code(code);
  }
  stand_in_for_collations(database.get());
  confine(database.get());
  return database;
}

/// Changes one of the connection's settings during its lifetime.
class SettingForNow {
 public:
  SettingForNow(sqlite3* database, int setting, int value) : database_(database), setting_(setting) {
    sqlite3_db_config(database_, setting_, -1, &before_);
    sqlite3_db_config(database_, setting_, value, nullptr);
  }
  SettingForNow(const SettingForNow&) = delete;
  SettingForNow& operator=(const SettingForNow&) = delete;
  ~SettingForNow() { sqlite3_db_config(database_, setting_, before_, nullptr); }

 private:
  sqlite3* database_;
  int setting_;
  int before_ = 0;
};

void SqliteConnection::without_quoted_strings(const std::function<void()>& function) {
  const SettingForNow dml(database_.get(), SQLITE_DBCONFIG_DQS_DML, 0);
  const SettingForNow ddl(database_.get(), SQLITE_DBCONFIG_DQS_DDL, 0);
  function();
}

std::unique_ptr<Connection> SqliteConnection::open_scratch() const {
  Database database = open_in_memory();
  for (const int setting : {SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_TRUSTED_SCHEMA}) {
    int value = 0;
    if (sqlite3_db_config(database_.get(), setting, -1, &value) == SQLITE_OK) {
      sqlite3_db_config(database.get(), setting, value, nullptr);
    }
  }
  return std::make_unique<SqliteConnection>(std::move(database), "scratch copy of the " + description_, busy_timeout_);
}

Error open_failure(sqlite3* database, int code, const std::string& file) {
  int system = system_code(database == nullptr ? 0 : sqlite3_system_errno(database), file);
  const auto longest = static_cast<std::size_t>(sqlite3_vfs_find(nullptr)->mxPathname);
  if (std::filesystem::absolute(file).string().size() > longest) system = ENAMETOOLONG;
  const Obstacle obstacle = find_obstacle(file).value_or(
      Obstacle{system != 0 ? std::strerror(system) : sqlite3_errstr(code), advice(SQLITE_CANTOPEN).remedy});
  return Error(ErrorKind::connection,
               "The SQLite database \"" + file + "\" cannot be opened: " + obstacle.problem + '.')
      .with_remedy(obstacle.remedy)
      .with_native_code(code);
}

std::unique_ptr<Connection> open(const ConnectionOptions& options) {
  const std::string path = database_path(options.url);
  const bool is_file = path != in_memory;
  if (options.must_exist && is_file) require_present(path);
  // If it is opened read-only, a missing database is empty.
  const bool is_stand_in = is_file && options.read_only && is_absent(path);
  // A library that was compiled to accept URI file names recognizes them by their beginning.
  const std::string name = is_stand_in ? in_memory : path.rfind("file:", 0) == 0 ? "./" + path : path;
  const int flags =
      is_file && options.read_only && !is_stand_in ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  int code = SQLITE_OK;
  Database database = open_database(name, flags, code);
  if (code != SQLITE_OK) throw open_failure(database.get(), sqlite3_extended_errcode(database.get()), path);
  auto connection = std::make_unique<SqliteConnection>(
      std::move(database), is_file ? "SQLite database \"" + path + '"' : "SQLite database in memory",
      options.busy_timeout);
  if (is_stand_in) connection->stand_in_for(path);
  connection->read_schema();
  return connection;
}

std::unique_ptr<Connection> open_scratch(const ConnectionOptions& options) {
  return std::make_unique<SqliteConnection>(open_in_memory(), "scratch SQLite database", options.busy_timeout);
}

std::unique_ptr<Connection> attach(void* native, const ConnectionOptions& options) {
  auto* const database = static_cast<sqlite3*>(native);
  if (database == nullptr) throw Error(ErrorKind::usage, "The program's SQLite connection is a null pointer.");
  if (sqlite3_get_autocommit(database) == 0) {
    throw Error(ErrorKind::usage, "The program's SQLite connection is inside a transaction.")
        .with_remedy("Commit or roll back before you pass the connection to whimbrel.");
  }
  const char* const path = sqlite3_db_filename(database, "main");
  const bool is_file = path != nullptr && *path != '\0';
  return std::make_unique<SqliteConnection>(
      Database(database, CloseDatabase{false}),
      is_file ? "SQLite database \"" + std::string(path) + '"' : "SQLite database in memory", options.busy_timeout);
}

constexpr const char* schemes[] = {"sqlite", nullptr};

}  // namespace

}  // namespace whimbrel::dialect::sqlite

const whimbrel::Driver& whimbrel::sqlite::driver() {
  static const Driver instance{dialect::sqlite::make_dialect, dialect::sqlite::open, dialect::sqlite::attach,
                               dialect::sqlite::open_scratch, dialect::sqlite::schemes};
  return instance;
}
