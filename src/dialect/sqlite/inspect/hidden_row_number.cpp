#include "dialect/sqlite/inspect/hidden_row_number.h"

#include <algorithm>
#include <string>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/names.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// SQLite reads the row number in check constraints and predicates only; elsewhere it is an error without the column.
std::optional<ChangedReading> find_reader(Connection& scratch, const model::Table& without, model::Table table,
                                          const std::string& name) {
  // A key of an index is never the row number, so only what its predicate reads is asked for.
  for (model::Index& index : table.indexes) {
    index.columns.clear();
    index.included.clear();
  }
  find_uses(scratch, table);
  const auto reads = [&](const model::Uses& uses) {
    const auto is_it = [&](const model::Reference& used) { return same_name(used.column, name); };
    return uses.value && std::any_of(uses.value->begin(), uses.value->end(), is_it);
  };
  for (const model::Check& check : table.checks) {
    const auto is_kept = [&](const model::Check& other) { return other.expression == check.expression; };
    if (reads(check.uses) && std::any_of(without.checks.begin(), without.checks.end(), is_kept)) {
      const std::string words = check.name.text.empty() ? '(' + check.expression + ')' : '"' + check.name.text + '"';
      return ChangedReading{"check constraint " + words, name};
    }
  }
  for (const model::Index& index : table.indexes) {
    const auto is_kept = [&](const model::Index& other) {
      return same_name(other.name.text, index.name.text) && other.where == index.where;
    };
    if (reads(index.uses) && std::any_of(without.indexes.begin(), without.indexes.end(), is_kept)) {
      return ChangedReading{"index \"" + index.name.text + '"', name};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<ChangedReading> find_hidden_row_number(Connection& scratch, const model::Table& before,
                                                     const model::Table& after) {
  const auto find_over = [&](const model::Table& without, const model::Table& table) {
    std::optional<ChangedReading> found;
    for (const model::Column& column : table.columns) {
      // A key that is the row number has its values.
      if (found || !is_row_number_name(column.name) || is_rowid(table, column)) continue;
      if (find_column(without, column.name) != nullptr) continue;
      found = find_reader(scratch, without, table, column.name);
    }
    return found;
  };
  std::optional<ChangedReading> found = find_over(before, after);
  return found ? found : find_over(after, before);
}

}  // namespace whimbrel::dialect::sqlite
