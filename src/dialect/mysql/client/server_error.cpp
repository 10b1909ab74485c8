#include "dialect/mysql/client/server_error.h"

#include <algorithm>
#include <cstdlib>

#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/statement_text.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// What an error means: the problem, if the server's message does not say it for this connection, and what to do.
struct Advice {
  ErrorKind kind = ErrorKind::statement;
  std::string problem{};  ///< Continues `The MariaDB database "a" ...`.
  std::string remedy{};
};

Advice lock_advice(const Situation& situation) {
  Advice advice{ErrorKind::busy, "timed out waiting for a lock",
                "Retry when the transaction that holds the lock has ended, or raise DataSourceOptions::busy_timeout."};
  if (!situation.wait.empty()) advice.problem += ", held by " + situation.wait;
  return advice;
}

/// The smallest default of max_allowed_packet that a server has.
constexpr std::size_t suspicious_size = 1U << 20U;

Advice loss_advice(std::string_view statement) {
  if (statement.size() >= suspicious_size) {
    return {ErrorKind::connection, "ended the connection",
            "It does so if a statement is larger than max_allowed_packet: raise that (SET GLOBAL max_allowed_packet = "
            "...), or write smaller statements. Uncommitted changes are rolled back."};
  }
  return {ErrorKind::connection, "ended the connection",
          sql::begins_with(statement, "COMMIT")
              ? "It is unknown whether the transaction committed. Check `status` before you run it again."
              : "Uncommitted changes are rolled back. Run it again when the server is reachable."};
}

Advice read_only_advice(const Situation& situation) {
  if (situation.is_read_only) {
    return {ErrorKind::connection, "cannot be written", "The connection was opened read-only."};
  }
  return {
      ErrorKind::connection, "cannot be written",
      "The server or its transactions are read-only (read_only, super_read_only, transaction_read_only), or it is a "
      "replica. Connect to the primary server, or switch that off."};
}

Advice packet_advice() {
  return {
      ErrorKind::statement,
      {},
      "Raise max_allowed_packet of the server (SET GLOBAL max_allowed_packet = ...) above the size of the statement "
      "with its values, or write smaller values."};
}

/// `ALTER command denied to user ...` names the privilege.
Advice privilege_advice(const ServerError& error, const Situation& situation) {
  const std::size_t end = error.message.find(" command denied to user");
  if (end == std::string::npos || end == 0 || situation.schema.empty()) {
    return {ErrorKind::statement, {}, "Grant " + situation.user + " the privilege, or connect as another user."};
  }
  return {ErrorKind::statement,
          {},
          "Grant the privilege, or connect as another user: GRANT " + error.message.substr(0, end) + " ON " +
              quote_name(situation.schema) + ".* TO " + situation.user + ';'};
}

Advice advice_for(const ServerError& error, const Situation& situation, std::string_view statement) {
  switch (error.code) {
    case error_code::query_interrupted:
      if (situation.is_interrupted) return {ErrorKind::interrupted, "canceled the statement on request", {}};
      return {ErrorKind::statement, {}, "Another session canceled the statement (KILL QUERY). Run it again."};
    case error_code::statement_timeout:
    case error_code::query_timeout:
      return {ErrorKind::statement,
              {},
              "Raise the time limit of statements: max_statement_time of MariaDB, max_execution_time of MySQL."};
    case error_code::lock_wait_timeout:
    case error_code::lock_nowait:
      return lock_advice(situation);
    case error_code::deadlock:
      return {ErrorKind::busy,
              {},
              "The transaction was rolled back because it and another one waited for each other, or changed the same "
              "rows on two nodes of a cluster. Run it again."};
    case error_code::packet_too_large:
    case error_code::packet_too_large_here:
      return packet_advice();
    case error_code::read_only_transaction:
    case error_code::read_only_mode:
      return read_only_advice(situation);
    case error_code::option_prevents:
      if (error.message.find("read-only") != std::string::npos || error.message.find("read_only") != std::string::npos)
        return read_only_advice(situation);
      return {};
    case error_code::not_in_cluster:
      return {ErrorKind::connection, "is on a node that is not part of the cluster's majority",
              "Connect to another node, or restore the cluster; SHOW STATUS LIKE 'wsrep%' shows its state."};
    case error_code::disk_full:
    case error_code::table_full:
      return {ErrorKind::connection, "cannot grow",
              "Free space on the server and run it again; uncommitted changes are rolled back."};
    case error_code::no_memory:
    case error_code::no_sort_memory:
    case error_code::no_resources:
      return {ErrorKind::connection, "ran out of memory", "Give the server more memory and run it again."};
    case error_code::table_denied:
    case error_code::column_denied:
    case error_code::database_denied:
    case error_code::special_access_denied:
    case error_code::proc_denied:
      return privilege_advice(error, situation);
    case error_code::unsafe_routine:
    case error_code::binlog_denied:
      return {
          ErrorKind::statement,
          {},
          "Let the server trust the functions and triggers of all users (SET GLOBAL log_bin_trust_function_creators "
          "= 1), or connect as a user with the privilege SUPER."};
    case error_code::parent_row_lost:
      return {
          ErrorKind::statement,
          {},
          "A unique key that the statement adds or changes has rows with equal values in the table, and other tables "
          "reference it. Find them with GROUP BY ... HAVING COUNT(*) > 1, and correct them."};
    case error_code::local_file_denied:
    case error_code::local_file_disabled:
    case error_code::local_file_refused:
      return {ErrorKind::statement,
              {},
              "LOAD DATA LOCAL is switched off, because the server could ask for any file. Use INSERT, or LOAD DATA "
              "with a file of the server."};
    default:
      return ends_connection(error.code) ? loss_advice(statement) : Advice{};
  }
}

constexpr std::string_view near = "near '";
constexpr std::string_view at_line = "' at line ";

/// A syntax error quotes the rest of the statement, up to 80 characters, and its line.
struct Place {
  std::string_view rest;
  std::size_t line = 1;
};

Place read_place(std::string_view message) {
  const std::size_t begin = message.find(near);
  const std::size_t end = message.rfind(at_line);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + near.size()) return {{}, 0};
  const std::string number(message.substr(end + at_line.size()));
  return {message.substr(begin + near.size(), end - begin - near.size()),
          static_cast<std::size_t>(std::strtoul(number.c_str(), nullptr, 10))};
}

/// Returns the place in bytes; -1 if it is unknown. The line is counted in the whole text, but that of a routine's body
/// in the body.
int offset_of(const Place& place, std::string_view statement) {
  if (place.line == 0) return -1;
  if (place.rest.empty()) return static_cast<int>(statement.size());
  std::size_t begin = 0;
  for (std::size_t line = 1; line < place.line && begin != std::string_view::npos; ++line) {
    begin = statement.find('\n', begin);
    if (begin != std::string_view::npos) ++begin;
  }
  std::size_t found = begin == std::string_view::npos ? begin : statement.find(place.rest, begin);
  if (found == std::string_view::npos) found = statement.find(place.rest);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

/// Messages qualify names with that of the database, which is a random one for a scratch copy.
std::string without_schema(std::string message, const std::string& schema) {
  const std::string qualifier = '`' + schema + "`.";
  for (std::size_t at = message.find(qualifier); at != std::string::npos; at = message.find(qualifier, at)) {
    message.erase(at, qualifier.size());
  }
  return message;
}

std::string in_words(const ServerError& error, const std::string& schema) {
  std::string message = without_schema(error.message, schema);
  if (error.code == error_code::syntax) {
    const Place place = read_place(error.message);
    if (place.line > 0) {
      message = place.rest.empty() ? "syntax error at the end" : "syntax error near '" + std::string(place.rest) + '\'';
      message += " in line " + std::to_string(place.line);
    }
  }
  while (!message.empty() && (message.back() == '.' || message.back() == '\n')) message.pop_back();
  return message + '.';
}

}  // namespace

bool ends_connection(int code) {
  switch (code) {
    case error_code::server_gone:
    case error_code::server_lost:
    case error_code::server_lost_in:
    case error_code::server_shutdown:
    case error_code::connection_killed:
    case error_code::session_killed:
    case error_code::idle_timeout:
    case error_code::network_read:
    case error_code::network_write:
      return true;
    default:
      return false;
  }
}

Error statement_error(const ServerError& error, const Situation& situation, std::string_view statement) {
  const Advice advice = advice_for(error, situation, statement);
  const std::string message = advice.problem.empty() ? "The statement failed on the " + situation.database + ": "
                                                     : "The " + situation.database + ' ' + advice.problem + ": ";
  Error result(advice.kind, message + in_words(error, situation.schema));
  std::string remedy = advice.remedy;
  if (error.code == error_code::syntax && sql::begins_with(statement, "DELIMITER")) {
    remedy =
        "DELIMITER is a command of the mysql client. Leave it out: bodies of triggers and routines need none here.";
  }
  result.with_remedy(remedy).with_native_code(error.code);
  const int offset = error.code == error_code::syntax ? offset_of(read_place(error.message), statement) : -1;
  return result.with_statement(std::string(statement), offset);
}

namespace {

std::string connection_remedy(const ServerError& error, const ConnectionTarget& target) {
  const std::string database = quote_name(target.database);
  switch (error.code) {
    case error_code::access_denied:
    case error_code::socket_denied:
      return std::string(
                 "Check the user and the password: in an option file that the URL names (?defaults-file=...), in the "
                 "environment (MYSQL_PWD) or, percent-encoded, in the URL.") +
             // MariaDB has no error of its own for it.
             (target.without_tls
                  ? " The server or the account may require TLS: replace ssl-mode=disabled with ssl-mode=required."
                  : "");
    case error_code::database_denied:
      return "As an administrator, run: GRANT ALL ON " + database + ".* TO " + target.user + ';';
    case error_code::unknown_database:
      return "Create it first: CREATE DATABASE " + database + " CHARACTER SET utf8mb4;";
    case error_code::too_many_connections:
      return "Close unused connections, or raise max_connections of the server.";
    case error_code::host_denied:
      return "Create an account for this host: CREATE USER '...'@'<host>'.";
    case error_code::host_blocked:
      return "As an administrator, run FLUSH HOSTS.";
    case error_code::password_expired:
    case error_code::password_must_change:
      return "Set a new password with another client: ALTER USER CURRENT_USER() IDENTIFIED BY '...'.";
    case error_code::account_locked:
      return "As an administrator, run ALTER USER ... ACCOUNT UNLOCK.";
    case error_code::tls_required:
      return "Add ssl-mode=required to the URL.";
    case error_code::tls_failed:
      return "Check the certificates that the URL names (ssl-ca, ssl-cert, ssl-key) and the server's; "
             "ssl-mode=disabled "
             "connects without TLS.";
    case error_code::plugin_missing:
      return "Install the plugin of MariaDB Connector/C for the account's kind of authentication, or name its "
             "directory "
             "in the URL (plugin-dir).";
    default:
      break;
  }
  if (!target.socket.empty()) {
    return "Check that the server is running. localhost means its Unix socket; add the socket's path to the URL "
           "(?socket=...), or write 127.0.0.1 or a port for TCP.";
  }
  return "Check that the server is running and that the host and port are right.";
}

}  // namespace

Error connection_error(const ServerError& error, const ConnectionTarget& target) {
  std::string problem = error.message;
  std::replace(problem.begin(), problem.end(), '\n', ' ');
  while (!problem.empty() && (problem.back() == '.' || problem.back() == ' ')) problem.pop_back();
  return Error(ErrorKind::connection, "The " + target.name + " cannot be reached: " + problem + '.')
      .with_remedy(connection_remedy(error, target))
      .with_native_code(error.code);
}

}  // namespace whimbrel::dialect::mysql
