#include "plan/plan.h"

#include <algorithm>
#include <map>
#include <set>

namespace whimbrel::plan {

namespace {

using namespace operation;

/// When an operation runs: dependents are dropped before and created after what they reference.
int phase(const Operation& operation) {
  return std::visit(
      Visitor{
          [](const DropView&) { return 0; },
          [](const DropTrigger&) { return 2; },
          [](const DropForeignKey&) { return 3; },
          [](const DropIndex&) { return 4; },
          [](const DropCheck&) { return 5; },
          [](const DropExclusion&) { return 6; },
          [](const DropUnique&) { return 7; },
          [](const DropTable&) { return 8; },
          [](const CreateSchema&) { return 9; },
          [](const CreateEnum&) { return 10; },
          [](const AlterEnum&) { return 11; },
          [](const RenameEnumValue&) { return 11; },
          [](const RenameTable&) { return 13; },
          [](const RenameColumn&) { return 14; },
          [](const RenameConstraint&) { return 14; },
          [](const CreateTable&) { return 15; },
          // A table is detached from dropped parents, with which it would be dropped, and attached to new ones.
          [](const AlterTable& op) { return op.inherits_after.empty() && !op.inherits_before.empty() ? 7 : 16; },
          [](const AddColumn&) { return 17; },
          [](const AlterColumn&) { return 18; },
          [](const AlterPrimaryKey&) { return 19; },
          [](const DropColumn&) { return 20; },
          [](const RebuildTable&) { return 21; },
          [](const AddUnique&) { return 23; },
          [](const AddCheck&) { return 24; },
          [](const AddExclusion&) { return 25; },
          [](const CreateIndex&) { return 26; },
          [](const AddForeignKey&) { return 27; },
          [](const CreateView&) { return 29; },
          [](const CreateTrigger&) { return 30; },
          [](const DropEnum&) { return 32; },
          [](const DropSchema&) { return 33; },
          [](const CreateObject& op) { return op.object.after_tables ? 28 : 12; },
          [](const DropObject& op) { return op.object.after_tables ? 1 : 31; },
          [](const AlterObject& op) { return op.after.after_tables ? 28 : 12; },
      },
      operation);
}

/// Sorts each table after those that it references; tables in a cycle keep their order.
class ReferenceOrder {
 public:
  explicit ReferenceOrder(const std::vector<const model::Table*>& tables) : tables_(tables) {
    for (std::size_t i = 0; i < tables.size(); ++i) index_[tables[i]->name] = i;
    state_.resize(tables.size(), State::unseen);
    for (std::size_t i = 0; i < tables.size(); ++i) visit(i);
  }

  [[nodiscard]] const std::vector<std::size_t>& result() const { return result_; }

 private:
  enum class State { unseen, entered, placed };
  struct Frame {
    std::size_t table;
    std::size_t next_key = 0;
  };

  // An explicit stack: a chain of thousands of references must not overflow the call stack.
  void visit(std::size_t start) {
    if (state_[start] != State::unseen) return;
    std::vector<Frame> stack{{start}};
    state_[start] = State::entered;
    while (!stack.empty()) {
      Frame& frame = stack.back();
      const model::Table& table = *tables_[frame.table];
      if (frame.next_key == table.foreign_keys.size() + table.inherits.size()) {
        state_[frame.table] = State::placed;
        result_.push_back(frame.table);
        stack.pop_back();
        continue;
      }
      const auto referenced = index_.find(reference(table, frame.next_key++));
      if (referenced == index_.end() || state_[referenced->second] != State::unseen) continue;
      state_[referenced->second] = State::entered;
      stack.push_back({referenced->second});
    }
  }

  static const model::Name& reference(const model::Table& table, std::size_t number) {
    const std::size_t parents = table.inherits.size();
    return number < parents ? table.inherits[number] : table.foreign_keys[number - parents].referenced_table;
  }

  const std::vector<const model::Table*>& tables_;
  std::map<model::Name, std::size_t> index_;
  std::vector<State> state_;
  std::vector<std::size_t> result_;
};

/// Sorts the operations of one kind by reference, at their positions in the list.
template <class TableOperation>
void order_tables(std::vector<Operation>& operations, bool referenced_first) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (std::holds_alternative<TableOperation>(operations[i])) places.push_back(i);
  }
  if (places.size() < 2) return;
  if (!referenced_first) std::reverse(places.begin(), places.end());

  std::vector<const model::Table*> tables;
  tables.reserve(places.size());
  for (const std::size_t place : places) tables.push_back(&std::get<TableOperation>(operations[place]).table);
  std::vector<Operation> ordered;
  ordered.reserve(places.size());
  const ReferenceOrder references(tables);  // Lives as long as its result is read.
  for (const std::size_t index : references.result()) ordered.push_back(operations[places[index]]);
  for (std::size_t i = 0; i < places.size(); ++i) operations[places[i]] = std::move(ordered[i]);
}

void append(std::vector<Operation>& to, const std::vector<Operation>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::vector<Operation> order(std::vector<Operation> operations) {
  std::stable_sort(operations.begin(), operations.end(),
                   [](const Operation& a, const Operation& b) { return phase(a) < phase(b); });
  order_tables<CreateTable>(operations, true);
  order_tables<DropTable>(operations, false);
  return operations;
}

std::vector<Part> split(const Plan& plan) {
  std::vector<Part> parts(1);
  const auto name = [](const auto& op) { return std::pair(op.table, op.index.name.text); };
  std::map<std::pair<model::Name, std::string>, std::size_t> places;
  for (const Operation& operation : plan.up) {
    const auto* op = std::get_if<CreateIndex>(&operation);
    if (op == nullptr || !op->concurrently) {
      parts.front().plan.up.push_back(operation);
      continue;
    }
    places.emplace(name(*op), parts.size());
    parts.push_back({{{operation}, {}}, false});
  }
  for (const Operation& operation : plan.down) {
    const auto* op = std::get_if<DropIndex>(&operation);
    const std::size_t place = op != nullptr && op->concurrently ? places.at(name(*op)) : 0;
    parts[place].plan.down.push_back(operation);
  }
  if (parts.front().plan.up.empty() && parts.front().plan.down.empty()) parts.erase(parts.begin());
  return parts;
}

Plan in_one_transaction(Plan plan) {
  for (std::vector<Operation>* operations : {&plan.up, &plan.down}) {
    for (Operation& operation : *operations) {
      if (auto* create = std::get_if<CreateIndex>(&operation)) create->concurrently = false;
      if (auto* drop = std::get_if<DropIndex>(&operation)) drop->concurrently = false;
    }
  }
  return plan;
}

Plan plan(const std::vector<Operation>& renames, const std::vector<Operation>& operations, const model::Schema& before,
          const model::Schema& after, const Rewriter& rewriter) {
  Plan rest;
  rest.up = order(operations);
  rest.down = order(reverse(rest.up));
  rest = rewriter.rewrite(std::move(rest), before, after);

  Plan result;
  result.up = renames;
  append(result.up, rest.up);
  result.down = std::move(rest.down);
  append(result.down, reverse(renames));
  result.notes = std::move(rest.notes);
  result.down_notes = std::move(rest.down_notes);
  return result;
}

}  // namespace whimbrel::plan
