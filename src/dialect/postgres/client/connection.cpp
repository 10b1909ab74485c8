#include "dialect/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <limits>

#include "dialect/postgres/client/postgres_connection.h"
#include "dialect/postgres/client/scratch_database.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/text/session_settings.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"
#include "whimbrel/postgres.h"

namespace whimbrel::dialect::postgres {

namespace {

using std::chrono::milliseconds;

/// The server must stop the statements of a killed run, which hold locks. Servers before version 14, or not on Linux,
/// cannot check whether the client still exists.
constexpr const char* watch_client =
    "CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() "
    "LIKE "
    "'%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '1s', false) END";

std::string set_config(const std::string& name, const std::string& value) {
  return "pg_catalog.set_config(" + sql::quote_string(name, postgres_syntax) + ", " +
         sql::quote_string(value, postgres_syntax) + ", false)";
}

std::string current_setting(const std::string& name) {
  return "pg_catalog.current_setting(" + sql::quote_string(name, postgres_syntax) + ')';
}

/// The server's unit is a millisecond, and its 0 means no limit.
std::string lock_timeout_of(milliseconds busy_timeout) {
  return std::to_string(std::clamp<milliseconds::rep>(busy_timeout.count(), 1, std::numeric_limits<int>::max()));
}

std::string joined(const std::vector<std::string>& texts) {
  sql::Writer list(postgres_syntax);
  list.list(texts, [&](const std::string& text) { list.raw(text); });
  return list.take();
}

extern "C" void whimbrel_take_postgres_notice(void* function, const PGresult* notice) {
  const auto field = [&](int code) {
    const char* const text = PQresultErrorField(notice, code);
    return std::string(text == nullptr ? "" : text);
  };
  std::string line = field(PG_DIAG_SEVERITY) + ": " + field(PG_DIAG_MESSAGE_PRIMARY);
  const auto add = [&](int code) {
    if (const std::string more = field(code); !more.empty()) line += ". " + more;
  };
  add(PG_DIAG_MESSAGE_DETAIL);
  add(PG_DIAG_MESSAGE_HINT);
  (*static_cast<const std::function<void(const std::string&)>*>(function))(line);
}

}  // namespace

PostgresConnection::PostgresConnection(Handle handle, ConnectionOptions options,
                                       std::unique_ptr<ScratchDatabase> scratch)
    : scratch_(std::move(scratch)),
      handle_(std::move(handle)),
      options_(std::move(options)),
      description_((scratch_ ? "scratch " : "") + describe(handle_.get())) {
  make_settings();
}

PostgresConnection::~PostgresConnection() {
  if (previous_settings_.empty() || PQstatus(handle_.get()) != CONNECTION_OK) return;
  std::vector<std::string> calls;
  for (const auto& [name, value] : previous_settings_) calls.push_back(set_config(name, value));
  const Result ignored(PQexec(handle_.get(), ("SELECT " + joined(calls)).c_str()));
}

void PostgresConnection::make_settings() {
  const bool is_owned = handle_.get_deleter().owned;
  std::vector<std::string> calls;
  for (const auto& [name, value] : required_settings)
    calls.push_back(is_owned ? set_config(name, value) : current_setting(name));
  if (is_owned && options_.read_only) calls.push_back(set_config("default_transaction_read_only", "on"));
  if (is_owned) calls.emplace_back(watch_client);
  // A setting of the URL, the role or the database takes precedence.
  const std::string lock_timeout = current_setting("lock_timeout");
  calls.push_back(is_owned ? "CASE " + lock_timeout + " WHEN '0' THEN " +
                                 set_config("lock_timeout", lock_timeout_of(options_.busy_timeout)) + " ELSE " +
                                 lock_timeout + " END"
                           : lock_timeout);
  calls.back() = "(extract(epoch FROM (" + calls.back() + ")::interval) * 1000)::bigint";
  const std::string query = "SELECT " + joined(calls);
  // Nothing is set in a session that a pooler could pass to another client.
  const std::string in_own_session =
      query + " WHERE pg_catalog.pg_backend_pid() = " + std::to_string(PQbackendPID(handle_.get()));
  std::vector<std::vector<std::string>> rows = rows_of(handle_.get(), in_own_session, description_);
  if (rows.empty()) {
    require_session(handle_.get(), description_);
    rows = rows_of(handle_.get(), query, description_);
  }
  const std::vector<std::string>& values = rows.at(0);
  lock_timeout_ = milliseconds(std::stoll(values.back()));
  if (is_owned) return;
  calls.clear();
  for (std::size_t i = 0; i < std::size(required_settings); ++i) {
    const auto& [name, value] = required_settings[i];
    if (values[i].compare(0, std::string_view(value).size(), value) == 0) continue;
    previous_settings_.emplace_back(name, values[i]);
    calls.push_back(set_config(name, value));
  }
  if (!calls.empty()) command(handle_.get(), "SELECT " + joined(calls), description_);
}

bool PostgresConnection::is_transaction_active() const {
  switch (PQtransactionStatus(handle_.get())) {
    case PQTRANS_ACTIVE:
      return in_transaction_;
    case PQTRANS_INTRANS:
    case PQTRANS_INERROR:
      return true;
    default:
      return false;
  }
}

void PostgresConnection::interrupt() noexcept {
  interrupted_ = true;
  wakeup_.ring();
}

void PostgresConnection::on_notice(const std::function<void(const std::string&)>& function) {
  // The program's notice receiver could not be restored, because libpq does not return its argument.
  if (!handle_.get_deleter().owned) return;
  notice_ = function;
  PQsetNoticeReceiver(handle_.get(), whimbrel_take_postgres_notice, &notice_);
}

void PostgresConnection::reconnect_if_lost() {
  if (depth_ > 0 || !handle_.get_deleter().owned) return;
  // A closed connection is readable, but a readable connection need not be closed.
  pollfd descriptor{PQsocket(handle_.get()), POLLIN, 0};
  if (poll(&descriptor, 1, 0) > 0) Result(PQexec(handle_.get(), "")).reset();
  if (PQstatus(handle_.get()) == CONNECTION_OK) return;
  if (in_transaction_ && !is_loss_told_) {
    is_loss_told_ = true;
    throw Error(ErrorKind::connection,
                "The connection to the " + description_ + " was lost in the middle of a transaction.")
        .with_remedy("Uncommitted changes were rolled back. Start the transaction again.");
  }
  reconnect(handle_.get());
  in_transaction_ = false;
  is_loss_told_ = false;
  make_settings();
}

ServerFacts PostgresConnection::server() const {
  const int number = PQserverVersion(handle_.get());
  return {.version = number / 10000 * 10000 + number % 10000 * 100};
}

namespace {

std::unique_ptr<Connection> make_scratch(Handle maintenance, const ConnectionOptions& options) {
  auto scratch = std::make_unique<ScratchDatabase>(
      std::move(maintenance), options.confined ? ScratchOwner::confined_role : ScratchOwner::same_role);
  Handle handle = scratch->connect_to_it();
  ConnectionOptions scratch_options = options;
  scratch_options.read_only = false;
  return std::make_unique<PostgresConnection>(std::move(handle), scratch_options, std::move(scratch));
}

std::unique_ptr<Connection> open(const ConnectionOptions& options) {
  return std::make_unique<PostgresConnection>(connect(read_url(options.url)), options);
}

// The server need not have the URL's database; the database that always exists will do.
std::unique_ptr<Connection> open_scratch_database(const ConnectionOptions& options) {
  Destinations destinations = read_url(options.url);
  Handle maintenance;
  try {
    maintenance = connect(destinations);
  } catch (const Error& error) {
    if (!has_sqlstate(error, "3D000")) throw;
    destinations.set("dbname", "postgres");
    maintenance = connect(destinations);
  }
  return make_scratch(std::move(maintenance), options);
}

std::unique_ptr<Connection> attach(void* native, const ConnectionOptions& options) {
  auto* const connection = static_cast<PGconn*>(native);
  if (connection == nullptr) throw Error(ErrorKind::usage, "The program's PostgreSQL connection is a null pointer.");
  if (PQstatus(connection) != CONNECTION_OK) {
    throw Error(ErrorKind::usage, "The program's PostgreSQL connection is not open.")
        .with_remedy("Pass a connection whose PQstatus() is CONNECTION_OK.");
  }
  if (PQtransactionStatus(connection) != PQTRANS_IDLE) {
    throw Error(ErrorKind::usage, "The program's PostgreSQL connection is inside a transaction or busy.")
        .with_remedy("Commit or roll back, and fetch all results, before you pass the connection to whimbrel.");
  }
  return std::make_unique<PostgresConnection>(Handle(connection, Finish{false}), options);
}

constexpr const char* schemes[] = {"postgresql", "postgres", nullptr};

}  // namespace

std::unique_ptr<Connection> PostgresConnection::open_again() const {
  ConnectionOptions options = options_;
  options.read_only = false;
  auto again = std::make_unique<PostgresConnection>(connect(destinations_of(handle_.get())), options);
  again->description_ = description_;
  return again;
}

std::unique_ptr<Connection> PostgresConnection::open_scratch() const {
  try {
    return make_scratch(connect(destinations_of(handle_.get())), options_);
  } catch (const Error& error) {
    if (has_sqlstate(error, "42501") || has_sqlstate(error, "25006")) return nullptr;
    throw;
  }
}

}  // namespace whimbrel::dialect::postgres

const whimbrel::Driver& whimbrel::postgres::driver() {
  static const Driver instance{dialect::postgres::make_dialect, dialect::postgres::open, dialect::postgres::attach,
                               dialect::postgres::open_scratch_database, dialect::postgres::schemes};
  return instance;
}
