#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/guard/script_rules.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/statement_text.h"
#include "dialect/postgres/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Functions that a file calls run with the role's privileges. Returns whether these are limited to the database, which
/// the role owns.
constexpr const char* is_harmless_query =
    "SELECT NOT (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls) AND"
    " NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid) AND"
    " NOT EXISTS (SELECT FROM pg_catalog.pg_database d WHERE d.datdba = r.oid AND d.datname <> current_database())"
    " FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";

/// Returns functions that a role may call even if it may not call those of the file: the server's and the extensions'.
/// Among these, volatile functions have effects, and those with such names execute queries. Harmless functions, about
/// numbers, times, sizes and statistics, are excluded. No name in the query depends on the search path, which the file
/// may have set.
constexpr const char* reaching_query = R"sql(
SELECT DISTINCT p.proname::pg_catalog.text FROM pg_catalog.pg_proc p
WHERE (p.provolatile OPERATOR(pg_catalog.=) 'v'::pg_catalog."char"
       OR p.proname OPERATOR(pg_catalog.~) '_to_xml'::pg_catalog.text)
      AND p.prorettype OPERATOR(pg_catalog.<>) 'pg_catalog.trigger'::pg_catalog.regtype
      AND NOT 'pg_catalog.internal'::pg_catalog.regtype OPERATOR(pg_catalog.=) ANY (p.proargtypes)
      AND p.proowner OPERATOR(pg_catalog.<>) (SELECT r.oid FROM pg_catalog.pg_roles r
                                              WHERE r.rolname OPERATOR(pg_catalog.=) current_user)
      AND p.proname OPERATOR(pg_catalog.!~) (
          '^(random.*|gen_(random|salt).*|uuid_?(generate_)?v.*|clock_timestamp|timeofday|nextval|currval|lastval|'
          'current_query|txid_.*|.*_size|pg_stat_get_.*|pg_partition_.*|pg_is_in_recovery)$')::pg_catalog.text
)sql";

/// Returns a row if the function can be only a trigger function, which cannot be called.
std::string trigger_function_query(const std::string& function) {
  return "SELECT 1 FROM pg_catalog.pg_proc p WHERE p.oid OPERATOR(pg_catalog.=) pg_catalog.to_regprocedure(" +
         sql::quote_string(function + "()", postgres_syntax) +
         ") AND p.prorettype OPERATOR(pg_catalog.=) 'pg_catalog.trigger'::pg_catalog.regtype";
}

/// The routines that their owner, who loads the file, may call.
constexpr const char* callable_query = R"sql(
SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text FROM pg_catalog.pg_proc p
WHERE p.proacl IS NULL
      AND (p.prokind OPERATOR(pg_catalog.=) 'f'::pg_catalog."char" OR
           p.prokind OPERATOR(pg_catalog.=) 'p'::pg_catalog."char")
      AND p.proowner OPERATOR(pg_catalog.=) (SELECT r.oid FROM pg_catalog.pg_roles r
                                             WHERE r.rolname OPERATOR(pg_catalog.=) current_user)
)sql";

class ScriptLoader {
 public:
  /// The session is used only for the file: its settings and open transaction end with it.
  ScriptLoader(Connection& session, std::string_view script, ScriptContent content)
      : session_(session), script_(script), content_(content) {}

  void load() {
    may_call_ = is_confined(session_);
    if (!may_call_ && content_ == ScriptContent::schema_and_privileges) refuse_privileges();
    if (!may_call_) find_reaching();
    load_parts();
    if (session_.is_transaction_active()) {
      throw at_line(
          line_of(script_.substr(script_.size())),
          Error(ErrorKind::usage, "The file begins a transaction and does not end it.").with_remedy("Add the COMMIT."));
    }
  }

 private:
  void load_parts() {
    for (const ScriptPart& part : split_script(script_)) {
      try {
        if (part.is_command) {
          take_command(part.text);
        } else {
          take_statement(part.text);
        }
      } catch (const Error& error) {
        throw at_line(line_of(part.text), error);
      }
    }
  }

  void find_reaching() {
    reaching_.clear();
    for (const std::vector<Value>& row : session_.run(reaching_query).values) reaching_.insert(row.at(0).text());
  }

  [[nodiscard]] std::size_t line_of(std::string_view part) const {
    return 1 + static_cast<std::size_t>(std::count(script_.data(), part.data(), '\n'));
  }

  void take_statement(std::string_view statement) {
    switch (treatment_of(statement)) {
      case Treatment::run:
        return may_call_ ? run(without_rows(statement)) : run_without_calls(statement);
      case Treatment::session:
        return run_setting(statement);
      case Treatment::privilege:
        if (content_ == ScriptContent::schema_and_privileges) run(statement);
        return;
      case Treatment::leave_out:
        return;
      case Treatment::code:
        if (!may_call_) refuse_code(statement, "it calls functions, or changes how SQL is parsed, with");
        return run(statement);
      case Treatment::refuse:
        throw Error(
            ErrorKind::unsafe,
            "The statement is refused: it does not create a schema, or it can reach outside the scratch database.")
            .with_remedy(
                "A compared file must only create a schema: write it with pg_dump, from a single database, and remove "
                "such statements.")
            .with_statement(std::string(statement));
    }
  }

  void run(std::string_view statement) {
    try {
      session_.run(statement);
    } catch (Error& error) {
      if (has_sqlstate(error, "42501")) error.with_remedy(may_call_ ? way_without_rights : way_to_call);
      throw;
    }
  }

  /// Ignores time limits that a newer version of pg_dump sets, but this server does not have. They do not affect the
  /// schema.
  void run_setting(std::string_view statement) {
    const bool is_over = !session_.is_transaction_active() && sets_time_limit(statement);
    try {
      run(statement);
    } catch (const Error& error) {
      if (!is_over || !has_sqlstate(error, "42704")) throw;
    }
  }

  /// While a schema is created, bounds of partitions, defaults of new columns, check constraints of domains and parts
  /// of indexes are evaluated, and operators, aggregates and views call their functions. A function can be called only
  /// if a statement names it. Creating a trigger requires the privilege to call its function, although it never fires,
  /// because no rows are written.
  void run_without_calls(std::string_view statement) {
    const std::string_view reaching = named_of(statement, reaching_);
    if (!reaching.empty()) refuse_code(statement, "it names " + std::string(reaching) + ", and would use");
    const std::string function = trigger_function(statement);
    const bool is_trigger = !function.empty() && !session_.run(trigger_function_query(function)).values.empty();
    if (is_trigger) session_.run("GRANT EXECUTE ON ROUTINE " + function + "() TO CURRENT_USER");
    run(without_rows(statement));
    if (is_trigger) session_.run("REVOKE ALL ON ROUTINE " + function + "() FROM CURRENT_USER");
    if (changes_extension(statement)) find_reaching();
    if (makes_routine(statement) || changes_extension(statement)) forbid_calls();
  }

  /// Not even the owner may call the functions that a file creates.
  void forbid_calls() {
    for (const std::vector<Value>& row : session_.run(callable_query).values) {
      session_.run("REVOKE ALL ON ROUTINE " + row.at(0).text() + " FROM PUBLIC, CURRENT_USER");
    }
  }

  void take_command(std::string_view command) {
    if (treatment_of_command(command) == Treatment::refuse) {
      throw Error(ErrorKind::unsafe, "The psql command is refused: only SQL is loaded.")
          .with_remedy("Replace it by SQL in the file.")
          .with_statement(std::string(command));
    }
    const std::string_view database = connected_to(command);
    if (!database_.empty() && !database.empty() && database != database_) {
      throw Error(ErrorKind::usage, "The file creates more than one database.")
          .with_remedy("Write a file for each of them with pg_dump, and compare them one by one.")
          .with_statement(std::string(command));
    }
    if (!database.empty()) database_ = database;
  }

  [[noreturn]] static void refuse_code(std::string_view statement, const std::string& why) {
    throw Error(ErrorKind::unsafe, "The statement is refused: " + why +
                                       " the privileges of a role that can reach outside the scratch database.")
        .with_remedy(way_to_call)
        .with_statement(std::string(statement));
  }

  /// A role that could reach outside may not call the functions of the file, so it takes privileges on them away, and a
  /// file must not return them.
  [[noreturn]] static void refuse_privileges() {
    throw Error(ErrorKind::unsafe,
                "The privileges in the file cannot be read with a role that can reach outside the "
                "scratch database.")
        .with_remedy(
            "Pass --scratch with a database whose role is a superuser or may create roles, so that the file gets a "
            "role that can reach nothing else; or create a database from the file, and compare that.");
  }

  static constexpr const char* way_without_rights =
      "The file is run by a separate role, which may only create a schema. If the file needs more, such as an "
      "extension "
      "that only a superuser may create, load it yourself: create a database from the file with psql, and compare "
      "that.";
  static constexpr const char* way_to_call =
      "Remove it from the file; or pass --scratch with a database whose role is a superuser or may create roles, so "
      "that the file gets a role that can reach nothing else, and can call functions.";

  Connection& session_;
  std::string_view script_;
  ScriptContent content_;
  std::string_view database_;  ///< The database to which psql would be connected.
  bool may_call_ = false;
  std::set<std::string> reaching_;  ///< The names of functions with effects beyond their result.
};

}  // namespace

bool is_confined(Connection& scratch) { return scratch.run(is_harmless_query).values.at(0).at(0).integer() != 0; }

void load_script(Connection& scratch, std::string_view script, ScriptContent content) {
  const std::unique_ptr<Connection> session = scratch.open_again();
  ScriptLoader(*session, script, content).load();
}

}  // namespace whimbrel::dialect::postgres
