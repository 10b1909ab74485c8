#include "dialect/sqlite/guard/known_column.h"

#include <algorithm>
#include <memory>

#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/inspect/stored_definition.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// SQLite treats double-quoted text as a string if there is no such column; other quotes always contain a name.
/// https://www.sqlite.org/quirks.html#dblquote
std::string with_names_only(const std::string& statement) {
  std::string result;
  std::size_t end = 0;
  for (const sql::Token& token : sql::tokenize(statement, sqlite_syntax)) {
    if (token.kind != sql::TokenKind::quoted_identifier || token.text.front() != '"') continue;
    result += statement.substr(end, token.offset - end) + sql::quoted(token.value(), '`');
    end = token.end();
  }
  return result + statement.substr(end);
}

/// A copy of the database without rows, views and triggers, which contains the table as it was read.
class EmptyCopy {
 public:
  EmptyCopy(Connection& connection, const model::Table& table) : scratch_(connection.open_scratch()) {
    scratch_->stand_in_for_unknown(&stand_ins_);
    scratch_->run("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
    runs(table.definition.value);
    for (const model::Index& index : table.indexes) runs(index.definition.value);
    const Rows::Data others = connection.run(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index') AND "
        "tbl_name <> ? COLLATE NOCASE ORDER BY type DESC, rowid",
        {Value(table.name.name)});
    for (const auto& row : others.values) {
      require_definition(row.at(0).text(), row.at(1).text(), row.at(2).text());
      runs(row.at(2).text());
    }
  }

  /// A statement about rows is only compiled, because it could process many.
  bool takes(const std::string& statement) {
    const Command command = read_command(statement);
    if (command.reach == Command::Reach::stands_alone || command.kind == Command::Kind::pragma) return true;
    const bool is_of_rows = command.kind == Command::Kind::other && command.may_break_keys && !command.may_break_names;
    return runs((is_of_rows || command.reach == Command::Reach::reads ? "EXPLAIN " : "") + statement);
  }

  [[nodiscard]] bool rename_column(const model::Table& table, const std::string& column) {
    std::string unknown = "no column";
    while (table.find_column(unknown) != nullptr) unknown += ' ';
    return runs(sql::Writer(sqlite_syntax)
                    .raw("ALTER TABLE ")
                    .identifier(table.name.name)
                    .raw(" RENAME COLUMN ")
                    .identifier(column)
                    .raw(" TO ")
                    .identifier(unknown)
                    .take());
  }

  [[nodiscard]] bool has_column(const std::string& table, const std::string& column) const {
    return !scratch_
                ->run("SELECT 1 FROM pragma_table_xinfo(?, 'main') WHERE name = ? COLLATE NOCASE",
                      {Value(table), Value(column)})
                .values.empty();
  }

 private:
  bool runs(const std::string& statement) {
    try {
      scratch_->run(statement);
      return true;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      return false;
    }
  }

  std::vector<std::string> stand_ins_;
  std::unique_ptr<Connection> scratch_;
};

}  // namespace

bool know_column(Connection& connection, const std::vector<std::string>& statements, const model::Table& table,
                 const std::string& copy, const std::string& column) {
  EmptyCopy with(connection, table);
  EmptyCopy without(connection, table);
  if (!without.rename_column(table, column)) return false;
  return std::any_of(statements.begin(), statements.end(), [&](const std::string& statement) {
    for (const std::string& spelling : {with_names_only(statement), statement}) {
      const bool is_taken = with.takes(spelling);
      if (without.takes(spelling)) break;
      if (is_taken) return true;
    }
    return without.has_column(table.name.name, column) || without.has_column(copy, column);
  });
}

}  // namespace whimbrel::dialect::sqlite
