#include "dialect/sqlite/rewrite/name_moves.h"

namespace whimbrel::dialect::sqlite {

using namespace operation;
using model::Table;

bool moves_name(const Operation& operation, const Table& table, const IndexedNames& before, const IndexedNames& after) {
  if (const auto* op = std::get_if<DropIndex>(&operation)) return after.has_relation_beside(table, op->index.name.text);
  if (const auto* op = std::get_if<CreateIndex>(&operation)) {
    return before.has_relation_beside(table, op->index.name.text);
  }
  if (const auto* op = std::get_if<DropTrigger>(&operation)) return after.has_trigger_beside(table, op->trigger.name);
  if (const auto* op = std::get_if<CreateTrigger>(&operation)) {
    return before.has_trigger_beside(table, op->trigger.name);
  }
  return false;
}

}  // namespace whimbrel::dialect::sqlite
