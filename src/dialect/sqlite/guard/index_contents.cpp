#include "dialect/sqlite/guard/index_contents.h"

#include "dialect/sqlite/guard/rebuild_checker.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// https://www.sqlite.org/rescode.html#corrupt, with its extended codes.
bool is_corrupt(const Error& error) { return (error.native_code() & 0xff) == 11; }

}  // namespace

void IndexContents::before(const Command& command) {
  const bool is_rebuild = command.kind != Command::Kind::other;
  const std::string table = is_rebuild || command.reuses_name ? changed_table(command) : std::string();
  if (table.empty() || !tables_.insert(table).second) return;
  const Rows::Data rows =
      connection_.run("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE %'");
  for (const auto& row : rows.values) {
    const std::string content = content_of(read_virtual_table(row.at(1).text())).value_or("");
    if (content.empty() || (!same_name(content, table) && !has_view(content))) continue;
    if (!is_outdated(row.at(0).text())) indexes_.insert(row.at(0).text());
  }
}

void IndexContents::require_fitting() const {
  for (const std::string& index : indexes_) {
    if (!is_outdated(index)) continue;
    const std::string name = sql::quote_identifier(index, sqlite_syntax);
    throw Error(ErrorKind::unsafe, "The full-text index \"" + index +
                                       "\" would no longer fit what it reads: the migration changes values that are in "
                                       "the index.")
        .with_remedy("Fill it again at the end of the migration: INSERT INTO " + name + "(" + name +
                     ") VALUES ('rebuild'). If only this database has the index, drop it, run the migration, and "
                     "create and fill it again.");
  }
}

void IndexContents::forget() {
  tables_.clear();
  indexes_.clear();
}

bool IndexContents::has_view(const std::string& name) const {
  return !connection_.run("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = ? COLLATE NOCASE", {Value(name)})
              .values.empty();
}

// FTS4 has no column `rank`, and always compares; FTS5 compares with a table only if `rank` is set.
// https://www.sqlite.org/fts5.html#the_integrity_check_command
bool IndexContents::is_outdated(const std::string& index) const {
  sql::Writer name(sqlite_syntax);
  name.identifier(index);
  const auto check = [&](const std::string& columns, const std::string& values) {
    connection_.run("INSERT INTO " + name.text() + "(" + name.text() + columns + ") VALUES ('integrity-check'" +
                    values + ")");
  };
  try {
    const bool has_rank =
        !connection_.run("SELECT 1 FROM pragma_table_xinfo(?) WHERE name = 'rank' AND hidden = 1", {Value(index)})
             .values.empty();
    check(has_rank ? ", rank" : "", has_rank ? ", 1" : "");
    return false;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::busy || error.kind() == ErrorKind::interrupted) throw;
    return is_corrupt(error);
  }
}

}  // namespace whimbrel::dialect::sqlite
