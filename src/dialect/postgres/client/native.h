#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "dialect/postgres/client/server_error.h"

struct pg_conn;
struct pg_result;

/// libpq's objects, for the files in this directory, which include its header.
namespace whimbrel::dialect::postgres {

struct Finish {
  bool owned = true;
  void operator()(pg_conn* connection) const;
};
struct Clear {
  void operator()(pg_result* result) const;
};
using Handle = std::unique_ptr<pg_conn, Finish>;
using Result = std::unique_ptr<pg_result, Clear>;

/// The connection parameters of libpq, keywords and values, including the password.
struct Destinations {
  std::vector<std::string> keywords;
  std::vector<std::string> values;

  void set(const std::string& keyword, const std::string& value);
};

/// Returns the parameters of a URL. Throws Error (usage) for a URL that libpq cannot parse.
[[nodiscard]] Destinations read_url(const std::string& url);
/// Returns the parameters of an open connection.
[[nodiscard]] Destinations destinations_of(pg_conn* connection);

/// Throws Error (connection).
[[nodiscard]] Handle connect(const Destinations& destinations);
/// Reconnects a lost connection. Throws Error (connection).
void reconnect(pg_conn* connection);

/// Runs statements and ignores their rows; throws Error. `database` is for the message.
void command(pg_conn* connection, const std::string& sql, const std::string& database);
/// Returns the rows of one statement as text, NULL as an empty string.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of(pg_conn* connection, const std::string& sql,
                                                            const std::string& database);

[[nodiscard]] std::string describe(const pg_conn* connection);
/// Returns the server's message, or that of the connection if there is no result.
[[nodiscard]] ServerError read_error(const pg_result* result, const pg_conn* connection);

/// Throws Error (connection) for a transaction-pooling proxy. Call it if the process id that the connection has differs
/// from the one that the server reports, so that there is a proxy in between.
void require_session(pg_conn* connection, const std::string& database);

/// Returns whom the connection waits for, asked over another one while the statement runs. Empty if unknown.
void find_blocker(pg_conn* waiting, Situation& situation);

}  // namespace whimbrel::dialect::postgres
