#include "plan/plan.h"

#include <algorithm>
#include <map>
#include <set>

namespace whimbrel::plan {

namespace {

using namespace operation;

/// When an operation runs: what refers goes before and comes after what it refers to.
int phase(const Operation& operation) {
  return std::visit(Visitor{
                        [](const DropView&) { return 0; },         [](const DropTrigger&) { return 1; },
                        [](const DropForeignKey&) { return 2; },   [](const DropIndex&) { return 3; },
                        [](const DropCheck&) { return 4; },        [](const DropExclusion&) { return 5; },
                        [](const DropUnique&) { return 6; },       [](const DropTable&) { return 7; },
                        [](const RenameTable&) { return 8; },      [](const RenameColumn&) { return 9; },
                        [](const CreateTable&) { return 10; },     [](const AlterTable&) { return 11; },
                        [](const AddColumn&) { return 12; },       [](const AlterColumn&) { return 13; },
                        [](const AlterPrimaryKey&) { return 14; }, [](const DropColumn&) { return 15; },
                        [](const RebuildTable&) { return 16; },    [](const AddUnique&) { return 17; },
                        [](const AddCheck&) { return 18; },        [](const AddExclusion&) { return 19; },
                        [](const CreateIndex&) { return 20; },     [](const AddForeignKey&) { return 21; },
                        [](const CreateView&) { return 22; },      [](const CreateTrigger&) { return 23; },
                    },
                    operation);
}

/// Tables so that each comes after those that it refers to; those in a cycle stay in the order given.
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

  // With a stack of its own: a chain of thousands of references is no reason to run out of the program's.
  void visit(std::size_t start) {
    if (state_[start] != State::unseen) return;
    std::vector<Frame> stack{{start}};
    state_[start] = State::entered;
    while (!stack.empty()) {
      Frame& frame = stack.back();
      const auto& keys = tables_[frame.table]->foreign_keys;
      if (frame.next_key == keys.size()) {
        state_[frame.table] = State::placed;
        result_.push_back(frame.table);
        stack.pop_back();
        continue;
      }
      const auto referenced = index_.find(keys[frame.next_key++].referenced_table);
      if (referenced == index_.end() || state_[referenced->second] != State::unseen) continue;
      state_[referenced->second] = State::entered;
      stack.push_back({referenced->second});
    }
  }

  const std::vector<const model::Table*>& tables_;
  std::map<model::Name, std::size_t> index_;
  std::vector<State> state_;
  std::vector<std::size_t> result_;
};

/// Puts the operations of one kind, at their places in the list, into the order of references.
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
  return result;
}

}  // namespace whimbrel::plan
