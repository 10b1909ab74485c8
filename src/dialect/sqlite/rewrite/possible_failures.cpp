#include "dialect/sqlite/rewrite/possible_failures.h"

#include <algorithm>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/names.h"
#include "operation/describe.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using model::Column;
using model::Table;
using Parts = std::vector<model::KeyPart>;

/// The values that a column takes; each includes those before it, except that only `any` includes `bytes`.
enum class Values { integers, numbers, texts, bytes, any };

/// A column without STRICT takes any value, except for the rowid. https://www.sqlite.org/stricttables.html
Values values_of(const Table& table, const Column& column) {
  if (is_rowid(table, column)) return Values::integers;
  if (!table.options.contains("STRICT")) return Values::any;
  const auto is = [&](const char* type) { return sql::equal_ignoring_case(column.type.name, type); };
  if (is("int") || is("integer")) return Values::integers;
  if (is("real")) return Values::numbers;
  if (is("text")) return Values::texts;
  return is("blob") ? Values::bytes : Values::any;
}

bool takes_all(Values after, Values before) {
  if (after == Values::any || after == before) return true;
  return after != Values::bytes && before < after;
}

std::string refused_by(Values values) {
  if (values == Values::integers) return "a value that is not an integer";
  if (values == Values::numbers) return "a value that is not a number";
  return values == Values::texts ? "a BLOB" : "a value that is not a BLOB";
}

/// Returns whether the column compares fewer values as different than before.
bool is_coarser(const Table& before, const Column& column) {
  const Column* const old = before.find_column(column.name);
  if (old == nullptr || column.collation.empty() || sql::equal_ignoring_case(column.collation, "BINARY")) return false;
  return !sql::equal_ignoring_case(old->collation, column.collation);
}

class Failures {
 public:
  Failures(const Table& before, const Table& after, const model::Schema& schema)
      : before_(before), after_(after), schema_(schema) {}

  std::vector<std::string> find() {
    for (const Column& column : after_.columns) add_values(column);
    if (after_.primary_key && before_.primary_key) {
      add_duplicates(after_.primary_key->columns, before_.primary_key->columns == after_.primary_key->columns);
      add_moved_references();
    }
    for (const model::Unique& unique : after_.uniques) add_duplicates(unique.columns, has(before_.uniques, unique));
    for (const model::Index& index : after_.indexes) {
      if (index.unique) add_duplicates(index.columns, has(before_.indexes, index));
    }
    return std::move(notes_);
  }

 private:
  void add_values(const Column& column) {
    const Column* const old = before_.find_column(column.name);
    if (old == nullptr || old->computed || column.computed) return;
    const Values values = values_of(after_, column);
    if (takes_all(values, values_of(before_, *old))) return;
    notes_.push_back("fails if column \"" + column.name + "\" of \"" + to_string(after_.name) + "\" holds " +
                     refused_by(values));
  }

  /// A foreign key without columns references those of the primary key in their order.
  void add_moved_references() {
    if (model::column_names(before_.primary_key->columns) == model::column_names(after_.primary_key->columns)) return;
    for (const Table& table : schema_.tables) {
      const auto is_moved = [&](const model::ForeignKey& key) {
        return key.referenced_columns.empty() && same_name(key.referenced_table.name, after_.name.name);
      };
      if (std::none_of(table.foreign_keys.begin(), table.foreign_keys.end(), is_moved)) continue;
      notes_.push_back("fails if \"" + to_string(table.name) + "\" has a row whose foreign key finds no row of \"" +
                       to_string(after_.name) + "\" by the columns of the new primary key");
    }
  }

  /// A new constraint has its own note about duplicates.
  void add_duplicates(const Parts& parts, bool was_there) {
    const auto is_cause = [&](const model::KeyPart& part) {
      const Column* const column = after_.find_column(part.column);
      return column != nullptr && part.collation.empty() && is_coarser(before_, *column);
    };
    if (!was_there || std::none_of(parts.begin(), parts.end(), is_cause)) return;
    const std::string note = "fails if \"" + to_string(after_.name) + "\" has values in " +
                             operation::in_parentheses(parts) + " that only the new collation treats as duplicates";
    if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
  }

  template <class T>
  static bool has(const std::vector<T>& items, const T& like) {
    return std::any_of(items.begin(), items.end(), [&](const T& item) { return item.columns == like.columns; });
  }

  const Table& before_;
  const Table& after_;
  const model::Schema& schema_;
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> possible_failures(const Table& before, const Table& after, const model::Schema& schema) {
  return Failures(before, after, schema).find();
}

}  // namespace whimbrel::dialect::sqlite
