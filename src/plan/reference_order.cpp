#include "plan/reference_order.h"

#include <algorithm>
#include <map>

namespace whimbrel::plan {

namespace {

using namespace operation;

class NeedOrder {
 public:
  explicit NeedOrder(const std::vector<Needing>& items) : items_(items) {
    for (std::size_t i = 0; i < items.size(); ++i) index_[items[i].name] = i;
    state_.resize(items.size(), State::unseen);
    for (std::size_t i = 0; i < items.size(); ++i) visit(i);
  }

  [[nodiscard]] std::vector<std::size_t> take() { return std::move(result_); }

 private:
  enum class State { unseen, entered, placed };
  struct Frame {
    std::size_t item;
    std::size_t next_need = 0;
  };

  // Uses an explicit stack, because a chain of thousands of references could overflow the program's.
  void visit(std::size_t start) {
    if (state_[start] != State::unseen) return;
    std::vector<Frame> stack{{start}};
    state_[start] = State::entered;
    while (!stack.empty()) {
      Frame& frame = stack.back();
      const std::vector<model::Name>& needs = items_[frame.item].needs;
      if (frame.next_need == needs.size()) {
        state_[frame.item] = State::placed;
        result_.push_back(frame.item);
        stack.pop_back();
        continue;
      }
      const auto needed = index_.find(needs[frame.next_need++]);
      if (needed == index_.end() || state_[needed->second] != State::unseen) continue;
      state_[needed->second] = State::entered;
      stack.push_back({needed->second});
    }
  }

  const std::vector<Needing>& items_;
  std::map<model::Name, std::size_t> index_;
  std::vector<State> state_;
  std::vector<std::size_t> result_;
};

Needing references_of(const model::Table& table) {
  Needing result{table.name, table.inherits};
  for (const model::ForeignKey& key : table.foreign_keys) result.needs.push_back(key.referenced_table);
  return result;
}

/// Sorts the operations of one kind by references, within the places that they occupy.
template <class TableOperation>
void order_tables(const std::vector<Operation>& operations, std::vector<std::size_t>& places, bool referenced_first) {
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (std::holds_alternative<TableOperation>(operations[places[i]])) own.push_back(i);
  }
  if (own.size() < 2) return;
  if (!referenced_first) std::reverse(own.begin(), own.end());

  std::vector<Needing> tables;
  std::vector<std::size_t> ordered;
  tables.reserve(own.size());
  ordered.reserve(own.size());
  for (const std::size_t place : own) {
    tables.push_back(references_of(std::get<TableOperation>(operations[places[place]]).table));
  }
  for (const std::size_t index : places_by_needs(tables)) ordered.push_back(places[own[index]]);
  for (std::size_t i = 0; i < own.size(); ++i) places[own[i]] = ordered[i];
}

}  // namespace

std::vector<std::size_t> places_by_needs(const std::vector<Needing>& items) { return NeedOrder(items).take(); }

void order_tables(const std::vector<Operation>& operations, std::vector<std::size_t>& places) {
  order_tables<CreateTable>(operations, places, true);
  order_tables<DropTable>(operations, places, false);
}

}  // namespace whimbrel::plan
