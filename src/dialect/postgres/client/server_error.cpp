#include "dialect/postgres/client/server_error.h"

#include <algorithm>

#include "dialect/postgres/generate/conversion.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/statement_text.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// The meaning of an error for a user.
struct Advice {
  ErrorKind kind = ErrorKind::statement;
  std::string problem{};  ///< Empty: the server's message contains the problem.
  std::string remedy{};
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string trim(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n.");
  return std::string(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

/// Returns the names of the affected objects that the message does not contain.
std::string unmentioned_names(const ServerError& error) {
  std::string names;
  const auto add = [&](std::string_view kind, const std::string& name) {
    if (name.empty() || contains(error.message, '"' + name + '"')) return;
    names += (names.empty() ? "" : ", ") + std::string(kind) + ' ' + sql::quote_identifier(name, postgres_syntax);
  };
  add("table", error.table);
  add("column", error.column);
  add("constraint", error.constraint);
  if (!names.empty()) add("schema", error.schema);
  return names.empty() ? names : " (" + names + ')';
}

/// For a value that cannot be converted, the server reports only the value.
std::string unmentioned_columns(const ServerError& error, std::string_view statement) {
  std::string names;
  if (error.sqlstate.starts_with("22") && error.column.empty()) {
    for (const std::string& column : converted_columns(statement)) names += (names.empty() ? "" : " or ") + column;
  }
  return names.empty() ? names : " (column " + names + ')';
}

std::string in_words(const ServerError& error, std::string_view statement) {
  std::string text = trim(error.message) + unmentioned_names(error) + unmentioned_columns(error, statement);
  if (!error.detail.empty()) text += ". " + trim(error.detail);
  if (!error.context.empty()) text += ". Context: " + trim(error.context);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text + '.';
}

/// Returns the privilege that a statement of this kind needs on the objects that it names.
std::string needed_right(std::string_view statement, std::string_view message) {
  if (contains(message, "schema")) return sql::begins_with(statement, "CREATE") ? "USAGE, CREATE" : "USAGE";
  for (const std::string_view right : {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"}) {
    if (sql::begins_with(statement, right)) return std::string(right);
  }
  return "ALL";
}

// The server reports the privilege only in its message, in its language. If that is not English, the remedy is general.
std::string rights_remedy(const ServerError& error, const Situation& situation, std::string_view statement) {
  const std::string role = sql::quote_identifier(situation.role, postgres_syntax);
  constexpr std::string_view denied = "permission denied for ";
  if (contains(error.message, "must be owner of")) {
    return "Run the migration as the owner or a member of the owning role, or make " + role +
           " the owner (ALTER … OWNER TO).";
  }
  if (contains(error.message, "permission denied to create database")) {
    return "As a superuser, run: ALTER ROLE " + role + " CREATEDB;";
  }
  if (error.message.compare(0, denied.size(), denied) != 0) {
    return "Role " + role + " lacks this privilege. Grant it, or connect as a role that has it.";
  }
  const std::string object = error.message.substr(denied.size());
  std::string remedy =
      "As its owner, run: GRANT " + needed_right(statement, object) + " ON " + object + " TO " + role + ';';
  if (object == "schema public" && sql::begins_with(statement, "CREATE")) {
    remedy += " Since PostgreSQL 15, only the owner of a database may create objects in its schema public.";
  }
  return remedy;
}

Advice read_only_advice(const Situation& situation) {
  if (situation.is_read_only) return {ErrorKind::connection, "was opened read-only", ""};
  if (situation.is_replica) {
    return {ErrorKind::connection, "cannot be written: the server is a replica",
            "Use the URL of the primary; or several hosts, and target_session_attrs=read-write."};
  }
  return {
      ErrorKind::connection, "cannot be written",
      "The transactions of this role or database are read-only by default (default_transaction_read_only), or the "
      "server is a replica. Set it to off for the role, or add options=-c%20default_transaction_read_only=off to the "
      "URL."};
}

Advice lock_advice(const Situation& situation) {
  Advice advice{ErrorKind::busy, "timed out waiting for a lock (lock_timeout)",
                "Retry when the transaction that holds the lock has ended, or raise DataSourceOptions::busy_timeout."};
  if (!situation.wait.empty()) advice.problem += " on " + situation.wait;
  if (!situation.prepared.empty()) {
    const std::string name = sql::quote_string(situation.prepared, postgres_syntax);
    advice.remedy = "A prepared transaction holds the lock until it is ended with COMMIT PREPARED " + name +
                    " or ROLLBACK PREPARED " + name + " (listed in pg_prepared_xacts).";
  }
  return advice;
}

Advice loss_advice(std::string_view statement) {
  const bool is_commit = sql::begins_with(statement, "COMMIT") || sql::begins_with(statement, "END");
  return {ErrorKind::connection, "ended the connection",
          is_commit ? "It is unknown whether the transaction committed. Check `status` before you run it again."
                    : "Uncommitted changes are rolled back. Run it again when the server is reachable."};
}

Advice cancel_advice(const Situation& situation) {
  if (situation.is_interrupted) return {ErrorKind::interrupted, "canceled the statement on request", ""};
  return {ErrorKind::statement,
          {},
          "If it reached the time limit, raise statement_timeout for the role, or for one run in the URL "
          "(options=-c%20statement_timeout=0). If it was canceled by a user, run it again."};
}

/// Shutdowns, dropped databases, and the time limits for idle sessions.
bool ends_connection(const std::string& code) { return code.compare(0, 4, "57P0") == 0 || code == "25P03"; }

/// Decides by the class of the code, its first two characters, or by the whole code.
Advice advice_for(const ServerError& error, const Situation& situation, std::string_view statement) {
  const std::string& code = error.sqlstate;
  const std::string_view code_class = std::string_view(code).substr(0, 2);
  if (code == "57014") return cancel_advice(situation);
  if (situation.is_lost || code_class == "08" || ends_connection(code)) return loss_advice(statement);
  if (code == "55P03") return lock_advice(situation);
  if (code == "25006") return read_only_advice(situation);
  if (code == "42501") return {ErrorKind::statement, {}, rights_remedy(error, situation, statement)};
  if (code == "40P01" || code == "40001") {
    return {
        ErrorKind::busy,
        {},
        "The transaction was rolled back because it conflicted with another one (deadlock or serialization failure). "
        "Run it again."};
  }
  if (code == "55006") return {ErrorKind::busy, {}, "Run it again when no other session is using the object."};
  if (code == "53100") {
    return {ErrorKind::connection, "cannot grow: the disk of the server is full",
            "Free space and run it again; uncommitted changes are rolled back."};
  }
  if (code == "53200") {
    return {ErrorKind::connection, "ran out of memory",
            "If the lock table is full, use --transaction each: a transaction can lock only a limited number of "
            "tables."};
  }
  if (code == "58030") return {ErrorKind::connection, "cannot be read or written", "Check the disk of the server."};
  if (code == "XX001" || code == "XX002") {
    return {ErrorKind::connection, "is damaged", "Restore the database from a backup."};
  }
  if (code_class == "22" && !converted_columns(statement).empty()) {
    return {ErrorKind::statement,
            {},
            "No value was converted. In an earlier migration, correct or delete the rows that do not convert, or write "
            "the conversion by hand: ALTER COLUMN ... TYPE ... USING."};
  }
  if (code == "3F000") {
    return {ErrorKind::statement, {}, "Create the schema, or set search_path to an existing one."};
  }
  return {};
}

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? first + second : first + ' ' + second;
}

}  // namespace

Error statement_error(const ServerError& error, const Situation& situation, std::string_view statement) {
  const bool is_aborted = error.sqlstate == "25P02" && !situation.first_failure.empty();
  const Advice advice = advice_for(error, situation, statement);
  std::string message = advice.problem.empty() ? "The statement failed on the " + situation.database + ": "
                                               : "The " + situation.database + ' ' + advice.problem + ": ";
  message += is_aborted ? "an earlier error has ended the transaction. " + situation.first_failure
                        : in_words(error, statement);

  std::string hint = trim(error.hint);
  if (!hint.empty()) hint += '.';
  Error result(advice.kind, message);
  result.with_remedy(is_aborted ? "Do not catch the error of a statement inside a transaction unless the statement "
                                  "runs under a savepoint."
                                : joined(hint, advice.remedy));
  result.with_native_code(pack_sqlstate(error.sqlstate));
  const int place = error.position == 0 ? -1 : byte_of_character(statement, error.position);
  return result.with_statement(std::string(statement), place);
}

namespace {

std::string connection_remedy(const ServerError& error, const Destination& destination) {
  const std::string& code = error.sqlstate;
  const std::string role = sql::quote_identifier(destination.role, postgres_syntax);
  const std::string database = sql::quote_identifier(destination.database, postgres_syntax);
  if (destination.lacks_password || code == "28P01") {
    return "Set the password of role " + role +
           " in the file ~/.pgpass, in the environment (PGPASSWORD) or, percent-encoded, in the URL.";
  }
  if (code == "28000") {
    return "Check that role " + role + " exists and has LOGIN, and that pg_hba.conf allows the connection.";
  }
  if (code == "3D000") return "Create it first: createdb " + database + ", or CREATE DATABASE " + database + ";";
  if (code == "42501") return "As its owner, run: GRANT CONNECT ON DATABASE " + database + " TO " + role + ';';
  if (code == "53300")
    return "Close unused connections, or raise the connection limit of the server, database or role.";
  if (code == "57P03") return "Try again in a moment.";
  return "Check that the server is running and that the host and port are right. What the URL omits comes from the "
         "environment (PGHOST, PGPORT, PGSERVICE).";
}

/// Returns the lines of libpq's message as one. It indents hints, such as whether the server is running.
std::string problem_of(std::string_view message) {
  std::string problem;
  while (!message.empty()) {
    const std::string_view line = message.substr(0, message.find('\n'));
    message.remove_prefix(std::min(line.size() + 1, message.size()));
    if (!line.starts_with('\t')) problem += (problem.empty() ? "" : "; ") + std::string(line);
  }
  return problem;
}

}  // namespace

Error connection_error(const ServerError& error, const Destination& destination) {
  const std::string problem = problem_of(trim(error.message));
  return Error(ErrorKind::connection, "The " + destination.name + " cannot be reached: " + problem + '.')
      .with_remedy(connection_remedy(error, destination))
      .with_native_code(pack_sqlstate(error.sqlstate));
}

std::string find_sqlstate(std::string_view verbose_message) {
  const auto is_code = [](std::string_view text) {
    return text.size() == 5 && std::all_of(text.begin(), text.end(),
                                           [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
  };
  for (std::size_t place = 0; (place = verbose_message.find(":  ", place)) != std::string_view::npos; ++place) {
    const std::string_view code = verbose_message.substr(place + 3, 5);
    if (is_code(code) && verbose_message.substr(place + 8, 1) == ":") return std::string(code);
  }
  return {};
}

}  // namespace whimbrel::dialect::postgres
