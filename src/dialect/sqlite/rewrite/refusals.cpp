#include "dialect/sqlite/rewrite/refusals.h"

#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

using model::Name;

/// Returns why an expression does not compile over the columns of the table; nullopt if it does.
std::optional<std::string> error_over(Connection& scratch, const model::Table& table, const std::string& expression) {
  sql::Writer query(sqlite_syntax);
  query.raw("SELECT (").raw(expression).raw("\n) FROM (SELECT NULL AS rowid");
  for (const model::Column& column : table.columns) {
    if (!same_name(column.name, "rowid")) query.raw(", NULL AS ").identifier(column.name);
  }
  return compile_error(scratch, query.raw(") AS ").identifier(table.name.name).take());
}

}  // namespace

// https://www.sqlite.org/foreignkeys.html#fk_indexes
void require_referenced_tables(const model::Schema& before, const model::Schema& after) {
  for (const model::Table& table : after.tables) {
    for (const model::ForeignKey& key : table.foreign_keys) {
      const std::string& parent = key.referenced_table.name;
      if (find_named(after.views, parent) == nullptr || find_named(before.tables, parent) == nullptr) continue;
      throw Error(ErrorKind::unsafe, "Table \"" + parent + "\" would become a view, but a foreign key of \"" +
                                         table.name.name + "\" references it: SQLite would reject changes of rows.")
          .with_remedy("Drop the foreign key, too, or let it reference a table.");
    }
  }
}

void require_columns_of_backfills(const std::vector<operation::Operation>& operations, const model::Schema& before,
                                  const OpenScratch& open_scratch) {
  const auto require = [&](const Name& name, const std::string& column, const std::optional<std::string>& backfill) {
    const model::Table* const table = find_named(before.tables, name.name);
    if (!backfill || backfill->find('"') == std::string::npos || table == nullptr || !open_scratch) return;
    const std::unique_ptr<Connection> scratch = open_scratch();
    std::optional<std::string> error;
    scratch->without_quoted_strings([&] { error = error_over(*scratch, *table, *backfill); });
    if (!error || error_over(*scratch, *table, *backfill)) return;
    throw Error(ErrorKind::usage, "The backfill of column \"" + column + "\" of table \"" + name.name +
                                      "\" has a text in double quotes that names no column: " + *error + '.')
        .with_remedy("Correct the name, or write a text in single quotes.")
        .with_statement(*backfill);
  };
  for (const operation::Operation& operation : operations) {
    if (const auto* op = std::get_if<operation::AddColumn>(&operation)) {
      require(op->table, op->column.name, op->backfill);
    } else if (const auto* alter = std::get_if<operation::AlterColumn>(&operation)) {
      require(alter->table, alter->after.name, alter->backfill);
    }
  }
}

}  // namespace whimbrel::dialect::sqlite
