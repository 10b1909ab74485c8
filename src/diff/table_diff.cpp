#include "diff/table_diff.h"

#include <algorithm>

#include "diff/column_diff.h"
#include "diff/compared_table.h"
#include "diff/constraint_diff.h"
#include "diff/value_checks.h"

namespace whimbrel::diff {

namespace {

using namespace operation;
using model::Column;
using model::Table;
using model::Trigger;

void diff_options(ComparedTable& table) {
  const Table& current = table.current;
  const Table& desired = table.desired;
  auto options = desired.options;
  const bool is_described = table.strict() || table.context.match.database().describes_options();
  if (!is_described) options.insert(current.options.begin(), current.options.end());
  const std::string& comment = desired.comment.empty() && !table.strict() ? current.comment : desired.comment;
  const std::vector<model::Name>& inherits = table.strict() ? desired.inherits : current.inherits;
  if (options == current.options && comment == current.comment && inherits == current.inherits) return;
  table.add(AlterTable{current.name, current.options, options, current.comment, comment, current.inherits, inherits});
  table.target.options = options;
  table.target.comment = comment;
  table.target.inherits = inherits;
}

const Trigger* find_same(const Matcher& match, const std::vector<Trigger>& triggers, const Trigger& trigger) {
  const auto found = std::find_if(triggers.begin(), triggers.end(),
                                  [&](const Trigger& other) { return match.database().same_trigger(other, trigger); });
  return found == triggers.end() ? nullptr : &*found;
}

/// Returns those that fire in an order with the trigger, itself included.
std::vector<const Trigger*> fired_with(const Matcher& match, const std::vector<Trigger>& triggers,
                                       const Trigger& trigger) {
  std::vector<const Trigger*> fired;
  for (const Trigger& other : triggers) {
    if (match.database().same_trigger(trigger, other) || match.database().fires_in_order_of_creation(trigger, other))
      fired.push_back(&other);
  }
  return fired;
}

/// Returns the triggers of the current table that stay. Of those that fire in the order of their creation, these are
/// only the ones that both tables begin with: a trigger that is created, here or on the way back, becomes the newest.
std::vector<const Trigger*> kept_triggers(const ComparedTable& table) {
  const Matcher& match = table.context.match;
  std::vector<const Trigger*> kept;
  for (const Trigger& trigger : table.current.triggers) {
    const std::vector<const Trigger*> current = fired_with(match, table.current.triggers, trigger);
    const std::vector<const Trigger*> desired = fired_with(match, table.desired.triggers, trigger);
    for (std::size_t i = 0; i < std::min(current.size(), desired.size()); ++i) {
      if (!match.database().same_trigger(*current[i], *desired[i])) break;
      if (current[i] == &trigger) kept.push_back(&trigger);
    }
  }
  return kept;
}

/// The newest is dropped first, so that the way back creates the triggers in their order.
void diff_triggers(ComparedTable& table) {
  const Matcher& match = table.context.match;
  const std::vector<const Trigger*> kept = kept_triggers(table);
  const std::vector<Trigger>& current = table.current.triggers;
  for (auto trigger = current.rbegin(); trigger != current.rend(); ++trigger) {
    if (std::find(kept.begin(), kept.end(), &*trigger) == kept.end()) {
      table.add(DropTrigger{table.current.name, *trigger});
    }
  }
  std::vector<Trigger> target;
  for (const Trigger& trigger : table.desired.triggers) {
    const Trigger* const there = find_same(match, current, trigger);
    const bool stays = std::find(kept.begin(), kept.end(), there) != kept.end();
    if (!stays) table.add(CreateTrigger{table.current.name, trigger});
    target.push_back(stays ? *there : trigger);
  }
  table.target.triggers = std::move(target);
}

Table diff_checked(const Context& context, const Table& current, const Table& desired) {
  ComparedTable table(context, current, desired);
  diff_options(table);
  const std::vector<std::string> dropped_columns = diff_columns(table);
  diff_constraints(table, dropped_columns);
  if (table.strict()) diff_triggers(table);
  if (table.changed) table.target.definition.value.clear();
  table.target.entity = desired.entity;
  table.target.apart = desired.apart;  // It changes with the parents.
  return std::move(table.target);
}

bool loses_column(const Matcher& match, const Table& current, const Table& desired) {
  for (std::size_t i = 0; i < current.columns.size(); ++i) {
    const std::string& name = current.columns[i].name;
    if (i < desired.columns.size() && desired.columns[i].name == name) continue;
    const auto is_it = [&](const Column& other) { return match.same_column(name, other.name); };
    if (std::none_of(desired.columns.begin(), desired.columns.end(), is_it)) return true;
  }
  return false;
}

}  // namespace

Table diff_table(const Context& context, const Table& current, const Table& desired) {
  std::optional<Table> changed = with_value_checks(context, current, desired);
  const bool has_value_checks = changed.has_value();
  if (loses_column(context.match, current, desired)) {
    if (!changed) changed = current;
    context.match.database().find_uses(*changed);
  }
  Table target = diff_checked(context, changed ? *changed : current, desired);
  if (!has_value_checks || target.definition.value.empty()) return target;
  target.columns = current.columns;
  target.checks = current.checks;
  return target;
}

}  // namespace whimbrel::diff
