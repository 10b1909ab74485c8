#include "dialect/sqlite/guard/rebuild_checker.h"

#include <algorithm>
#include <utility>

#include "dialect/sqlite/generate/sequence.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

constexpr std::string_view temporary_prefix = "temporary_";

bool is_in(const std::vector<std::string>& tables, const std::string& table) {
  return std::any_of(tables.begin(), tables.end(),
                     [&](const std::string& other) { return sql::equal_ignoring_case(table, other); });
}

void remove(std::vector<std::string>& tables, const std::string& table) {
  std::erase_if(tables, [&](const std::string& other) { return sql::equal_ignoring_case(table, other); });
}

}  // namespace

bool is_temporary_name(std::string_view table) {
  return sql::equal_ignoring_case(table.substr(0, temporary_prefix.size()), temporary_prefix);
}

std::string_view without_temporary(std::string_view table) {
  while (is_temporary_name(table)) table.remove_prefix(temporary_prefix.size());
  return table;
}

std::string changed_table(const Command& command) {
  switch (command.kind) {
    case Command::Kind::create_table:
      return is_temporary_name(command.table) ? std::string(without_temporary(command.table)) : std::string();
    case Command::Kind::rename_table:
      return is_temporary_name(command.new_name) ? command.table : std::string();
    case Command::Kind::drop_table:
      return std::string(without_temporary(command.table));
    default:
      return command.alters_table ? command.table : std::string();
  }
}

void RebuildChecker::table_renamed(const std::string& from, const std::string& to) {
  remove(made_, from);
  made_.push_back(to);
  std::erase_if(waiting_, [&](const auto& one) { return sql::equal_ignoring_case(one.first, from); });
}

void RebuildChecker::before_drop(const std::string& table, const std::string& copy) {
  rebuild_.reset();
  const std::string dropped = stored_name(table);
  const std::string kept = copy.empty() ? copy : stored_name(copy);
  if (dropped.empty() || kept.empty()) return;
  check_copy(dropped, kept);
  carry_sequence(dropped, kept);
  rebuild_ = Rebuild{kept, count_children(dropped, kept)};
}

std::string RebuildChecker::after_drop(const std::string& table) {
  remove(made_, table);
  if (!rebuild_) return {};
  const Rebuild rebuild = *std::exchange(rebuild_, std::nullopt);
  for (const Child& child : rebuild.children) {
    const std::int64_t rows = count_rows(child.table);
    if (rows == child.rows) continue;
    throw Error(ErrorKind::unsafe, "Rebuilding table \"" + table + "\" changed the referencing table \"" + child.table +
                                       "\" from " + std::to_string(child.rows) + " rows to " + std::to_string(rows) +
                                       '.')
        .with_remedy(
            "Run the migration in a transaction, which undoes this, and check the setting of PRAGMA foreign_keys.");
  }
  if (is_temporary_name(rebuild.copy)) waiting_[rebuild.copy] = table;
  return rebuild.copy;
}

void RebuildChecker::require_renamed() const {
  for (const auto& [copy, table] : waiting_) {
    if (stored_name(copy).empty() || !stored_name(table).empty()) continue;
    throw Error(ErrorKind::unsafe,
                "Table \"" + table + "\" was dropped, but its copy \"" + copy + "\" was not renamed to it.")
        .with_remedy("Rename it at the end of the migration: ALTER TABLE " +
                     sql::quote_identifier(copy, sqlite_syntax) + " RENAME TO " +
                     sql::quote_identifier(table, sqlite_syntax) + '.');
  }
}

// A table of the program may have such a name too, so only one that was created in this run is a copy.
std::string RebuildChecker::find_copy(const std::string& table) const {
  const std::string_view base = without_temporary(table);
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) {
    if (!sql::equal_ignoring_case(without_temporary(*made), base)) continue;
    const bool upwards = made->size() > table.size();
    const bool downwards = made->size() < table.size() && is_in(made_, table);
    if (upwards || downwards) return *made;
  }
  return {};
}

std::string RebuildChecker::stored_name(const std::string& table) const {
  const Rows::Data rows = connection_.run(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", {Value(table)});
  return rows.values.empty() ? std::string() : rows.values[0].at(0).text();
}

// Without NOT INDEXED, SQLite would count the entries of an index, which may be damaged.
std::int64_t RebuildChecker::count_rows(const std::string& table) const {
  const std::string sql =
      sql::Writer(sqlite_syntax).raw("SELECT count(*) FROM ").identifier(table).raw(" NOT INDEXED").take();
  return connection_.run(sql).values.at(0).at(0).integer();
}

std::string RebuildChecker::way_to_copy(const std::string& table) const {
  const std::string name = sql::quote_identifier(table, sqlite_syntax);
  const Rows::Data counted = connection_.run("SELECT count(*) FROM " + name);
  if (counted.values.at(0).at(0).integer() == count_rows(table)) {
    return "Make the migration copy every row. Delete unwanted rows before the others are copied.";
  }
  return "An index of the table is damaged: it does not have the same rows as the table. Run `REINDEX " + name +
         "`, then the migration again.";
}

void RebuildChecker::check_copy(const std::string& table, const std::string& copy) const {
  const std::int64_t rows = count_rows(table);
  const std::int64_t copied = count_rows(copy);
  // Generated rebuilds copy row by row; hand-written ones may add rows to the copy, or empty the table after copying
  // it.
  const bool is_generated = is_temporary_name(table) || is_temporary_name(copy);
  if (is_generated ? rows == copied : rows <= copied) return;
  throw Error(ErrorKind::unsafe, "The table \"" + table + "\" was not dropped: it has " + std::to_string(rows) +
                                     " rows, and its copy \"" + copy + "\" has " + std::to_string(copied) + '.')
      .with_remedy(way_to_copy(table));
}

// https://www.sqlite.org/autoinc.html
void RebuildChecker::carry_sequence(const std::string& table, const std::string& copy) const {
  const Rows::Data definitions = connection_.run(
      "SELECT count(*), sum(name = 'sqlite_sequence'), max(CASE WHEN name = ? THEN sql END) FROM sqlite_master "
      "WHERE type = 'table' AND name IN ('sqlite_sequence', ?)",
      {Value(copy), Value(copy)});
  const std::vector<Value>& row = definitions.values.at(0);
  if (row.at(0).integer() != 2 || !has_autoincrement(row.at(2).text())) return;
  for (const std::string& sql : sequence_carried(table, copy)) connection_.run(sql);
}

std::vector<RebuildChecker::Child> RebuildChecker::count_children(const std::string& table,
                                                                  const std::string& copy) const {
  std::vector<std::string> tables;
  for (const Reference& reference : references(connection_)) {
    const bool refers =
        sql::equal_ignoring_case(reference.parent, table) || sql::equal_ignoring_case(reference.parent, copy);
    const bool is_itself = reference.child == table || reference.child == copy;
    if (refers && !is_itself) tables.push_back(reference.child);
  }
  std::vector<Child> children;
  children.reserve(tables.size());
  for (const std::string& child : tables) children.push_back({child, count_rows(child)});
  return children;
}

}  // namespace whimbrel::dialect::sqlite
