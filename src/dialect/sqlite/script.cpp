#include <algorithm>

#include "dialect/sqlite/command.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/statement_text.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Does the statement do more than it says, unless the runner's settings are made? DROP TABLE deletes the rows first,
/// and those that refer to them; RENAME TO is carried into what refers to the table.
/// https://www.sqlite.org/foreignkeys.html#fk_schemacommands
bool needs_settings(const sql::Statement& statement) {
  const Command::Kind kind = read_command(statement.sql).kind;
  return kind == Command::Kind::drop_table || kind == Command::Kind::rename_table;
}

/// How far a script has run.
class Progress final : public StatementObserver {
 public:
  explicit Progress(std::string_view script) : script_(script), rest_(script) {}

  void before(std::string_view) override {}
  void after(std::string_view statement) override {
    rest_ = script_.substr(static_cast<std::size_t>(statement.data() + statement.size() - script_.data()));
  }
  bool take(const std::vector<std::string>&, const std::vector<Value>&) override { return true; }

  /// Of the statement that comes next, from 1.
  [[nodiscard]] std::size_t line() const {
    return 1 + static_cast<std::size_t>(std::count(script_.data(), skip_blank(rest_).data(), '\n'));
  }

 private:
  std::string_view script_;
  std::string_view rest_;
};

}  // namespace

void load_script(Connection& scratch, std::string_view script) {
  scratch.run("PRAGMA foreign_keys = OFF");
  Progress progress(script);
  try {
    static_cast<void>(scratch.run(script, nullptr, progress));
  } catch (const Error& error) {
    throw Error(error.kind(), "Line " + std::to_string(progress.line()) + ": " + error.what())
        .with_remedy(error.remedy())
        .with_statement(error.statement(), error.statement_offset())
        .with_native_code(error.native_code());
  }
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
