#include <algorithm>
#include <memory>
#include <string>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/session_settings.h"
#include "dialect/mysql/text/statement_text.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// The scratch database was opened as a confined one: its user has no privileges outside it. The rules only leave out
/// what a dump contains besides the schema, and explain what the server would refuse.
class ScriptLoader {
 public:
  /// The session is used only for the file: its settings and open transaction end with it.
  ScriptLoader(Connection& session, std::string_view script) : session_(session), script_(script) {}

  void load() {
    begin_as_a_shell();
    // Tables may come before those that they reference.
    session_.run("SET foreign_key_checks = 0");
    for (const std::string_view statement : split_script(script_)) {
      try {
        take(statement);
      } catch (const Error& error) {
        throw at_line(line_of(statement), error);
      }
    }
    if (session_.is_transaction_active()) session_.run("ROLLBACK");
  }

 private:
  /// A file that sets neither gives its programs the server's modes, and its events the server's zone.
  void begin_as_a_shell() {
    const std::string modes = session_.run("SELECT @@GLOBAL.sql_mode").values.at(0).at(0).text();
    session_.run("SET sql_mode = " + sql::quote_string(readable_modes(modes), mysql_syntax) + ", " + server_time_zone);
  }

  [[nodiscard]] std::size_t line_of(std::string_view statement) const {
    return 1 + static_cast<std::size_t>(std::count(script_.data(), statement.data(), '\n'));
  }

  void take(std::string_view statement) {
    require_one_database(statement);
    switch (treatment_of(statement)) {
      case Treatment::run:
      case Treatment::session:
        return run(statement);
      case Treatment::rows:
      case Treatment::leave_out:
        return;
      case Treatment::refuse:
        throw Error(
            ErrorKind::unsafe,
            "The statement is refused: it does not create a schema, or it can reach outside the scratch database.")
            .with_remedy(
                "A compared file must only create a schema: write it with mariadb-dump --no-data or mysqldump "
                "--no-data, from a single database, and remove such statements.")
            .with_statement(std::string(statement));
    }
  }

  void run(std::string_view statement) {
    const bool ignores_directories = may_name_directory(statement);
    if (ignores_directories) {
      // In a strict mode the server would refuse them.
      session_.run(
          "SET @whimbrel_modes = @@SESSION.sql_mode, SESSION sql_mode = CONCAT_WS(',', REPLACE(REPLACE("
          "@@SESSION.sql_mode, 'STRICT_TRANS_TABLES', ''), 'STRICT_ALL_TABLES', ''), 'NO_DIR_IN_CREATE')");
    }
    try {
      session_.run(without_definer(statement));
    } catch (Error& error) {
      if (error_code::is_denied(error)) {
        error.with_remedy(
            "The file is run by a user that may only create a schema in a scratch database. Remove the name of the "
            "other database; or create a database from the file yourself, and compare that.");
      }
      throw;
    }
    if (ignores_directories) session_.run("SET SESSION sql_mode = @whimbrel_modes");
  }

  /// A dump of several databases selects one after the other; they would all become one.
  void require_one_database(std::string_view statement) {
    const std::string database = named_database(statement);
    if (!database_.empty() && !database.empty() && database != database_) {
      throw Error(ErrorKind::usage, "The file creates more than one database.")
          .with_remedy("Write a file for each of them, and compare them one by one.")
          .with_statement(std::string(statement));
    }
    if (!database.empty()) database_ = database;
  }

  Connection& session_;
  std::string_view script_;
  std::string database_;
};

}  // namespace

void load_script(Connection& scratch, std::string_view script) {
  const std::unique_ptr<Connection> session = scratch.open_again();
  ScriptLoader(*session, script).load();
}

}  // namespace whimbrel::dialect::mysql
