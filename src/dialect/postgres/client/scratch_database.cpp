#include "dialect/postgres/client/scratch_database.h"

#include <libpq-fe.h>

#include <atomic>
#include <cstdio>
#include <random>

#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

constexpr const char* description = "PostgreSQL server on which a scratch database is created";

/// The name contains the connection that creates the database: its process and start time. The database is in use as
/// long as it lives.
constexpr const char* name_query =
    "SELECT 'whimbrel_scratch_' || pid || '_' || (extract(epoch FROM backend_start) * 1000000)::bigint"
    " FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()";

/// The comment on the created objects, which distinguishes them from others with such a name.
constexpr const char* mark = "created by whimbrel for verification, and dropped with the session that created it";

/// Finds objects with such a name and the comment whose session has ended.
std::string leftovers_query(const std::string& from, const std::string& catalogue, const std::string& name,
                            const std::string& is_ours) {
  return "SELECT c." + name + " FROM pg_catalog." + from + " c WHERE c." + name +
         " ~ '^whimbrel_scratch_[0-9]+_[0-9]+_[0-9]+$' AND " + is_ours + " AND shobj_description(c.oid, '" + catalogue +
         "') = " + sql::quote_string(mark, postgres_syntax) +
         " AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid::text = split_part(c." + name +
         ", '_', 3) AND (a.backend_start IS NULL OR (extract(epoch FROM a.backend_start) * 1000000)::bigint::text = "
         "split_part(c." +
         name + ", '_', 4)))";
}

/// Returns whether the role, or one that it is a member of, has privileges that no file should have.
constexpr const char* is_powerful_query =
    "SELECT 1 FROM pg_catalog.pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER') AND (r.rolsuper OR"
    " r.rolcreaterole OR r.rolreplication OR r.rolbypassrls OR r.rolname IN ('pg_execute_server_program',"
    " 'pg_read_server_files', 'pg_write_server_files')) LIMIT 1";

/// No limit of the server or the role may end a session that only waits.
constexpr const char* be_patient =
    "SELECT pg_catalog.set_config(name, CASE name WHEN 'client_min_messages' THEN 'error' ELSE '0' END, false)"
    " FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'transaction_timeout',"
    " 'idle_session_timeout', 'idle_in_transaction_session_timeout', 'client_connection_check_interval',"
    " 'client_min_messages')";

/// The advisory lock that represents the lifetime of a session.
std::string life_lock(const std::string& function, const std::string& process) {
  constexpr const char* locks_of_scratches = "1999128946";  // An arbitrary number that no other program uses.
  return "SELECT pg_catalog." + function + '(' + locks_of_scratches + ", " + process + ')';
}

/// A template cannot be dropped, and the owner of a database can make it one.
std::string make_droppable(const std::string& quoted_name) {
  return "ALTER DATABASE " + quoted_name + " IS_TEMPLATE false";
}

/// Returns the server's error; empty if there was none.
std::string problem_with(PGconn* connection, const std::string& statement) {
  const Result result(PQexec(connection, statement.c_str()));
  return PQresultStatus(result.get()) == PGRES_FATAL_ERROR ? read_error(result.get(), connection).message : "";
}

/// Returns whether a database or a role has this name.
bool is_there(PGconn* connection, const std::string& name) {
  const Result result(
      PQexec(connection,
             ("SELECT FROM pg_catalog.pg_database WHERE datname = " + sql::quote_string(name, postgres_syntax) +
              " UNION ALL SELECT FROM pg_catalog.pg_roles WHERE rolname = " + sql::quote_string(name, postgres_syntax))
                 .c_str()));
  return PQntuples(result.get()) > 0;
}

[[noreturn]] void refuse_powerful(const std::string& role, const std::string& why, const Error& error) {
  throw Error(ErrorKind::unsafe, "The file could reach outside its scratch database: the role \"" + role +
                                     "\" has privileges beyond creating a schema, and " + why + error.what())
      .with_remedy(
          "Pass --scratch with a database whose role may create databases, but is not a superuser and may not create "
          "roles; or connect by a host and port for which the server accepts passwords.");
}

std::string random_password() {
  std::random_device device;
  std::string password;
  for (int i = 0; i < 8; ++i) password += std::to_string(device());
  return password;
}

/// Creates a database like the connection's from template0, the only template that allows any encoding and locale.
std::string creation(PGconn* connection) {
  const int version = PQserverVersion(connection);
  const char* const locale = version >= 170000   ? "datlocprovider, datlocale, daticurules"
                             : version >= 160000 ? "datlocprovider, daticulocale, daticurules"
                             : version >= 150000 ? "datlocprovider, daticulocale, NULL"
                                                 : "NULL, NULL, NULL";
  const std::vector<std::string> row =
      rows_of(connection,
              std::string("SELECT pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype, ") + locale +
                  " FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()",
              description)
          .at(0);
  std::string text = " TEMPLATE template0 ENCODING " + sql::quote_string(row[0], postgres_syntax) + " LC_COLLATE " +
                     sql::quote_string(row[1], postgres_syntax) + " LC_CTYPE " +
                     sql::quote_string(row[2], postgres_syntax);
  if (row[3] == "c") text += " LOCALE_PROVIDER libc";
  if (row[3] == "i") text += " LOCALE_PROVIDER icu ICU_LOCALE " + sql::quote_string(row[4], postgres_syntax);
  if (row[3] == "b") text += " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + sql::quote_string(row[4], postgres_syntax);
  if (!row[5].empty()) text += " ICU_RULES " + sql::quote_string(row[5], postgres_syntax);
  return text;
}

}  // namespace

ScratchDatabase::ScratchDatabase(Handle maintenance, ScratchOwner owner) : maintenance_(std::move(maintenance)) {
  static std::atomic<int> count = 0;
  drop_leftovers();
  name_ = rows_of(maintenance_.get(), name_query, description).at(0).at(0) + '_' + std::to_string(++count);
  post_guardian();
  try {
    if (owner == ScratchOwner::confined_role) make_role();
    const std::string name = sql::quote_identifier(name_, postgres_syntax);
    command(maintenance_.get(),
            "CREATE DATABASE " + name + (password_.empty() ? "" : " OWNER " + name) + creation(maintenance_.get()),
            description);
    command(maintenance_.get(), "COMMENT ON DATABASE " + name + " IS " + sql::quote_string(mark, postgres_syntax),
            description);
  } catch (...) {
    drop();
    throw;
  }
}

ScratchDatabase::~ScratchDatabase() { drop(); }

/// The statements of the second session are sent before there is anything to drop. They are in a pipeline, because the
/// server stops a session whose client does not read its answers. The lock has its own transaction, because a database
/// cannot be dropped in one.
void ScratchDatabase::post_guardian() {
#ifdef LIBPQ_HAS_PIPELINING
  const std::string process = std::to_string(PQbackendPID(maintenance_.get()));
  // Behind a pooler, which may pass the session to another client, no session would own the lock.
  const std::string in_own_session = " WHERE pg_catalog.pg_backend_pid() = " + process;
  const std::vector<std::vector<std::string>> locked =
      rows_of(maintenance_.get(), life_lock("pg_try_advisory_lock", process) + in_own_session, description);
  if (locked.empty() || locked[0].at(0) != "t") return;
  static_cast<void>(rows_of(maintenance_.get(), be_patient, description));
  try {
    guardian_ = connect(destinations_of(maintenance_.get()));
    static_cast<void>(rows_of(guardian_.get(), be_patient, description));
  } catch (const Error&) {  // There may be no connection left; the next run drops what a killed program leaves behind.
    guardian_.reset();
    return;
  }
  const std::string name = sql::quote_identifier(name_, postgres_syntax);
  const bool can_force = PQserverVersion(guardian_.get()) >= 130000;
  const std::string end_sessions =
      can_force ? ""
                : "PERFORM pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = " +
                      sql::quote_string(name_, postgres_syntax) + "; ";
  // The database may not exist, and the first error would end the pipeline.
  const std::string attempt =
      "BEGIN " + make_droppable(name) + "; " + end_sessions + "EXCEPTION WHEN OTHERS THEN NULL; END";
  PQenterPipelineMode(guardian_.get());
  for (const std::string& statement :
       {std::string("BEGIN"), life_lock("pg_advisory_lock", process),
        "DO " + sql::quote_string(attempt, postgres_syntax), std::string("COMMIT"),
        "DROP DATABASE IF EXISTS " + name + (can_force ? " WITH (FORCE)" : ""), "DROP ROLE IF EXISTS " + name}) {
    PQsendQueryParams(guardian_.get(), statement.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0);
  }
  PQpipelineSync(guardian_.get());
  PQflush(guardian_.get());
#endif
}

void ScratchDatabase::make_role() {
  if (rows_of(maintenance_.get(), is_powerful_query, description).empty()) return;
  const std::string password = random_password();
  const std::string name = sql::quote_identifier(name_, postgres_syntax);
  try {
    command(maintenance_.get(),
            "CREATE ROLE " + name + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD " +
                sql::quote_string(password, postgres_syntax),
            description);
  } catch (const Error& error) {
    refuse_powerful(PQuser(maintenance_.get()), "it may not create a role without such privileges. ", error);
  }
  password_ = password;
  command(maintenance_.get(), "COMMENT ON ROLE " + name + " IS " + sql::quote_string(mark, postgres_syntax),
          description);
  // Only a member can make it the owner of an object, and drop that.
  command(maintenance_.get(), "GRANT " + name + " TO CURRENT_USER", description);
}

void ScratchDatabase::drop() {
  const auto try_to = [&](const std::string& statement) { return problem_with(maintenance_.get(), statement); };
#ifdef LIBPQ_HAS_PIPELINING
  if (guardian_) {
    static_cast<void>(try_to("SELECT pg_catalog.pg_advisory_unlock_all()"));
    bool is_over = PQstatus(maintenance_.get()) != CONNECTION_OK;
    while (!is_over && PQstatus(guardian_.get()) == CONNECTION_OK) {
      const Result result(PQgetResult(guardian_.get()));
      is_over = PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
    }
  }
#endif
  const std::string name = sql::quote_identifier(name_, postgres_syntax);
  static_cast<void>(try_to("SET client_min_messages = error"));
  static_cast<void>(try_to(make_droppable(name)));
  std::string problem = try_to("DROP DATABASE IF EXISTS " + name);
  if (!password_.empty()) {
    const std::string of_role = try_to("DROP ROLE IF EXISTS " + name);
    if (problem.empty()) problem = of_role;
  }
  // If the connection is lost, the guardian does it.
  if (problem.empty() || !is_there(maintenance_.get(), name_)) return;
  // A destructor cannot throw, but leftovers on a server must be reported.
  std::fprintf(stderr, "warning: %s remains on the server; the next run drops it if possible: %s\n", name.c_str(),
               problem.c_str());
}

void ScratchDatabase::drop_leftovers() {
  const std::string databases =
      leftovers_query("pg_database", "pg_database", "datname", "pg_has_role(c.datdba, 'MEMBER')");
  for (const std::vector<std::string>& row : rows_of(maintenance_.get(), databases, description)) {
    const std::string name = sql::quote_identifier(row[0], postgres_syntax);
    static_cast<void>(problem_with(maintenance_.get(), make_droppable(name)));
    static_cast<void>(problem_with(maintenance_.get(), "DROP DATABASE " + name));
  }
  const std::string roles = leftovers_query("pg_roles", "pg_authid", "rolname", "pg_has_role(c.oid, 'MEMBER')");
  for (const std::vector<std::string>& row : rows_of(maintenance_.get(), roles, description)) {
    static_cast<void>(problem_with(maintenance_.get(), "DROP ROLE " + sql::quote_identifier(row[0], postgres_syntax)));
  }
}

Handle ScratchDatabase::connect_to_it() const {
  Destinations destinations = destinations_of(maintenance_.get());
  destinations.set("dbname", name_);
  if (password_.empty()) return connect(destinations);
  destinations.set("user", name_);
  destinations.set("password", password_);
  try {
    return connect(destinations);
  } catch (const Error& error) {
    refuse_powerful(PQuser(maintenance_.get()),
                    "the server does not let the role connect that was created to run it without such privileges. ",
                    error);
  }
}

}  // namespace whimbrel::dialect::postgres
