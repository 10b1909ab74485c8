#include "diff/parent_backfill.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace whimbrel::diff {

namespace {

using model::Name;
using model::Table;

/// The columns that are added, or those that are dropped.
template <class Op>
class Parents {
 public:
  Parents(std::vector<operation::Operation>& operations, const std::vector<Table>& tables) {
    for (const Table& table : tables) {
      if (!table.inherits.empty()) parents_.emplace(table.name, &table.inherits);
    }
    if (parents_.empty()) return;
    for (operation::Operation& operation : operations) {
      if (auto* const op = std::get_if<Op>(&operation)) columns_.emplace(std::pair(op->table, op->column.name), op);
    }
  }

  void pass_on() {
    for (auto& [name, op] : columns_) {
      const model::Column& column = op->column;
      if (op->backfill || column.nullable || column.default_expression || column.computed) continue;
      op->backfill = of_parents(op->table, column);
    }
  }

 private:
  /// Returns what the nearest parent gives the rows.
  [[nodiscard]] std::optional<std::string> of_parents(const Name& table, const model::Column& column) const {
    const auto parents = parents_.find(table);
    if (parents == parents_.end()) return std::nullopt;
    for (const Name& parent : *parents->second) {
      const auto found = columns_.find({parent, column.name});
      if (found != columns_.end() && found->second->backfill) return found->second->backfill;
      if (found != columns_.end() && column.of_parent.value && found->second->column.default_expression) {
        return found->second->column.default_expression;
      }
      if (std::optional<std::string> fill = of_parents(parent, column)) return fill;
    }
    return std::nullopt;
  }

  std::map<Name, const std::vector<Name>*> parents_;
  std::map<std::pair<Name, std::string>, Op*> columns_;
};

}  // namespace

void pass_on_backfills(std::vector<operation::Operation>& operations, const std::vector<Table>& current,
                       const std::vector<Table>& desired) {
  Parents<operation::AddColumn>(operations, desired).pass_on();
  Parents<operation::DropColumn>(operations, current).pass_on();
}

}  // namespace whimbrel::diff
