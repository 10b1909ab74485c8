#include "dialect/sqlite/rewrite/refusals.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/inspect/hidden_row_number.h"
#include "dialect/sqlite/inspect/quoted_strings.h"
#include "dialect/sqlite/text/names.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

using model::Name;

bool have_same_columns(const model::Table& a, const model::Table& b) {
  return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                    [](const model::Column& x, const model::Column& y) { return same_name(x.name, y.name); });
}

using TablesByName = std::map<std::string, const model::Table*, LessIgnoringCase>;

TablesByName tables_by_name(const model::Schema& schema) {
  TablesByName tables;
  for (const model::Table& table : schema.tables) tables[table.name.name] = &table;
  return tables;
}

bool are_same_names(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_name);
}

/// Returns whether the part of a key compares its column as the column itself does. The row number has no collation.
bool has_own_collation(const model::Table& table, const model::KeyPart& part) {
  const model::Column* const column = find_column(table, part.column);
  if (part.collation.empty() || column == nullptr || is_rowid(table, *column)) return true;
  return same_name(part.collation, column->collation.empty() ? "BINARY" : column->collation);
}

/// Returns whether the table has a key that the foreign key can reference.
bool has_key_for(const model::Table& parent, const model::ForeignKey& foreign_key) {
  const auto fits = [&](const std::vector<model::KeyPart>& parts) {
    const auto is_own = [&](const model::KeyPart& part) { return has_own_collation(parent, part); };
    if (!std::all_of(parts.begin(), parts.end(), is_own)) return false;
    const std::vector<std::string> columns = model::column_names(parts);
    const Names names(columns.begin(), columns.end());
    const std::vector<std::string>& wanted = foreign_key.referenced_columns;
    return names == Names(wanted.begin(), wanted.end());
  };
  if (foreign_key.referenced_columns.empty()) return parent.primary_key.has_value();
  if (parent.primary_key && fits(parent.primary_key->columns)) return true;
  const bool has_unique = std::any_of(parent.uniques.begin(), parent.uniques.end(),
                                      [&](const model::Unique& unique) { return fits(unique.columns); });
  return has_unique || std::any_of(parent.indexes.begin(), parent.indexes.end(), [&](const model::Index& index) {
           return index.unique && index.where.empty() && fits(index.columns);
         });
}

}  // namespace

// https://www.sqlite.org/foreignkeys.html#fk_indexes
void require_referenced_tables(const model::Schema& before, const model::Schema& after) {
  if (after.views.empty()) return;
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

void require_referenced_keys(const std::vector<operation::Operation>& operations, const model::Schema& before,
                             const model::Schema& after) {
  if (operations.empty()) return;
  Names changed;
  for (const operation::Operation& operation : operations) changed.insert(operation::target_name(operation).name);
  const TablesByName old_tables = tables_by_name(before);
  const TablesByName new_tables = tables_by_name(after);
  for (const model::Table& table : after.tables) {
    for (const model::ForeignKey& key : table.foreign_keys) {
      if (!changed.contains(key.referenced_table.name)) continue;
      const auto old_child = old_tables.find(table.name.name);
      const auto old_parent = old_tables.find(key.referenced_table.name);
      const auto parent = new_tables.find(key.referenced_table.name);
      if (old_child == old_tables.end() || old_parent == old_tables.end() || parent == new_tables.end()) continue;
      const std::vector<model::ForeignKey>& old_keys = old_child->second->foreign_keys;
      const bool was_there = std::any_of(old_keys.begin(), old_keys.end(), [&](const model::ForeignKey& old) {
        return same_name(old.referenced_table.name, key.referenced_table.name) &&
               are_same_names(old.columns, key.columns) &&
               are_same_names(old.referenced_columns, key.referenced_columns);
      });
      if (!was_there || !has_key_for(*old_parent->second, key) || has_key_for(*parent->second, key)) continue;
      throw Error(ErrorKind::unsafe, "Table \"" + key.referenced_table.name +
                                         "\" would lose the unique index that a foreign key of \"" + table.name.name +
                                         "\" needs: SQLite would reject changes of rows.")
          .with_remedy(
              "Drop the foreign key, too, or keep a key or a unique index, without WHERE, over its columns with their "
              "own collations.");
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
                                      "\" contains a double-quoted string that is not a column: " + *error + '.')
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

void require_same_readings(const model::IndexedSchema& before, const model::Schema& after,
                           const OpenScratch& open_scratch) {
  if (!open_scratch) return;
  std::unique_ptr<Connection> scratch;
  std::vector<std::string> stand_ins;
  for (const model::Table& table : after.tables) {
    const model::Table* const old = before.find_table(table.name);
    if (old == nullptr || have_same_columns(*old, table)) continue;
    if (scratch == nullptr) {
      scratch = open_scratch();
      scratch->stand_in_for_unknown(&stand_ins);
    }
    if (const auto hidden = find_hidden_row_number(*scratch, *old, table)) {
      throw Error(ErrorKind::unsafe, "The " + hidden->reader + " of table \"" + table.name.name + "\" reads \"" +
                                         hidden->text +
                                         "\", which is the row number without the column of that name, and would be "
                                         "the column with it.")
          .with_remedy(
              "Choose another name for the column. Or first recreate what reads the row number, by hand or in an "
              "earlier migration, with another name of it: rowid, oid or _rowid_.");
    }
    auto changed = find_changed_reading(*scratch, *old, table);
    if (!changed) changed = find_changed_reading(*scratch, table, *old);
    if (!changed) continue;
    throw Error(ErrorKind::unsafe, "The " + changed->reader + " of table \"" + table.name.name + "\" has \"" +
                                       changed->text +
                                       "\" in double quotes, which is a string without the column of that name, and "
                                       "would be the column with it.")
        .with_remedy("First recreate it by hand or in an earlier migration, with a string in single quotes.");
  }
}

}  // namespace whimbrel::dialect::sqlite
