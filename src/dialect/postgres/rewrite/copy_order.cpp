#include <algorithm>
#include <set>
#include <utility>

#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/rewrite/replaced_tables.h"
#include "plan/effects.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;

/// Returns whether some of the parents are not among the others.
bool has_more_parents(const std::vector<Name>& parents, const std::vector<Name>& others) {
  return std::any_of(parents.begin(), parents.end(), [&](const Name& parent) {
    return std::find(others.begin(), others.end(), parent) == others.end();
  });
}

class CopyOrder {
 public:
  CopyOrder(const std::vector<Operation>& operations, const ReplacedTables& replaced,
            std::vector<plan::Dependency>& dependencies)
      : replaced_(replaced), dependencies_(dependencies) {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (const auto* const op = std::get_if<RebuildTable>(&operations[i])) copies_.emplace(op->after.name, i);
    }
    for (const Operation& operation : operations) {
      if (const auto* const changed = std::get_if<AlterTable>(&operation)) find_joined(*changed);
      const auto* const op = std::get_if<DropTable>(&operation);
      if (op == nullptr || op->kept_as.empty()) continue;
      for (const plan::Item& used : plan::effects_of(operation).frees) {
        used_[{Name(std::string(used.schema), std::string(used.name)), std::string(used.kind)}].insert(
            replaced_.kept.at(op->table.name));
      }
    }
  }

  void add(const Operation& operation, std::size_t place) {
    place_ = place;
    std::visit(*this, operation);
  }

  void operator()(const CreateTable& op) { before(replaced_.members, op.table.name); }
  void operator()(const DropTable& op) {
    if (!op.kept_as.empty()) before_copy(replaced_.kept.at(op.table.name));
  }
  void operator()(const AlterTable& op) {
    if (has_more_parents(op.inherits_after, op.inherits_before)) return before(replaced_.members, op.table);
    // A table leaves its old parent before the parent makes way.
    if (!has_more_parents(op.inherits_before, op.inherits_after)) after(replaced_.members, op.table);
  }
  void operator()(const AddForeignKey& op) {
    const Name& referenced = op.foreign_key.referenced_table;
    if (joined_.contains(op.table) && !replaced_.members.contains(referenced)) return;
    for (const Name& table : {op.table, referenced}) {
      after(replaced_.members, table);
      after(replaced_.parents, table);
    }
  }
  void operator()(const AddCheck& op) {
    if (op.check.not_valid) after(replaced_.members, op.table);
  }
  void operator()(const DropTrigger& op) { before(replaced_.members, op.table); }
  void operator()(const CreateTrigger& op) { after(replaced_.members, op.table); }
  void operator()(const CreateView& op) { after_what_it_needs(op); }
  void operator()(const AlterView& op) { after_what_it_needs(op); }
  void operator()(const CreateObject& op) {
    if (!goes_with_type(op.object)) return after_what_it_needs(op);
    // It decides how the copied rows are stored.
    for (const model::Reference& used : *op.object.uses.value) before(replaced_.members, used.name);
  }
  void operator()(const AlterObject& op) { after_what_it_needs(op); }
  // The old table uses it until it is dropped.
  void operator()(const DropObject& op) { after_use(op.object.name, op.object.kind); }
  void operator()(const DropEnum& op) { after_use({{}, to_string(op.type.name)}, "enum"); }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  /// The keys of both tables come before one becomes a partition of the other, which comes before the rows.
  void find_joined(const AlterTable& op) {
    for (const Name& parent : op.inherits_after) {
      if (!has_more_parents({parent}, op.inherits_before)) continue;
      joined_.insert(parent);
      joined_.insert(op.table);
    }
  }

  void before_copy(const Name& table) { dependencies_.emplace_back(place_, copies_.at(table)); }
  void after_copy(const Name& table) { dependencies_.emplace_back(copies_.at(table), place_); }
  void before(const TableSets& copied, const Name& table) {
    const auto found = copied.find(table);
    if (found == copied.end()) return;
    for (const Name& root : found->second) before_copy(root);
  }
  void after(const TableSets& copied, const Name& table) {
    const auto found = copied.find(table);
    if (found == copied.end()) return;
    for (const Name& root : found->second) after_copy(root);
  }
  void after_use(const Name& name, const std::string& kind) {
    const auto found = used_.find({name, kind});
    if (found == used_.end()) return;
    for (const Name& root : found->second) after_copy(root);
  }
  template <class Op>
  void after_what_it_needs(const Op& op) {
    const Operation operation = op;
    std::set<Name> tables;
    for (const plan::Item& item : plan::effects_of(operation).needs) {
      if (item.kind.empty()) tables.emplace(std::string(item.schema), std::string(item.name));
    }
    for (const Name& table : tables) after(replaced_.members, table);
  }

  const ReplacedTables& replaced_;
  std::vector<plan::Dependency>& dependencies_;
  std::map<Name, std::size_t> copies_;  ///< The places of RebuildTable.
  std::map<std::pair<Name, std::string>, std::set<Name>> used_;
  std::set<Name> joined_;  ///< Tables that are put together, parents and partitions.
  std::size_t place_ = 0;
};

}  // namespace

void add_copy_dependencies(const std::vector<Operation>& operations, const ReplacedTables& replaced,
                           std::vector<plan::Dependency>& dependencies) {
  if (replaced.empty()) return;
  CopyOrder order(operations, replaced, dependencies);
  for (std::size_t i = 0; i < operations.size(); ++i) order.add(operations[i], i);
}

}  // namespace whimbrel::dialect::postgres
