#include "plan/reference_order.h"

#include <algorithm>
#include <map>

namespace whimbrel::plan {

namespace {

using namespace operation;

/// Sorts tables so that each comes after those that it references; those in a cycle keep the given order.
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

  // Uses an explicit stack, because a chain of thousands of references could overflow the program's.
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

/// Sorts the operations of one kind by references, within the places that they occupy.
template <class TableOperation>
void order_tables(const std::vector<Operation>& operations, std::vector<std::size_t>& places, bool referenced_first) {
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (std::holds_alternative<TableOperation>(operations[places[i]])) own.push_back(i);
  }
  if (own.size() < 2) return;
  if (!referenced_first) std::reverse(own.begin(), own.end());

  std::vector<const model::Table*> tables;
  std::vector<std::size_t> ordered;
  tables.reserve(own.size());
  ordered.reserve(own.size());
  for (const std::size_t place : own) tables.push_back(&std::get<TableOperation>(operations[places[place]]).table);
  const ReferenceOrder references(tables);  // Must outlive the use of its result.
  for (const std::size_t index : references.result()) ordered.push_back(places[own[index]]);
  for (std::size_t i = 0; i < own.size(); ++i) places[own[i]] = ordered[i];
}

}  // namespace

void order_tables(const std::vector<Operation>& operations, std::vector<std::size_t>& places) {
  order_tables<CreateTable>(operations, places, true);
  order_tables<DropTable>(operations, places, false);
}

}  // namespace whimbrel::plan
