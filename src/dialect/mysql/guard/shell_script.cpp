#include "dialect/mysql/guard/shell_script.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Returns whether the shell would end the statement too early: bodies of triggers and routines contain semicolons.
bool has_semicolon(const std::string& sql) {
  const std::vector<sql::Token> tokens = sql::tokenize(sql, mysql_syntax);
  return std::any_of(tokens.begin(), tokens.end(), [](const sql::Token& token) { return token.is(";"); });
}

/// Returns a delimiter that the statement does not contain.
std::string find_delimiter(const std::string& sql) {
  std::string delimiter = "$$";
  while (sql.find(delimiter) != std::string::npos) delimiter += '$';
  return delimiter;
}

/// The shell recognises its own commands at the beginning of a line outside of quotes, and `\g` and the like anywhere
/// outside of them; the statements contain the latter nowhere.
void require_readable(const sql::Statement& statement) {
  if (statement.sql.find('\0') == std::string::npos) return;
  throw Error(ErrorKind::unsafe, "A statement contains a NUL character, which cannot be passed to the mariadb shell.")
      .with_statement(statement.sql)
      .with_remedy("Run it in a migration, or remove the NUL character from the schema.");
}

/// The settings of a connection: see text/session_settings.h. The shell stops at the first error if its input is a
/// file, unless it runs with --force.
constexpr const char* beginning =
    "-- Run this with the mariadb or mysql shell, without --force: mariadb --binary-mode --comments DATABASE < FILE\n"
    "-- Each change of the schema commits by itself: after an error, the statements before it remain.\n"
    "SET autocommit = 1, foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0";

}  // namespace

sql::ShellScript as_listing(std::vector<sql::Statement> statements) {
  sql::ShellScript script;
  for (sql::Statement& statement : statements) {
    require_readable(statement);
    if (has_semicolon(statement.sql)) {
      const std::string delimiter = find_delimiter(statement.sql);
      // A semicolon is appended to each statement, which must not become a part of the delimiter.
      statement.sql = "DELIMITER " + delimiter + '\n' + statement.sql + '\n' + delimiter + "\nDELIMITER ;\nDO 0";
    }
    script.statements.push_back(std::move(statement));
  }
  return script;
}

sql::ShellScript as_script(std::vector<sql::Statement> statements, const Server& server) {
  if (statements.empty()) return {};
  sql::ShellScript script = as_listing(std::move(statements));
  script.beginning = std::string(beginning) + (server.is_mariadb ? ", check_constraint_checks = 1" : "") + ";\nSET " +
                     plain_session() + ";\n";
  return script;
}

}  // namespace whimbrel::dialect::mysql
