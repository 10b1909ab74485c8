#include <algorithm>

#include "dialect/sqlite/command.h"
#include "dialect/sqlite/dialect.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Does the statement do more than it says, unless the runner's settings are made? DROP TABLE deletes the rows first,
/// and those that refer to them; RENAME TO is carried into what refers to the table.
/// https://www.sqlite.org/foreignkeys.html#fk_schemacommands
bool needs_settings(const sql::Statement& statement) {
  const Command::Kind kind = read_command(statement.sql).kind;
  return kind == Command::Kind::drop_table || kind == Command::Kind::rename_table;
}

}  // namespace

void load_script(Connection& scratch, std::string_view script) {
  scratch.run("PRAGMA foreign_keys = OFF");
  scratch.run(script);
}

// The settings come first, since foreign_keys does nothing inside a transaction.
sql::ShellScript as_script(std::vector<sql::Statement> statements) {
  const bool with_settings = std::any_of(statements.begin(), statements.end(), needs_settings);
  if (statements.size() < 2 && !with_settings) return {std::move(statements), {}};
  sql::ShellScript script;
  const auto say = [&](const char* sql) { script.statements.push_back({sql, {}}); };
  if (with_settings) {
    say("PRAGMA foreign_keys = OFF");
    say("PRAGMA legacy_alter_table = ON");
  }
  say("BEGIN IMMEDIATE");
  for (sql::Statement& statement : statements) script.statements.push_back(std::move(statement));
  say("COMMIT");
  if (with_settings) say("PRAGMA legacy_alter_table = OFF");
  // https://www.sqlite.org/cli.html#command_line_options
  script.advice = "to be run with `sqlite3 -bail`, since without it the shell goes on after an error, and commits";
  return script;
}

}  // namespace whimbrel::dialect::sqlite
