#include "dialect/postgres/rewrite/logging_order.h"

#include <map>

namespace whimbrel::dialect::postgres {

namespace {

constexpr const char* option = "UNLOGGED";

}  // namespace

bool changes_logging(const operation::AlterTable& op) {
  return op.options_before.contains(option) != op.options_after.contains(option);
}

void add_logging_dependencies(const std::vector<operation::Operation>& operations, const model::Schema& to,
                              std::vector<plan::Dependency>& dependencies) {
  std::map<model::Name, std::size_t> unlogged, logged;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const op = std::get_if<operation::AlterTable>(&operations[i]);
    if (op == nullptr || !changes_logging(*op)) continue;
    (op->options_after.contains(option) ? unlogged : logged).emplace(op->table, i);
  }
  const auto add = [&](const auto& tables, const model::Name& first, const model::Name& second) {
    const auto before = tables.find(first);
    const auto after = tables.find(second);
    if (before == tables.end() || after == tables.end() || before == after) return;
    dependencies.emplace_back(before->second, after->second);
  };
  for (const model::Table& table : to.tables) {
    for (const model::ForeignKey& key : table.foreign_keys) {
      add(unlogged, table.name, key.referenced_table);
      add(logged, key.referenced_table, table.name);
    }
  }
}

}  // namespace whimbrel::dialect::postgres
