#include "plan/type_detour.h"

#include <algorithm>

namespace whimbrel::plan {

using namespace operation;

bool TypeDetours::add(const model::Name& table, const model::Column& before, const model::Column& after) {
  return columns_.emplace(std::pair(table, before.name), Detour{before, after}).second;
}

void TypeDetours::put(std::vector<Operation>& operations, std::vector<Operation>& drops,
                      std::vector<Operation>& makes) const {
  for (const auto& column : columns_) {
    const model::Name& table = column.first.first;
    const Detour& detour = column.second;
    model::Column text = detour.before;
    text.type = text_;
    text.collation.clear();
    text.type_uses = {};
    text.default_expression.reset();
    text.default_uses = {};
    AlterColumn there{table, detour.before, text, {}, {}};
    there.by_text = true;
    const auto is_of_column = [&](const Operation& operation) {
      const auto* const op = std::get_if<AlterColumn>(&operation);
      return op != nullptr && op->table == table && op->before.name == column.first.second;
    };
    std::erase_if(drops, is_of_column);
    std::erase_if(makes, is_of_column);
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
