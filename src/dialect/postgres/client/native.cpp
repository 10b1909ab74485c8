#include "dialect/postgres/client/native.h"

#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "dialect/postgres/text/sqlstate.h"
#include "dialect/url.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

using Clock = std::chrono::steady_clock;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

Destinations read_options(const PQconninfoOption* options) {
  Destinations result;
  for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0') result.set(option->keyword, option->val);
  }
  return result;
}

bool begins_with_scheme(const std::string& url) {
  const auto begins = [&](std::string_view scheme) {
    return sql::equal_ignoring_case(std::string_view(url).substr(0, scheme.size()), scheme);
  };
  return begins("postgresql://") || begins("postgres://");
}

/// Returns libpq's failure with the code of the server's error. libpq has the code only in a verbose message, for which
/// it must connect again. That is not done if connecting took long, because then no server answered.
ServerError read_failure(PGconn* connection, Clock::duration took) {
  ServerError error;
  error.message = text_or_empty(PQerrorMessage(connection));
  if (took > std::chrono::seconds(2)) return error;
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
  PQreset(connection);
  error.sqlstate = find_sqlstate(text_or_empty(PQerrorMessage(connection)));
  PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
  return error;
}

/// An unescaped @ makes a part of the password the name of a host or a database, which messages contain.
void refuse_raw_at(const Destinations& destinations, const std::string& url) {
  for (std::size_t i = 0; i < destinations.keywords.size(); ++i) {
    const bool is_host = destinations.keywords[i] == "host" && destinations.values[i].find_first_of("/@") != 0;
    if (!is_host && destinations.keywords[i] != "dbname") continue;
    if (destinations.values[i].find('@') == std::string::npos) continue;
    throw Error(ErrorKind::usage, "The database URL \"" + without_password(url) +
                                      "\" has another @ after the one that ends the user's name and password.")
        .with_remedy("Write %40 for an @ in a name or a password, %2F for a slash.");
  }
}

void drop_notice(void*, const PGresult*) {}

void require_connected(PGconn* connection, Clock::time_point start) {
  if (PQstatus(connection) == CONNECTION_OK) return;
  const ServerError error = read_failure(connection, Clock::now() - start);
  if (PQstatus(connection) == CONNECTION_OK) return;
  throw connection_error(error, {describe(connection), text_or_empty(PQdb(connection)),
                                 text_or_empty(PQuser(connection)), PQconnectionNeedsPassword(connection) != 0});
}

}  // namespace

void Finish::operator()(pg_conn* connection) const {
  if (owned) PQfinish(connection);
}

void Clear::operator()(pg_result* result) const { PQclear(result); }

void Destinations::set(const std::string& keyword, const std::string& value) {
  const auto found = std::find(keywords.begin(), keywords.end(), keyword);
  if (found != keywords.end()) {
    values[static_cast<std::size_t>(found - keywords.begin())] = value;
    return;
  }
  keywords.push_back(keyword);
  values.push_back(value);
}

// libpq's message about a URL may contain the password, so it is not repeated.
Destinations read_url(const std::string& url) {
  if (!begins_with_scheme(url)) {
    throw Error(ErrorKind::usage, "The database URL \"" + without_password(url) + "\" is not a PostgreSQL URL.")
        .with_remedy("Write two slashes after the scheme: postgresql://user@host:5432/database.");
  }
  std::string lower = url;
  for (std::size_t i = 0; lower[i] != ':'; ++i) lower[i] = static_cast<char>(lower[i] | 0x20);
  char* problem = nullptr;
  const Options options(PQconninfoParse(lower.c_str(), &problem));
  PQfreemem(problem);
  if (options) {
    Destinations destinations = read_options(options.get());
    refuse_raw_at(destinations, url);
    return destinations;
  }
  throw Error(ErrorKind::usage, "The database URL \"" + without_password(url) + "\" cannot be parsed.")
      .with_remedy(
          "Use postgresql://user:password@host:port/database?parameter=value. Percent-encode special characters (%40 "
          "for @, %25 for %); parameters are libpq's.");
}

Destinations destinations_of(pg_conn* connection) {
  const Options options(PQconninfo(connection));
  return read_options(options.get());
}

Handle connect(const Destinations& destinations) {
  // Later values take precedence, so this program name is only a default.
  std::vector<const char*> keywords{"fallback_application_name"};
  std::vector<const char*> values{"whimbrel"};
  for (std::size_t i = 0; i < destinations.keywords.size(); ++i) {
    keywords.push_back(destinations.keywords[i].c_str());
    values.push_back(destinations.values[i].c_str());
  }
  keywords.insert(keywords.end(), {"client_encoding", nullptr});
  values.insert(values.end(), {"UTF8", nullptr});

  const auto start = Clock::now();
  Handle handle(PQconnectdbParams(keywords.data(), values.data(), 0));
  if (handle == nullptr) throw Error(ErrorKind::connection, "Out of memory for a connection.");
  require_connected(handle.get(), start);
  PQsetNoticeReceiver(handle.get(), drop_notice, nullptr);
  if (PQserverVersion(handle.get()) >= 120000) return handle;
  throw Error(ErrorKind::connection, "The server of the " + describe(handle.get()) + " is PostgreSQL " +
                                         text_or_empty(PQparameterStatus(handle.get(), "server_version")) + '.')
      .with_remedy("whimbrel needs PostgreSQL 12 or later.");
}

void reconnect(pg_conn* connection) {
  const auto start = Clock::now();
  PQreset(connection);
  require_connected(connection, start);
}

void command(pg_conn* connection, const std::string& sql, const std::string& database) {
  const Result result(PQexec(connection, sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
  Situation situation{database, text_or_empty(PQuser(connection))};
  situation.is_lost = PQstatus(connection) != CONNECTION_OK;
  throw statement_error(read_error(result.get(), connection), situation, sql);
}

std::vector<std::vector<std::string>> rows_of(pg_conn* connection, const std::string& sql,
                                              const std::string& database) {
  const Result result(PQexec(connection, sql.c_str()));
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) {
    throw statement_error(read_error(result.get(), connection), {database, text_or_empty(PQuser(connection))}, sql);
  }
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < PQntuples(result.get()); ++i) {
    std::vector<std::string>& row = rows.emplace_back();
    for (int j = 0; j < PQnfields(result.get()); ++j) row.emplace_back(PQgetvalue(result.get(), i, j));
  }
  return rows;
}

std::string describe(const pg_conn* connection) {
  std::string text = "PostgreSQL database \"" + text_or_empty(PQdb(connection)) + '"';
  const std::string host = text_or_empty(PQhost(connection));
  const std::string port = text_or_empty(PQport(connection));
  const bool is_socket = host.empty() || host.front() == '/' || host.front() == '@';
  if (!is_socket) text += " on " + host;
  if (port.empty() || port == "5432") return text;
  return text + (is_socket ? " on port " : ":") + port;
}

ServerError read_error(const pg_result* result, const pg_conn* connection) {
  const auto field = [&](int code) { return text_or_empty(PQresultErrorField(result, code)); };
  ServerError error;
  error.sqlstate = field(PG_DIAG_SQLSTATE);
  error.message = field(PG_DIAG_MESSAGE_PRIMARY);
  if (error.message.empty()) error.message = text_or_empty(PQresultErrorMessage(result));
  if (error.message.empty()) error.message = text_or_empty(PQerrorMessage(connection));
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

namespace {

// A prepared transaction and its locks have no process. Its locks are found through the lock that each transaction has
// on its own number. https://www.postgresql.org/docs/current/view-pg-locks.html
constexpr const char* blocker_query = R"sql(
SELECT coalesce('"' || n.nspname || '"."' || c.relname || '"', w.locktype), w.mode, b.pid, a.usename, a.application_name,
       a.state, (SELECT min(p.gid) FROM pg_catalog.pg_locks h
                 JOIN pg_catalog.pg_locks t ON t.virtualtransaction = h.virtualtransaction AND t.pid IS NULL
                 JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = t.transactionid
                 WHERE h.granted AND h.pid IS NULL AND (h.locktype, h.database, h.relation, h.page, h.tuple, h.virtualxid,
                       h.transactionid, h.classid, h.objid, h.objsubid) IS NOT DISTINCT FROM (w.locktype, w.database,
                       w.relation, w.page, w.tuple, w.virtualxid, w.transactionid, w.classid, w.objid, w.objsubid))
FROM pg_catalog.pg_locks w
LEFT JOIN pg_catalog.pg_class c ON c.oid = w.relation
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (SELECT min(pid) AS pid FROM unnest(pg_catalog.pg_blocking_pids(w.pid)) AS u(pid)) b ON true
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
WHERE NOT w.granted AND w.pid = )sql";

}  // namespace

void find_blocker(pg_conn* waiting, Situation& situation) {
  Destinations destinations = destinations_of(waiting);
  destinations.set("connect_timeout", "2");
  std::vector<std::vector<std::string>> rows;
  try {
    const Handle handle = connect(destinations);
    rows = rows_of(handle.get(), blocker_query + std::to_string(PQbackendPID(waiting)), situation.database);
  } catch (const Error&) {
    return;
  }
  if (rows.empty()) return;
  const std::vector<std::string>& row = rows.front();
  situation.prepared = row[6];
  situation.wait = row[0] + " (" + row[1] + ")";
  if (!row[6].empty()) {
    situation.wait += ", held by the prepared transaction '" + row[6] + '\'';
  } else if (!row[2].empty()) {
    situation.wait += ", held by process " + row[2];
    std::string who;
    for (std::size_t i = 3; i < 6; ++i) who += row[i].empty() ? "" : (who.empty() ? "" : ", ") + row[i];
    if (!who.empty()) situation.wait += " (" + who + ')';
  }
}

}  // namespace whimbrel::dialect::postgres
