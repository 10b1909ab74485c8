#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/dialect.h"
#include "whimbrel/model.h"

/// What a table, a view or an object consists of, each thing with a short hash. In it is only what is the same in every
/// version of the database: no derived name, no order of columns, no spelling of the server's.
namespace whimbrel::run {

struct TableItem {
  std::string kind;  ///< `column`, `primary key`, `unique`, `check`, `exclusion`, `foreign key`, `index`, `trigger`...
                     ///< Of a view or an object: `definition`.
  std::string name;  ///< What people call it.
  std::string hash;
  std::vector<std::string> columns{};  ///< That it is over, if it is no column itself.
  bool has_expression = false;         ///< Then it may be over any column.
};

[[nodiscard]] std::vector<TableItem> items_of(const model::Table& table, const dialect::Dialect& dialect);
[[nodiscard]] std::vector<TableItem> items_of(const model::View& view, const dialect::Dialect& dialect);
[[nodiscard]] std::vector<TableItem> items_of(const model::Object& object, const dialect::Dialect& dialect);

/// Of all of them, whatever their order.
[[nodiscard]] std::string hash_of(const std::vector<TableItem>& items, const dialect::Dialect& dialect);

/// The items of two tables side by side: by their place in the lists.
struct ItemMatch {
  std::vector<std::pair<std::size_t, std::size_t>> same;
  std::vector<std::pair<std::size_t, std::size_t>> changed;  ///< Of one kind and name.
  std::vector<std::size_t> only_first;
  std::vector<std::size_t> only_second;
};
[[nodiscard]] ItemMatch match_items(const std::vector<TableItem>& first, const std::vector<TableItem>& second,
                                    const dialect::Dialect& dialect);

}  // namespace whimbrel::run
