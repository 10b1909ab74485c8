#include <algorithm>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/generate/sequence.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/text/shell_text.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using sql::Copied;
using sql::Statement;

/// Returns whether the statement has side effects without the runner's settings: DROP TABLE first deletes the rows and
/// those that reference them, and RENAME TO changes references to the table.
/// https://www.sqlite.org/foreignkeys.html#fk_schemacommands
bool needs_settings(const Statement& statement) {
  const Command::Kind kind = read_command(statement.sql).kind;
  return kind == Command::Kind::drop_table || kind == Command::Kind::rename_table;
}

bool has_carriage_returns(const Statement& statement) {
  return shell_text(statement.sql, CarriageReturns::kept).has_carriage_returns;
}

/// The progress of a script.
class Progress final : public StatementObserver {
 public:
  explicit Progress(std::string_view script) : script_(script), rest_(script) {}

  void before(std::string_view) override {}
  void after(std::string_view statement) override {
    rest_ = script_.substr(static_cast<std::size_t>(statement.data() + statement.size() - script_.data()));
  }
  bool take(const std::vector<std::string>&, const std::vector<Value>&) override { return true; }

  /// Returns the line of the next statement, from 1.
  [[nodiscard]] std::size_t line() const {
    return 1 + static_cast<std::size_t>(std::count(script_.data(), skip_blank(rest_).data(), '\n'));
  }

 private:
  std::string_view script_;
  std::string_view rest_;
};

/// Writes the checks of a runner into the script. Each condition is stored in a table until it is verified. Any
/// condition that remains at the end rolls back the transaction, so that the COMMIT after it fails.
class SafeScript {
 public:
  explicit SafeScript(std::vector<Statement> statements)
      : statements_(std::move(statements)),
        has_carriage_returns_(std::any_of(statements_.begin(), statements_.end(), has_carriage_returns)),
        unproved_(unused("whimbrel_unproved")),
        orphans_(unused("whimbrel_orphans")),
        stop_(unused("whimbrel_stop")) {}

  sql::ShellScript take() {
    say("PRAGMA foreign_keys = OFF");
    say("PRAGMA legacy_alter_table = ON");
    say("BEGIN IMMEDIATE");
    begin_proof();
    for (const Statement& statement : statements_) add(statement);
    end_proof();
    say("COMMIT");
    say("DROP TABLE temp." + orphans_);
    say("DROP TABLE temp." + unproved_);
    say("PRAGMA legacy_alter_table = OFF");
    return std::move(script_);
  }

 private:
  void say(std::string sql) { script_.statements.push_back({std::move(sql), {}}); }

  void begin_proof() {
    say("CREATE TEMP TABLE " + unproved_ + " (what TEXT)");
    say("CREATE TEMP TRIGGER " + stop_ + " BEFORE UPDATE ON " + unproved_ +
        " BEGIN SELECT RAISE(ROLLBACK, 'Nothing was changed, because a check of the script failed.'); END");
    sql::Writer unproved(sqlite_syntax);
    unproved.raw("INSERT INTO temp." + unproved_ + " VALUES (").string(foreign_keys).raw(")");
    for (const Statement& statement : statements_) {
      if (!statement.drops) continue;
      unproved.raw(", (").string(all_copied(*statement.drops)).raw(")");
      if (!statement.drops->columns.empty()) unproved.raw(", (").string(nothing_else(*statement.drops)).raw(")");
    }
    if (has_carriage_returns_) unproved.raw(", (").string(line_ends).raw(")");
    say(unproved.take());
    say("CREATE TEMP TABLE " + orphans_ +
        " AS SELECT \"table\" AS child, parent, count(*) AS number FROM pragma_foreign_key_check GROUP BY 1, 2");
  }

  void add(const Statement& statement) {
    if (statement.drops) prove_copy(*statement.drops);
    const Command command = read_command(statement.sql);
    script_.statements.push_back(statement);
    if (command.kind == Command::Kind::rename_table && !statement.renames_copy) follow(command);
  }

  void prove_copy(const Copied& copied) {
    say(sql::Writer(sqlite_syntax)
            .raw("DELETE FROM temp." + unproved_ + " WHERE what = ")
            .string(all_copied(copied))
            .raw(" AND (SELECT count(*) FROM main.")
            .identifier(copied.table)
            .raw(" NOT INDEXED) = (SELECT count(*) FROM main.")
            .identifier(copied.copy)
            .raw(" NOT INDEXED)")
            .take());
    if (!copied.columns.empty()) prove_known(copied);
    if (!copied.has_auto_increment) return;
    for (std::string& sql : sequence_carried(copied.table, copied.copy)) say(std::move(sql));
  }

  /// The script may run on another database than the one that it was generated for.
  void prove_known(const Copied& copied) {
    sql::Writer writer(sqlite_syntax);
    const auto list = [&](const std::vector<std::string>& names) {
      writer.raw(" COLLATE NOCASE NOT IN (")
          .list(names, [&](const std::string& name) { writer.string(name); })
          .raw("))");
    };
    writer.raw("DELETE FROM temp." + unproved_ + " WHERE what = ").string(nothing_else(copied));
    writer.raw(" AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(").string(copied.table).raw(", 'main') WHERE name");
    list(copied.columns);
    writer.raw(
        " AND NOT EXISTS (SELECT 1 FROM main.sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL");
    writer.raw(" AND tbl_name = ").string(copied.table).raw(" COLLATE NOCASE AND name");
    list(copied.dependents);
    say(writer.take());
  }

  /// A reference that was broken before is not newly broken under the new name of its table.
  void follow(const Command& rename) {
    for (const char* column : {"child", "parent"}) {
      say(sql::Writer(sqlite_syntax)
              .raw("UPDATE temp." + orphans_ + " SET ")
              .raw(column)
              .raw(" = ")
              .string(rename.new_name)
              .raw(" WHERE ")
              .raw(column)
              .raw(" = ")
              .string(rename.table)
              .raw(" COLLATE NOCASE")
              .take());
    }
  }

  void end_proof() {
    if (has_carriage_returns_) {
      say(sql::Writer(sqlite_syntax)
              .raw("DELETE FROM temp." + unproved_ + " WHERE what = ")
              .string(line_ends)
              .raw(" AND ")
              .string("\r\n")
              .raw(" = char(13, 10)")
              .take());
    }
    say(sql::Writer(sqlite_syntax)
            .raw("DELETE FROM temp." + unproved_ + " WHERE what = ")
            .string(foreign_keys)
            .raw(" AND NOT EXISTS (SELECT 1 FROM (SELECT \"table\" AS child, parent, count(*) AS number "
                 "FROM pragma_foreign_key_check GROUP BY 1, 2) AS now WHERE number > "
                 "(SELECT coalesce(sum(old.number), 0) FROM temp." +
                 orphans_ +
                 " AS old WHERE old.child = now.child COLLATE NOCASE AND old.parent = now.parent COLLATE NOCASE))")
            .take());
    say("SELECT 'Check failed: ' || what FROM temp." + unproved_);
    say("UPDATE temp." + unproved_ + " SET what = what");
  }

  static std::string all_copied(const Copied& copied) {
    return "all rows of \"" + copied.table + "\" are in \"" + copied.copy + '"';
  }

  static std::string nothing_else(const Copied& copied) {
    return "\"" + copied.table + "\" has no columns, indexes and triggers besides those that the script knows";
  }

  static constexpr std::string_view foreign_keys = "there are no new foreign key violations";
  static constexpr std::string_view line_ends = "the sqlite3 shell runs the script with unchanged line endings";

  /// A temporary table hides one of the same name.
  [[nodiscard]] std::string unused(std::string name) const {
    const auto has_name = [&](const Statement& statement) { return sql::mentions(statement.sql, name, sqlite_syntax); };
    while (std::any_of(statements_.begin(), statements_.end(), has_name)) name += '_';
    return name;
  }

  std::vector<Statement> statements_;
  bool has_carriage_returns_;
  std::string unproved_;  ///< The temporary table of the conditions.
  std::string orphans_;   ///< The temporary table of the references that were broken before.
  std::string stop_;      ///< The temporary trigger that ends the script.
  sql::ShellScript script_;
};

sql::ShellScript written_for_shell(sql::ShellScript script, CarriageReturns carriage_returns) {
  for (Statement& statement : script.statements) statement.sql = shell_text(statement.sql, carriage_returns).sql;
  return script;
}

}  // namespace

void load_script(Connection& scratch, std::string_view script) {
  scratch.run("PRAGMA foreign_keys = OFF");
  Progress progress(script);
  try {
    static_cast<void>(scratch.run(script, nullptr, progress));
  } catch (const Error& error) {
    throw at_line(progress.line(), error);
  }
}

// The settings come first, because foreign_keys has no effect inside a transaction.
sql::ShellScript as_script(std::vector<Statement> statements) {
  const bool with_settings = std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    return needs_settings(statement) || has_carriage_returns(statement);
  });
  sql::ShellScript script;
  if (statements.size() < 2 && !with_settings) {
    script.statements = std::move(statements);
    return written_for_shell(std::move(script), CarriageReturns::kept);
  }
  if (with_settings) {
    script = SafeScript(std::move(statements)).take();
  } else {
    script.statements.push_back({"BEGIN IMMEDIATE", {}});
    std::move(statements.begin(), statements.end(), std::back_inserter(script.statements));
    script.statements.push_back({"COMMIT", {}});
  }
  // By default, the shell continues after an error, and commits. https://www.sqlite.org/cli.html
  script.beginning =
      "-- Run this with the sqlite3 shell; .bail makes it stop at the first error instead of committing.\n.bail on\n";
  return written_for_shell(std::move(script), CarriageReturns::doubled);
}

// Not only the shell reads it, and other readers would not notice a surplus carriage return.
sql::ShellScript as_listing(std::vector<Statement> statements) {
  sql::ShellScript script{std::move(statements)};
  if (std::any_of(script.statements.begin(), script.statements.end(), has_carriage_returns)) {
    script.remarks.emplace_back(
        "the sqlite3 shell drops a carriage return before a line feed, even in quotes: names or values will differ "
        "from these");
  }
  return written_for_shell(std::move(script), CarriageReturns::kept);
}

}  // namespace whimbrel::dialect::sqlite
