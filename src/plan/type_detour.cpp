#include "plan/type_detour.h"

#include <algorithm>

namespace whimbrel::plan {

using namespace operation;

model::Column without_default(model::Column column) {
  column.default_expression.reset();
  column.default_uses = {};
  return column;
}

bool TypeDetours::add(const model::Name& table, const model::Column& before, const model::Column& after,
                      std::vector<model::Name> parents) {
  return columns_.emplace(std::pair(table, before.name), Detour{before, after, std::move(parents)}).second;
}

void TypeDetours::put_default(const model::Name& table, const Detour& detour, std::vector<Operation>& operations,
                              std::vector<Operation>& makes) {
  model::Column bare = without_default(detour.before);
  // That it has the type is the business of its parents.
  bare.type_uses.value.emplace();
  const auto planned = std::find_if(operations.begin(), operations.end(), [&](const Operation& operation) {
    const auto* const op = std::get_if<AlterColumn>(&operation);
    return op != nullptr && op->table == table && op->before.name == detour.before.name;
  });
  AlterColumn restore{table, bare, detour.after, {}, {}};
  if (planned != operations.end()) {
    restore = std::get<AlterColumn>(*planned);
    restore.before = without_default(std::move(restore.before));
    operations.erase(planned);
  }
  // It is set when the parents have the type again.
  model::Uses& uses = restore.after.default_uses;
  if (!uses.value) uses.value.emplace();
  for (const model::Name& parent : detour.parents) uses.value->push_back({parent, detour.before.name, {}});
  std::sort(uses.value->begin(), uses.value->end());
  if (restore.before != restore.after) makes.emplace_back(std::move(restore));
  if (!detour.before.default_expression) return;
  model::Column before = detour.before;
  before.type_uses.value.emplace();
  operations.insert(operations.begin(), AlterColumn{table, std::move(before), std::move(bare), {}, {}});
}

void TypeDetours::put(std::vector<Operation>& operations, std::vector<Operation>& drops,
                      std::vector<Operation>& makes) const {
  for (const auto& column : columns_) {
    const model::Name& table = column.first.first;
    const Detour& detour = column.second;
    model::Column text = without_default(detour.before);
    text.type = text_;
    text.base_type = {};
    text.collation.clear();
    text.auto_increment = false;  // The default is dropped, the sequence stays.
    text.type_uses = {};
    AlterColumn there{table, detour.before, text, {}, {}};
    there.by_text = true;
    const auto is_of_column = [&](const Operation& operation) {
      const auto* const op = std::get_if<AlterColumn>(&operation);
      return op != nullptr && op->table == table && op->before.name == column.first.second;
    };
    std::erase_if(drops, is_of_column);
    std::erase_if(makes, is_of_column);
    if (!detour.parents.empty()) {
      put_default(table, detour, operations, makes);
      continue;
    }
    drops.emplace_back(std::move(there));
    const auto planned = std::find_if(operations.begin(), operations.end(), is_of_column);
    if (planned != operations.end()) {
      auto& op = std::get<AlterColumn>(*planned);
      op.before = std::move(text);
      op.by_text = true;
      continue;
    }
    AlterColumn back{table, std::move(text), detour.after, {}, {}};
    back.by_text = true;
    makes.emplace_back(std::move(back));
  }
}

}  // namespace whimbrel::plan
