#include <algorithm>
#include <string>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/guard/script_rules.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/statement_text.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Functions that a file calls may do what the role may. Can it do nothing beyond the database, which is its own?
constexpr const char* is_harmless_query =
    "SELECT NOT (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls) AND"
    " NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid) AND"
    " NOT EXISTS (SELECT FROM pg_catalog.pg_database d WHERE d.datdba = r.oid AND d.datname <> current_database())"
    " FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";

/// The routines that their owner, who loads the file, may call.
constexpr const char* callable_query =
    "SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc p WHERE p.proacl IS NULL AND p.proowner ="
    " (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) AND p.prokind IN ('f', 'p')";

class ScriptLoader {
 public:
  ScriptLoader(Connection& scratch, std::string_view script) : scratch_(scratch), script_(script) {}

  void load() {
    may_call_ = scratch_.run(is_harmless_query).values.at(0).at(0).integer() != 0;
    for (const ScriptPart& part : split_script(script_)) {
      try {
        if (part.is_command) {
          take_command(part.text);
        } else {
          take_statement(part.text);
        }
      } catch (const Error& error) {
        throw Error(error.kind(), "Line " + std::to_string(line_of(part.text)) + ": " + error.what())
            .with_remedy(error.remedy())
            .with_statement(error.statement(), error.statement_offset())
            .with_native_code(error.native_code());
      }
    }
  }

 private:
  [[nodiscard]] std::size_t line_of(std::string_view part) const {
    return 1 + static_cast<std::size_t>(std::count(script_.data(), part.data(), '\n'));
  }

  void take_statement(std::string_view statement) {
    switch (treatment_of(statement)) {
      case Treatment::run:
        return may_call_ ? run(statement) : run_without_calls(statement);
      case Treatment::leave_out:
        return;
      case Treatment::code:
        if (!may_call_) refuse_code(statement);
        return run(statement);
      case Treatment::refuse:
        throw Error(
            ErrorKind::unsafe,
            "The statement is refused: it is none that makes a schema, or it can reach beyond the scratch database.")
            .with_remedy(
                "A file that is compared makes a schema and nothing else: write it with pg_dump, of one database, and "
                "take such statements out.")
            .with_statement(std::string(statement));
    }
  }

  void run(std::string_view statement) {
    try {
      scratch_.run(statement);
    } catch (Error& error) {
      if (has_sqlstate(error, "42501")) error.with_remedy(may_call_ ? way_without_rights : way_to_call);
      throw;
    }
  }

  /// Defaults, checks, indexes and queries call functions while a schema is made. Of those that the file makes, not
  /// even their owner may call one. Whoever makes a trigger needs the right to, though nothing fires it: no rows are
  /// written.
  void run_without_calls(std::string_view statement) {
    const std::string function = trigger_function(statement);
    const auto let = [&](const std::string& what, const std::string& routine, const std::string& whom) {
      scratch_.run(what + " ON ROUTINE " + routine + whom);
    };
    if (!function.empty()) let("GRANT EXECUTE", function + "()", " TO CURRENT_USER");
    run(statement);
    if (!function.empty()) let("REVOKE ALL", function + "()", " FROM CURRENT_USER");
    if (!makes_routine(statement)) return;
    for (const std::vector<Value>& row : scratch_.run(callable_query).values) {
      let("REVOKE ALL", row.at(0).text(), " FROM PUBLIC, CURRENT_USER");
    }
  }

  void take_command(std::string_view command) {
    if (treatment_of_command(command) == Treatment::refuse) {
      throw Error(ErrorKind::unsafe, "The command of psql's is refused: only SQL is loaded.")
          .with_remedy("Write the SQL that it stands for into the file.")
          .with_statement(std::string(command));
    }
    const std::string_view database = connected_to(command);
    if (!database_.empty() && !database.empty() && database != database_) {
      throw Error(ErrorKind::usage, "The file makes more than one database.")
          .with_remedy("Write a file for each with pg_dump, and compare them one by one.")
          .with_statement(std::string(command));
    }
    if (!database.empty()) database_ = database;
  }

  [[noreturn]] static void refuse_code(std::string_view statement) {
    throw Error(ErrorKind::unsafe,
                "The statement is refused: it calls functions with the rights of a role that can reach beyond the "
                "scratch database.")
        .with_remedy(way_to_call)
        .with_statement(std::string(statement));
  }

  static constexpr const char* way_without_rights =
      "The file is run by a role of its own, which may make a schema and nothing else. What needs more, such as an "
      "extension that only a superuser may make, you can load yourself: make a database of the file with psql, and "
      "compare that.";
  static constexpr const char* way_to_call =
      "Take it out of the file; or name a database with --scratch whose role is a superuser or may create roles, so "
      "that "
      "the file gets a role that can reach nothing else, and can call functions.";

  Connection& scratch_;
  std::string_view script_;
  std::string_view database_;  ///< That psql would be connected to.
  bool may_call_ = false;
};

}  // namespace

void load_script(Connection& scratch, std::string_view script) {
  ScriptLoader(scratch, script).load();
  // A dump empties the path for the rest of the session.
  scratch.run("RESET search_path");
}

}  // namespace whimbrel::dialect::postgres
