#include "operation/uses.h"

#include <algorithm>

namespace whimbrel::operation {

bool uses(const model::Uses& uses, const model::Name& table, const std::string& column) {
  if (!uses.value) return true;
  return std::any_of(uses.value->begin(), uses.value->end(), [&](const model::Reference& used) {
    return used.kind.empty() && used.column == column && used.name == table;
  });
}

model::Uses uses_of(const model::Index& index, const model::Name& table) {
  const bool has_expression =
      !index.where.empty() || std::any_of(index.columns.begin(), index.columns.end(),
                                          [](const model::KeyPart& part) { return !part.expression.empty(); });
  if (index.uses.value || has_expression) return index.uses;
  std::vector<model::Reference> used;
  for (const std::string& column : model::column_names(index.columns)) used.push_back({table, column, {}});
  for (const std::string& column : index.included) used.push_back({table, column, {}});
  std::sort(used.begin(), used.end());
  return {std::move(used)};
}

void for_each_uses(model::Schema& schema, const std::function<void(model::Uses&)>& function) {
  const auto of_all = [&](auto& items) {
    for (auto& item : items) function(item.uses);
  };
  for (model::Table& table : schema.tables) {
    for (model::Column& column : table.columns) {
      function(column.type_uses);
      function(column.default_uses);
      if (column.computed) function(column.computed->uses);
    }
    of_all(table.checks);
    of_all(table.exclusions);
    of_all(table.indexes);
    of_all(table.triggers);
  }
  for (model::View& view : schema.views) {
    function(view.uses);
    of_all(view.indexes);
    of_all(view.triggers);
  }
  of_all(schema.objects);
}

}  // namespace whimbrel::operation
