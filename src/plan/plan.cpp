#include "plan/plan.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>

namespace whimbrel::plan {

namespace {

using namespace operation;

void append(std::vector<Operation>& to, const std::vector<Operation>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

void recreate_columns(std::vector<Operation>& operations,
                      const std::function<bool(const AlterColumn&)>& must_recreate) {
  std::vector<Operation> added;
  for (Operation& operation : operations) {
    auto* const op = std::get_if<AlterColumn>(&operation);
    if (op == nullptr || !must_recreate(*op)) continue;
    added.emplace_back(AddColumn{op->table, op->after, 0, {}, {}});
    operation = DropColumn{op->table, op->before, 0, {}};
  }
  std::move(added.begin(), added.end(), std::back_inserter(operations));
}

void group_by_table(std::span<Operation> operations, const std::function<int(const Operation&)>& place) {
  std::map<model::Name, std::size_t> order;
  for (const Operation& operation : operations) order.try_emplace(target_name(operation), order.size());
  const auto key = [&](const Operation& operation) {
    return std::pair(order.at(target_name(operation)), place(operation));
  };
  std::stable_sort(operations.begin(), operations.end(),
                   [&](const Operation& a, const Operation& b) { return key(a) < key(b); });
}

void check_reversible(Plan& plan, const std::function<void()>& check) {
  try {
    check();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unsafe) throw;
    plan.irreversible_because = error;
  }
}

std::vector<MigrationPart> split(const Plan& plan) {
  std::vector<MigrationPart> parts(1);
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

namespace {

template <class... Creations>
bool is_one_of(const Operation& operation) {
  return (std::holds_alternative<Creations>(operation) || ...);
}

/// Returns whether it creates something that nothing needs but views, if another operation drops it.
bool is_creation(const Operation& operation) {
  return is_one_of<AddUnique, AddCheck, CreateIndex, CreateTrigger, CreateView, CreateObject>(operation);
}

/// The same for a creation, reversed, and for the operation that drops what it creates.
std::pair<std::size_t, std::string> key(const Operation& operation) { return {operation.index(), describe(operation)}; }

/// Removes what the first operations create last, only for the next to drop it. Views that are created after such a
/// view may select from it, so they move behind the place where the next create it.
void cancel_creations(std::vector<Operation>& first, std::vector<Operation>& next) {
  if (first.empty() || next.empty()) return;
  std::map<std::pair<std::size_t, std::string>, std::size_t> drops;
  for (std::size_t i = 0; i < next.size(); ++i) drops.emplace(key(next[i]), i);
  std::set<std::size_t> cancelled_creations;
  std::set<std::size_t> cancelled_drops;
  for (std::size_t i = first.size(); i-- > 0;) {
    const auto drop = is_creation(first[i]) ? drops.find(key(reverse(first[i]))) : drops.end();
    if (drop == drops.end()) continue;
    cancelled_creations.insert(i);
    cancelled_drops.insert(drop->second);
    drops.erase(drop);
  }
  std::set<model::Name> views;
  std::vector<Operation> kept;
  std::vector<Operation> later;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const auto* const view = std::get_if<CreateView>(&first[i]);
    if (cancelled_creations.contains(i)) {
      if (view != nullptr) views.insert(view->view.name);
    } else {
      (view != nullptr && !views.empty() ? later : kept).push_back(std::move(first[i]));
    }
  }
  first = std::move(kept);
  for (auto place = cancelled_drops.rbegin(); place != cancelled_drops.rend(); ++place) {
    next.erase(next.begin() + static_cast<std::ptrdiff_t>(*place));
  }
  const auto last = std::find_if(next.rbegin(), next.rend(), [&](const Operation& operation) {
    const auto* const view = std::get_if<CreateView>(&operation);
    return view != nullptr && views.contains(view->view.name);
  });
  next.insert(last == next.rend() ? next.end() : last.base(), later.begin(), later.end());
}

/// Returns whether a table moves into a schema that the operations create.
bool moves_into_new_schema(const std::vector<Operation>& renames, const std::vector<Operation>& operations) {
  std::set<std::string> made;
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<CreateSchema>(&operation)) made.insert(op->schema);
  }
  return std::any_of(renames.begin(), renames.end(), [&](const Operation& operation) {
    const auto* const rename = std::get_if<RenameTable>(&operation);
    return rename != nullptr && made.contains(rename->to.schema);
  });
}

/// Takes out the operations of a type, in their order.
template <class Op>
std::vector<Operation> take(std::vector<Operation>& operations) {
  std::vector<Operation> taken;
  for (const Operation& operation : operations) {
    if (std::holds_alternative<Op>(operation)) taken.push_back(operation);
  }
  std::erase_if(operations, [](const Operation& operation) { return std::holds_alternative<Op>(operation); });
  return taken;
}

}  // namespace

Plan plan(const std::vector<Operation>& renames, const std::vector<Operation>& operations, const model::Schema& before,
          const model::Schema& after, const Rewriter& rewriter) {
  Plan rest;
  rest.up = order(operations);
  rest.down = order(reverse(rest.up));
  rest = rewriter.rewrite(std::move(rest), before, after);

  Plan result;
  result.up = renames;
  const bool needs_schemas = moves_into_new_schema(renames, rest.up);
  cancel_creations(result.up, rest.up);
  if (needs_schemas) {
    const std::vector<Operation> schemas = take<CreateSchema>(rest.up);
    result.up.insert(result.up.begin(), schemas.begin(), schemas.end());
  }
  append(result.up, rest.up);
  std::vector<Operation> back = reverse(renames);
  cancel_creations(rest.down, back);
  if (needs_schemas) append(back, take<DropSchema>(rest.down));
  result.down = std::move(rest.down);
  append(result.down, back);
  result.notes = std::move(rest.notes);
  result.down_notes = std::move(rest.down_notes);
  result.irreversible_because = std::move(rest.irreversible_because);
  return result;
}

}  // namespace whimbrel::plan
