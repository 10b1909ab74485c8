#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "dialect/postgres/client/server_error.h"

struct pg_conn;
struct pg_result;

/// libpq's objects, for the files that include its header: those of this room.
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

/// What the library makes a connection from, keywords and values. Has the password.
struct Destinations {
  std::vector<std::string> keywords;
  std::vector<std::string> values;

  void set(const std::string& keyword, const std::string& value);
};

/// Those of a URL. Throws Error (usage) for one that libpq does not understand.
[[nodiscard]] Destinations read_url(const std::string& url);
/// Those with which the connection was made.
[[nodiscard]] Destinations destinations_of(pg_conn* connection);

/// Throws Error (connection).
[[nodiscard]] Handle connect(const Destinations& destinations);
/// Makes a connection anew that was lost. Throws Error (connection).
void reconnect(pg_conn* connection);

/// Runs statements that give no rows anybody wants; throws Error. `database` is for the message.
void command(pg_conn* connection, const std::string& sql, const std::string& database);
/// The rows of one statement as text, NULL as an empty one.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of(pg_conn* connection, const std::string& sql,
                                                            const std::string& database);

[[nodiscard]] std::string describe(const pg_conn* connection);
/// What the server said; of the connection where there is no result.
[[nodiscard]] ServerError read_error(const pg_result* result, const pg_conn* connection);

/// Throws Error (connection) if a pooler gives each transaction another session. To be called where a connection's
/// number of the server's process is not the one that the server says, so that something is in between.
void require_session(pg_conn* connection, const std::string& database);

/// Whom the connection waits for, asked over another one while the statement runs. Says nothing where it cannot know.
void find_blocker(pg_conn* waiting, Situation& situation);

}  // namespace whimbrel::dialect::postgres
