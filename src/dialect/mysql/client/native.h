#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dialect/mysql/client/destination.h"
#include "dialect/mysql/client/server_error.h"

struct st_mysql;
struct st_mysql_res;
struct st_mysql_stmt;

/// The objects of MariaDB Connector/C, for the files in this directory, which include its header.
namespace whimbrel::dialect::mysql {

struct CloseConnection {
  bool owned = true;
  void operator()(st_mysql* connection) const;
};
struct CloseStatement {
  void operator()(st_mysql_stmt* statement) const;
};
struct FreeResult {
  void operator()(st_mysql_res* result) const;
};
using Handle = std::unique_ptr<st_mysql, CloseConnection>;
using StatementHandle = std::unique_ptr<st_mysql_stmt, CloseStatement>;
using ResultHandle = std::unique_ptr<st_mysql_res, FreeResult>;

/// Throws Error (connection).
[[nodiscard]] Handle connect(const Destination& destination);
/// Returns the parameters of an open connection of the program.
[[nodiscard]] Destination destination_of(st_mysql* connection);

[[nodiscard]] ServerError read_error(st_mysql* connection);

/// One row as text; nullopt is NULL.
using TextRow = std::vector<std::optional<std::string>>;
/// Runs one statement and returns its rows, without waiting for interrupts; throws Error.
std::vector<TextRow> rows_of(st_mysql* connection, const std::string& sql, const Situation& situation);

/// Cancels the statement of a session, over another connection. Returns whether the server took it.
bool kill_query(Destination destination, unsigned long long session) noexcept;

/// The server of a connection.
struct ServerIdentity {
  bool is_mariadb = false;
  int version = 0;
};
/// Returns what the text of version() means: `10.11.6-MariaDB-log`. Throws Error (connection) for a server that is not
/// supported. `name` is the database in messages.
[[nodiscard]] ServerIdentity read_identity(const std::string& version, const std::string& comment,
                                           const std::string& name);

}  // namespace whimbrel::dialect::mysql
