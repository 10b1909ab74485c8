#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"
#include "whimbrel/model.h"

/// Names are equal if only the case of their letters differs.
namespace whimbrel::dialect::sqlite {

[[nodiscard]] inline bool same_name(std::string_view a, std::string_view b) { return sql::equal_ignoring_case(a, b); }

/// Returns whether this is a name of the row number if no column has it.
/// https://www.sqlite.org/lang_createtable.html#rowid
[[nodiscard]] inline bool is_row_number_name(std::string_view name) {
  return same_name(name, "rowid") || same_name(name, "_rowid_") || same_name(name, "oid");
}

struct LessIgnoringCase {
  bool operator()(const std::string& a, const std::string& b) const { return sql::to_lower(a) < sql::to_lower(b); }
};

using Names = std::set<std::string, LessIgnoringCase>;

/// Returns the column, or null.
[[nodiscard]] inline const model::Column* find_column(const model::Table& table, std::string_view name) {
  for (const model::Column& column : table.columns) {
    if (same_name(column.name, name)) return &column;
  }
  return nullptr;
}

/// Returns the table, view or object of this name, or null.
template <class Named>
[[nodiscard]] const Named* find_named(const std::vector<Named>& list, std::string_view name) {
  for (const Named& one : list) {
    if (same_name(one.name.name, name)) return &one;
  }
  return nullptr;
}

}  // namespace whimbrel::dialect::sqlite
