#include "dialect/postgres/compare/column_order.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "dialect/postgres/generate/column_lists.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Returns the columns of the desired table in the order that they have after the change: new ones are the last.
std::vector<std::string> after_change(const std::vector<std::string>& current,
                                      const std::vector<std::string>& desired) {
  std::vector<std::string> columns;
  const auto add = [&](const std::vector<std::string>& more, const std::vector<std::string>& from, bool is_there) {
    std::copy_if(more.begin(), more.end(), std::back_inserter(columns), [&](const std::string& column) {
      return (std::find(from.begin(), from.end(), column) != from.end()) == is_there;
    });
  };
  add(current, desired, true);
  add(desired, current, false);
  return columns;
}

}  // namespace

std::optional<diff::SchemaPair> with_current_column_order(const model::Schema& current, const model::Schema& desired) {
  ColumnOrders from, to;
  const ColumnOrders before = column_orders(current);
  for (const auto& [table, columns] : column_orders(desired)) {
    const auto found = before.find(table);
    if (found == before.end()) continue;
    std::vector<std::string> later = after_change(found->second, columns);
    if (later == columns) continue;
    from.emplace(table, columns);
    to.emplace(table, std::move(later));
  }
  if (from.empty()) return std::nullopt;
  const ResultTypes types = result_types(desired);
  diff::SchemaPair schemas{current, desired};
  bool is_changed = false;
  const auto reorder = [&](auto& item) {
    const std::string definition = item.definition;
    write_in_order(item, types, from, to);
    is_changed = is_changed || definition != item.definition;
  };
  std::for_each(schemas.desired.views.begin(), schemas.desired.views.end(), reorder);
  std::for_each(schemas.desired.objects.begin(), schemas.desired.objects.end(), reorder);
  if (!is_changed) return std::nullopt;
  return schemas;
}

}  // namespace whimbrel::dialect::postgres
