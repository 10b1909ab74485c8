#include "plan/detach.h"

#include <algorithm>
#include <iterator>
#include <type_traits>

#include "plan/type_detour.h"

namespace whimbrel::plan {

namespace {

using namespace operation;
using model::Table;
using Operations = std::vector<Operation>;

bool uses_more(const model::Uses& uses, const Table& table) {
  return uses.value && std::any_of(uses.value->begin(), uses.value->end(), [&](const model::Reference& used) {
           return !used.kind.empty() || used.name != table.name;
         });
}

/// Moves the parts that use anything outside their table to `taken`, converted by `make`.
template <class Part, class Make>
void take(Table& table, std::vector<Part>& parts, Operations& taken, Make make) {
  for (const Part& part : parts) {
    if (uses_more(part.uses, table)) taken.emplace_back(make(part));
  }
  std::erase_if(parts, [&](const Part& part) { return uses_more(part.uses, table); });
}

/// Removes the parts and defaults that use anything outside the table, and returns them as operations of these kinds.
template <class CheckOperation, class ExclusionOperation, class IndexOperation, class TriggerOperation>
Operations take_parts(Table& table) {
  Operations taken;
  take(table, table.checks, taken, [&](const auto& part) { return CheckOperation{table.name, part}; });
  take(table, table.exclusions, taken, [&](const auto& part) { return ExclusionOperation{table.name, part}; });
  take(table, table.indexes, taken, [&](const auto& part) { return IndexOperation{table.name, part}; });
  take(table, table.triggers, taken, [&](const auto& part) { return TriggerOperation{table.name, part}; });
  constexpr bool is_created = std::is_same_v<CheckOperation, AddCheck>;
  for (model::Column& column : table.columns) {
    if (!uses_more(column.default_uses, table)) continue;
    const model::Column whole = column;
    column.default_expression.reset();
    column.default_uses = {};
    taken.emplace_back(is_created ? AlterColumn{table.name, column, whole, {}}
                                  : AlterColumn{table.name, whole, column, {}});
  }
  return taken;
}

/// Removes the default before the column changes, if a default replaces it that uses something else.
Operations take_default(AlterColumn& op) {
  const auto& before = op.before.default_uses.value;
  if (!op.before.default_expression || !op.after.default_expression || before == op.after.default_uses.value) return {};
  const AlterColumn drop{op.table, op.before, without_default(op.before), {}};
  op.before = drop.after;
  return {drop};
}

}  // namespace

bool detach(Operations& operations, const std::vector<std::size_t>& cycle) {
  Operations taken;
  for (const std::size_t place : cycle) {
    Operations parts;
    if (auto* created = std::get_if<CreateTable>(&operations[place])) {
      parts = take_parts<AddCheck, AddExclusion, CreateIndex, CreateTrigger>(created->table);
    }
    if (auto* dropped = std::get_if<DropTable>(&operations[place])) {
      parts = take_parts<DropCheck, DropExclusion, DropIndex, DropTrigger>(dropped->table);
    }
    if (auto* altered = std::get_if<AlterColumn>(&operations[place])) parts = take_default(*altered);
    std::move(parts.begin(), parts.end(), std::back_inserter(taken));
  }
  const bool is_any = !taken.empty();
  std::move(taken.begin(), taken.end(), std::back_inserter(operations));
  return is_any;
}

}  // namespace whimbrel::plan
