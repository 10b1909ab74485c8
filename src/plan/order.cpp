#include "plan/order.h"

#include <algorithm>
#include <map>
#include <queue>
#include <unordered_map>

#include "operation/describe.h"
#include "operation/uses.h"
#include "plan/detach.h"
#include "plan/effects.h"
#include "plan/reference_order.h"
#include "whimbrel/error.h"

namespace whimbrel::plan {

namespace {

using namespace operation;

/// Decides which of two operations comes first if no known dependency does: dependents are dropped early and created
/// late, and whatever may call functions comes when everything that these could need exists.
enum class Turn {
  drop_view,
  drop_late_object,
  drop_trigger,
  drop_foreign_key,
  leave_parents,
  drop_index,
  drop_constraint,
  drop_table,
  create_schema,
  make_enum,
  make_object,
  rename,
  create_table,
  alter_table,
  add_column,
  alter_column,
  alter_key,
  drop_column,
  rebuild_table,
  add_constraint,
  create_index,
  add_foreign_key,
  join_parents,
  make_late_object,
  create_view,
  make_last_object,
  create_trigger,
  drop_object,
  drop_enum,
  drop_schema,
};

Turn turn_to_make(const model::Object& object) {
  if (object.after_views) return Turn::make_last_object;
  return object.after_tables ? Turn::make_late_object : Turn::make_object;
}

/// Returns whether some of the parents are not among the others.
bool has_more(const std::vector<model::Name>& parents, const std::vector<model::Name>& others) {
  return std::any_of(parents.begin(), parents.end(), [&](const model::Name& parent) {
    return std::find(others.begin(), others.end(), parent) == others.end();
  });
}

Turn turn_of(const Operation& operation) {
  return std::visit(
      Visitor{
          [](const CreateSchema&) { return Turn::create_schema; },
          [](const DropSchema&) { return Turn::drop_schema; },
          [](const CreateEnum&) { return Turn::make_enum; },
          [](const DropEnum&) { return Turn::drop_enum; },
          [](const AlterEnum&) { return Turn::make_enum; },
          [](const RenameEnumValue&) { return Turn::make_enum; },
          [](const CreateObject& op) { return turn_to_make(op.object); },
          [](const DropObject& op) { return op.object.after_tables ? Turn::drop_late_object : Turn::drop_object; },
          [](const AlterObject& op) { return turn_to_make(op.after); },
          [](const CreateTable&) { return Turn::create_table; },
          [](const DropTable&) { return Turn::drop_table; },
          [](const RenameTable&) { return Turn::rename; },
          // What a table has of old parents would go with these, and what new ones have it must have, too.
          [](const AlterTable& op) {
            if (has_more(op.inherits_before, op.inherits_after)) return Turn::leave_parents;
            return has_more(op.inherits_after, op.inherits_before) ? Turn::join_parents : Turn::alter_table;
          },
          [](const AddColumn&) { return Turn::add_column; },
          [](const DropColumn&) { return Turn::drop_column; },
          [](const RenameColumn&) { return Turn::rename; },
          [](const AlterColumn&) { return Turn::alter_column; },
          [](const AlterPrimaryKey&) { return Turn::alter_key; },
          [](const AddUnique&) { return Turn::add_constraint; },
          [](const DropUnique&) { return Turn::drop_constraint; },
          [](const AddCheck&) { return Turn::add_constraint; },
          [](const DropCheck&) { return Turn::drop_constraint; },
          [](const AddExclusion&) { return Turn::add_constraint; },
          [](const DropExclusion&) { return Turn::drop_constraint; },
          [](const AddForeignKey&) { return Turn::add_foreign_key; },
          [](const DropForeignKey&) { return Turn::drop_foreign_key; },
          [](const CreateIndex&) { return Turn::create_index; },
          [](const DropIndex&) { return Turn::drop_index; },
          [](const CreateTrigger&) { return Turn::create_trigger; },
          [](const DropTrigger&) { return Turn::drop_trigger; },
          [](const CreateView&) { return Turn::create_view; },
          [](const DropView&) { return Turn::drop_view; },
          [](const AlterView&) { return Turn::create_view; },
          [](const RenameConstraint&) { return Turn::rename; },
          [](const RebuildTable&) { return Turn::rebuild_table; },
      },
      operation);
}

struct ItemHash {
  std::size_t operator()(const Item& item) const {
    std::size_t result = 0;
    for (const std::string_view part : {item.schema, item.name, item.column, item.kind}) {
      result = result * 31 + std::hash<std::string_view>()(part);
    }
    return result;
  }
};

/// Returns whether the item has a name by which other operations can refer to it.
bool is_named(const Item& item) {
  return !item.name.empty() && (!item.column.empty() || (item.kind != "constraint" && item.kind != "trigger"));
}

/// The operations that create (or drop, or change) an item.
class ByItem {
 public:
  void add(const std::vector<Item>& items, std::size_t operation) {
    for (const Item& item : items) {
      if (is_named(item)) places_[item].push_back(operation);
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& find(const Item& item) const {
    static const std::vector<std::size_t> none;
    const auto found = places_.find(item);
    return found == places_.end() ? none : found->second;
  }

 private:
  std::unordered_map<Item, std::vector<std::size_t>, ItemHash> places_;
};

/// Returns whether the operation, which changes something in place, may come before or after changes to what it needs:
/// what fits only one definition of a column that it also used before is recreated, and the order of functions and
/// types is the dialect's.
bool fits_changes(const Effects& effects, const Item& needed) {
  if (!effects.makes.empty() || !effects.drops.empty() || effects.changes.size() != 1) return false;
  const Item& changed = effects.changes.front();
  const bool is_routine = changed.kind == "function" || changed.kind == "procedure";
  if (is_routine) return needed.kind == "type";
  return changed.kind.empty() && changed.column.empty() && !needed.column.empty() &&
         std::find(effects.frees.begin(), effects.frees.end(), needed) != effects.frees.end();
}

/// The operations, and which of them must run before which.
class Graph {
 public:
  explicit Graph(const std::vector<Operation>& operations, const std::vector<Dependency>& more = {},
                 IndexNames names = IndexNames::of_schema)
      : next_(operations.size()), waits_for_(operations.size()) {
    effects_.reserve(operations.size());
    for (const Operation& operation : operations) effects_.push_back(effects_of(operation, names));
    for (std::size_t i = 0; i < effects_.size(); ++i) {
      makers_.add(effects_[i].makes, i);
      droppers_.add(effects_[i].drops, i);
      changers_.add(effects_[i].changes, i);
      needers_.add(effects_[i].needs, i);
    }
    for (std::size_t i = 0; i < effects_.size(); ++i) {
      add_edges(i);
      if (std::holds_alternative<RenameConstraint>(operations[i])) pass_names(i);
    }
    chain_changes(operations);
    for (const Dependency& dependency : more) add_edge(dependency.first, dependency.second);
  }

  /// Returns the sorted operations, by rank if no dependency decides. Those in a cycle or after one are omitted.
  [[nodiscard]] std::vector<std::size_t> sorted(const std::vector<std::size_t>& ranks) const {
    const auto comes_later = [&](std::size_t a, std::size_t b) { return ranks[a] > ranks[b]; };
    std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(comes_later)> ready(comes_later);
    std::vector<std::size_t> open = waits_for_;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (open[i] == 0) ready.push(i);
    }
    std::vector<std::size_t> result;
    result.reserve(open.size());
    while (!ready.empty()) {
      result.push_back(ready.top());
      ready.pop();
      for (const std::size_t later : next_[result.back()]) {
        if (--open[later] == 0) ready.push(later);
      }
    }
    return result;
  }

  /// Returns a cycle among those that could not be sorted: each must run before the next, and the last before the
  /// first.
  [[nodiscard]] std::vector<std::size_t> find_cycle(const std::vector<std::size_t>& unsorted) const {
    std::vector<std::size_t> before(next_.size());
    for (const std::size_t i : unsorted) {
      for (const std::size_t later : next_[i]) before[later] = i;
    }
    // Each of them waits for another one of them, so following the edges back must reach a known one.
    std::vector<bool> is_seen(next_.size());
    std::size_t at = unsorted.front();
    while (!is_seen[at]) {
      is_seen[at] = true;
      at = before[at];
    }
    std::vector<std::size_t> cycle{at};
    for (std::size_t i = before[at]; i != at; i = before[i]) cycle.push_back(i);
    std::reverse(cycle.begin(), cycle.end());
    return cycle;
  }

 private:
  void add_edge(std::size_t first, std::size_t second) {
    if (first == second) return;
    next_[first].push_back(second);
    ++waits_for_[second];
  }

  /// A change of a column comes after the one that makes what it starts from. Two that undo each other enclose the
  /// operation that they make possible.
  void chain_changes(const std::vector<Operation>& operations) {
    std::map<std::pair<model::Name, std::string>, std::vector<std::size_t>> by_column;
    for (std::size_t i = 0; i < operations.size(); ++i) {
      const auto* const op = std::get_if<AlterColumn>(&operations[i]);
      if (op != nullptr) by_column[{op->table, op->before.name}].push_back(i);
    }
    for (const auto& column : by_column) {
      for (const std::size_t i : column.second) {
        for (const std::size_t j : column.second) {
          const auto& first = std::get<AlterColumn>(operations[i]);
          const auto& second = std::get<AlterColumn>(operations[j]);
          if (first.after == second.before && second.after != first.before) add_edge(i, j);
        }
      }
    }
  }

  void add_edges(std::size_t i) {
    const Effects& effects = effects_[i];
    const bool only_drops = effects.makes.empty() && !effects.drops.empty();
    const bool only_makes = effects.drops.empty();
    for (const Item& item : effects.needs) {
      const std::vector<std::size_t>& makers = makers_.find(item);
      for (const std::size_t maker : makers) add_edge(maker, i);
      // If no operation creates it, it can be used only until it is dropped. The key that a foreign key references
      // stays then: what is dropped is a second one with the same columns.
      if (makers.empty() && item.kind != "key") {
        for (const std::size_t dropper : droppers_.find(item)) add_edge(i, dropper);
      }
      if (!only_makes || fits_changes(effects, item)) continue;
      for (const std::size_t changer : changers_.find(item)) add_edge(changer, i);
    }
    for (const Item& item : effects.frees) {
      for (const std::size_t dropper : droppers_.find(item)) add_edge(i, dropper);
      if (!only_drops) continue;
      for (const std::size_t changer : changers_.find(item)) add_edge(i, changer);
    }
    // The values of a column that leaves a type need not fit what that becomes.
    for (const Item& item : effects.leaves) {
      if (std::find(effects.needs.begin(), effects.needs.end(), item) != effects.needs.end()) continue;
      for (const std::size_t changer : changers_.find(item)) add_edge(i, changer);
    }
    // An operation that drops and creates names passes them on, possibly in a cycle; their given order is right.
    if (!only_drops) return;
    for (const Item& item : effects.drops) {
      for (const std::size_t maker : makers_.find(item)) {
        if (!effects_[maker].drops.empty()) continue;
        if (item.kind != any_overload || !can_be_together(i, maker, item)) add_edge(i, maker);
      }
    }
  }

  /// Overloads exist side by side, unless a call would be ambiguous: that of what is said to call any of them, or of
  /// what is made to call the new one. An operation that leaves the old one for the new one needs both.
  [[nodiscard]] bool can_be_together(std::size_t dropper, std::size_t maker, const Item& overloads) const {
    if (!needers_.find(overloads).empty()) return false;
    const std::vector<Item>& drops = effects_[dropper].drops;
    std::vector<std::size_t> callers;
    for (const Item& made : effects_[maker].makes) {
      if (made.kind == any_overload) continue;
      const std::vector<std::size_t>& found = needers_.find(made);
      callers.insert(callers.end(), found.begin(), found.end());
    }
    return callers.empty() || std::any_of(callers.begin(), callers.end(), [&](std::size_t caller) {
             const std::vector<Item>& frees = effects_[caller].frees;
             return std::any_of(frees.begin(), frees.end(), [&](const Item& item) {
               return std::find(drops.begin(), drops.end(), item) != drops.end();
             });
           });
  }

  /// What takes the old name of a part comes after the rename, and what leaves the new name comes before it.
  void pass_names(std::size_t rename) {
    for (const Item& item : effects_[rename].drops) {
      for (const std::size_t maker : makers_.find(item)) {
        if (effects_[maker].drops.empty()) add_edge(rename, maker);
      }
    }
    for (const Item& item : effects_[rename].makes) {
      for (const std::size_t dropper : droppers_.find(item)) {
        if (effects_[dropper].makes.empty()) add_edge(dropper, rename);
      }
    }
  }

  std::vector<Effects> effects_;
  ByItem makers_, droppers_, changers_, needers_;
  std::vector<std::vector<std::size_t>> next_;
  std::vector<std::size_t> waits_for_;
};

/// Returns the position of each operation in the order of their turns alone.
std::vector<std::size_t> ranks_of(const std::vector<Operation>& operations) {
  std::vector<Turn> turns;
  turns.reserve(operations.size());
  for (const Operation& operation : operations) turns.push_back(turn_of(operation));
  std::vector<std::size_t> places(operations.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return turns[a] < turns[b]; });
  order_tables(operations, places);
  std::vector<std::size_t> ranks(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) ranks[places[i]] = i;
  return ranks;
}

std::vector<Operation> in_order(std::vector<Operation>& operations, const std::vector<std::size_t>& places) {
  std::vector<Operation> result;
  result.reserve(places.size());
  for (const std::size_t place : places) result.push_back(std::move(operations[place]));
  return result;
}

/// Returns the places that are not among these.
std::vector<std::size_t> missing(const std::vector<std::size_t>& places, std::size_t count) {
  std::vector<bool> is_there(count);
  for (const std::size_t place : places) is_there[place] = true;
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_there[i]) result.push_back(i);
  }
  return result;
}

[[noreturn]] void refuse(const std::vector<Operation>& operations, const std::vector<std::size_t>& cycle) {
  std::string words;
  for (const std::size_t place : cycle) words += describe(operations[place]) + " -> ";
  words += describe(operations[cycle.front()]);
  throw Error(ErrorKind::unsafe,
              "Cannot order the changes, because each must come before the next, in a cycle: " + words)
      .with_remedy("Write a migration with one of these changes (`newmigration`), then generate the others.");
}

}  // namespace

std::vector<Operation> order(std::vector<Operation> operations) {
  const Graph graph(operations);
  const std::vector<std::size_t> ranks = ranks_of(operations);
  std::vector<std::size_t> places = graph.sorted(ranks);
  if (places.size() < operations.size()) {
    std::vector<std::size_t> rest = missing(places, operations.size());
    std::sort(rest.begin(), rest.end(), [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; });
    places.insert(places.end(), rest.begin(), rest.end());
  }
  return in_order(operations, places);
}

std::vector<Operation> order_and_detach(std::vector<Operation> operations, const FindDependencies& find_dependencies,
                                        IndexNames names) {
  for (;;) {
    const std::vector<Dependency> more = find_dependencies ? find_dependencies(operations) : std::vector<Dependency>();
    const Graph graph(operations, more, names);
    const std::vector<std::size_t> places = graph.sorted(ranks_of(operations));
    if (places.size() == operations.size()) return in_order(operations, places);
    const std::vector<std::size_t> cycle = graph.find_cycle(missing(places, operations.size()));
    if (!detach(operations, cycle)) refuse(operations, cycle);
  }
}

std::vector<Operation> order_and_detach(std::vector<Operation> operations, IndexNames names) {
  return order_and_detach(std::move(operations), FindDependencies(), names);
}

}  // namespace whimbrel::plan
