#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/text/conditional_comment.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/session_settings.h"
#include "dialect/mysql/text/statement_text.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/lexer.h"
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
    for (const ScriptStatement& statement : split_script(script_)) {
      try {
        require_readable(statement);
        // With a DELIMITER of its own, the server gets several at once.
        for (const std::string_view one : split_statements(statement.text)) take(as_read(one));
      } catch (const Error& error) {
        throw at_line(line_of(statement.text), error);
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

  /// The file's own settings decide where a text in quotes ends: without backslashes, it ends at the same place.
  void require_readable(const ScriptStatement& statement) const {
    std::string why;
    if (escapes_nothing_ && statement.text.find('\\') != std::string_view::npos) {
      why = "it has a backslash, and the file sets the mode NO_BACKSLASH_ESCAPES";
    } else if (quotes_names_ && has_backslash_in_double_quotes(statement.text)) {
      why = "it has a backslash in double quotes, and the file sets the mode ANSI_QUOTES";
    } else if (has_quotes_in_characters_ && std::any_of(statement.text.begin(), statement.text.end(), is_not_ascii)) {
      why = "the file sets a character set in which a byte of a character can be that of a quote or a backslash";
    } else if (!statement.problem.empty()) {
      why = statement.problem;
    } else {
      return;
    }
    throw Error(ErrorKind::usage, "It is not certain where the statement ends: " + why + '.')
        .with_remedy(
            "Write the file with mariadb-dump or mysqldump, --no-data and --default-character-set=utf8mb4, and end "
            "each statement.")
        .with_statement(std::string(statement.text));
  }

  static bool is_not_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

  /// The values of variables that the file may set, as numbers, which no setting changes.
  void read_settings() {
    const std::vector<Value> values =
        session_
            .run(
                "SELECT FIND_IN_SET('NO_BACKSLASH_ESCAPES', @@sql_mode) > 0, FIND_IN_SET('ANSI_QUOTES', @@sql_mode) > "
                "0, @@character_set_client IN ('big5', 'cp932', 'gb18030', 'gbk', 'sjis')")
            .values.at(0);
    escapes_nothing_ = values.at(0).integer() != 0;
    quotes_names_ = values.at(1).integer() != 0;
    has_quotes_in_characters_ = values.at(2).integer() != 0;
  }

  [[nodiscard]] std::string as_read(std::string_view statement) {
    return without_skipped_comments(statement, [&](std::string_view mark) {
      const auto [known, is_new] = marks_.try_emplace(std::string(mark));
      if (is_new) {
        const std::string query = "SELECT 1 " + known->first + " + 1 */";
        known->second = session_.run(query).values.at(0).at(0).integer() == 2;
      }
      return known->second;
    });
  }

  void take(const std::string& statement) {
    require_one_database(statement);
    require_known(statement);
    switch (treatment_of(statement)) {
      case Treatment::run:
      case Treatment::session:
        run(statement);
        return read_settings();
      case Treatment::rows:
      case Treatment::leave_out:
        if (lacks_end(statement)) {
          throw Error(ErrorKind::usage, "The end of the statement is missing: another one begins in it.")
              .with_remedy("End it with a semicolon.")
              .with_statement(statement);
        }
        return;
      case Treatment::program:
        throw runs_others(statement);
      case Treatment::refuse:
        throw Error(
            ErrorKind::unsafe,
            "The statement is refused: it does not create a schema, or it can reach outside the scratch database.")
            .with_remedy(
                "A compared file must only create a schema: write it with mariadb-dump --no-data or mysqldump "
                "--no-data, from a single database, and remove such statements.")
            .with_statement(statement);
    }
  }

  static Error runs_others(const std::string& statement) {
    return Error(ErrorKind::unsafe,
                 "The statement is refused: it runs others that are not in the file, or as one block with it.")
        .with_remedy(
            "Write what it creates in the file: create a database from the file yourself, and write that with "
            "mariadb-dump --no-data or mysqldump --no-data.")
        .with_statement(statement);
  }

  /// Dynamic SQL is never run. In a dump it sets variables.
  void require_known(const std::string& statement) {
    const std::string expression(dynamic_text(statement));
    if (expression.empty()) return;
    const std::vector<sql::Token> tokens = sql::tokenize(expression, mysql_syntax);
    const bool is_literal = tokens.size() == 1 && tokens.front().kind == sql::TokenKind::string;
    const bool is_variable = tokens.size() == 2 && tokens.front().is("@");
    if (!is_literal && !is_variable) throw runs_others(statement);
    const Value text = session_.run("SELECT CAST(" + expression + " AS CHAR)").values.at(0).at(0);
    if (text.is_null()) return;
    const Treatment treatment = treatment_of(text.text());
    if (treatment == Treatment::run || treatment == Treatment::program || treatment == Treatment::refuse) {
      throw runs_others(statement);
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
  std::map<std::string, bool> marks_;  ///< Of conditional comments: whether the server runs what follows.
  bool escapes_nothing_ = false;       ///< A backslash is a character like others.
  bool quotes_names_ = false;          ///< Double quotes enclose names.
  bool has_quotes_in_characters_ = false;
};

}  // namespace

void load_script(Connection& scratch, std::string_view script) {
  const std::unique_ptr<Connection> session = scratch.open_again();
  ScriptLoader(*session, script).load();
}

}  // namespace whimbrel::dialect::mysql
