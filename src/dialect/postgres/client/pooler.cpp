#include <libpq-fe.h>
#include <poll.h>

#include <chrono>
#include <optional>

#include "dialect/postgres/client/native.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr const char* ask_process = "SELECT pg_catalog.pg_backend_pid()";

/// A session pool may have no session for a second connection.
constexpr milliseconds longest_wait(1000);

bool is_answered(pg_conn* connection, Clock::time_point end) {
  while (PQisBusy(connection) != 0) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    pollfd descriptor{PQsocket(connection), POLLIN, 0};
    if (left.count() <= 0 || poll(&descriptor, 1, static_cast<int>(left.count())) == 0) return false;
    if (PQconsumeInput(connection) == 0) return true;  // The error is the answer.
  }
  return true;
}

/// Returns the server process of a transaction on this connection, which remains open; empty if no transaction begins,
/// nullopt after the timeout.
std::optional<std::string> process_in_transaction(pg_conn* connection) {
  const auto end = Clock::now() + longest_wait;
  if (PQsendQuery(connection, (std::string("BEGIN; ") + ask_process).c_str()) == 0) return std::nullopt;
  std::string process;
  while (true) {
    if (!is_answered(connection, end)) return std::nullopt;
    const Result result(PQgetResult(connection));
    if (result == nullptr) return process;
    if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) process = PQgetvalue(result.get(), 0, 0);
  }
}

bool has_changing_sessions(pg_conn* connection, const std::string& database) {
  const std::string process = rows_of(connection, ask_process, database).at(0).at(0);
  Destinations destinations = destinations_of(connection);
  destinations.set("connect_timeout", "2");
  Handle other;
  try {
    other = connect(destinations);
  } catch (const Error&) {
    return false;
  }
  const std::optional<std::string> others = process_in_transaction(other.get());
  if (!others) return false;
  return others->empty() || *others == process || rows_of(connection, ask_process, database).at(0).at(0) != process;
}

}  // namespace

void require_session(pg_conn* connection, const std::string& database) {
  if (!has_changing_sessions(connection, database)) return;
  throw Error(ErrorKind::connection, "The " + database +
                                         " is behind a transaction-pooling proxy: session settings and advisory locks "
                                         "would leak to other clients.")
      .with_remedy("Connect to the server directly, or through a session pool (PgBouncer: pool_mode = session).");
}

}  // namespace whimbrel::dialect::postgres
