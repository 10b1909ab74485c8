#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/dialect.h"
#include "whimbrel/model.h"

/// The parts of a table, a view or an object, each with a short hash. It contains only facts that are the same in every
/// version of the database: no derived names, no order of columns, no deparsed text.
namespace whimbrel::change {

struct TableItem {
  std::string kind;  ///< `column`, `primary key`, `unique`, `check`, `exclusion`, `foreign key`, `index`, `trigger`...
                     ///< For a view or an object: `definition`.
  std::string name;  ///< The name for messages.
  std::string hash;
  std::vector<std::string> columns{};  ///< The columns that it uses, unless it is a column.
  bool has_expression = false;         ///< If true, it may use any column.
  /// The hashes that it had if the database has rewritten its text since.
  std::vector<std::string> former_hashes{};
};

[[nodiscard]] std::vector<TableItem> items_of(const model::Table& table, const dialect::Dialect& dialect);
[[nodiscard]] std::vector<TableItem> items_of(const model::View& view, const dialect::Dialect& dialect);
[[nodiscard]] std::vector<TableItem> items_of(const model::Object& object, const dialect::Dialect& dialect);

/// Returns the hash of all items, regardless of their order.
[[nodiscard]] std::string hash_of(const std::vector<TableItem>& items, const dialect::Dialect& dialect);

/// The matched items of two tables, by their positions in the lists.
struct ItemMatch {
  std::vector<std::pair<std::size_t, std::size_t>> same;
  std::vector<std::pair<std::size_t, std::size_t>> changed;  ///< Items of the same kind and name.
  std::vector<std::size_t> only_first;
  std::vector<std::size_t> only_second;
};
[[nodiscard]] ItemMatch match_items(const std::vector<TableItem>& first, const std::vector<TableItem>& second,
                                    const dialect::Dialect& dialect);

}  // namespace whimbrel::change
