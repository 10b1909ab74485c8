#include "dialect/mysql/rewrite/triggers.h"

#include <algorithm>
#include <map>

#include "dialect/mysql/text/program_text.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Name;
using Schema = model::IndexedSchema;
using model::Table;
using model::Trigger;
using Names = std::set<std::string>;

template <class TriggerOperation>
Names trigger_names_in(const std::vector<Operation>& operations, const Name& table) {
  Names names;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<TriggerOperation>(&operation);
    if (op != nullptr && op->table == table) names.insert(op->trigger.name);
  }
  return names;
}

/// Sorts the created triggers of the table among their places.
void sort_created(std::vector<Operation>& operations, const Table& table) {
  std::vector<std::size_t> places;
  std::vector<CreateTrigger> created;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const op = std::get_if<CreateTrigger>(&operations[i]);
    if (op == nullptr || op->table != table.name) continue;
    places.push_back(i);
    created.push_back(*op);
  }
  const auto place_of = [&](const CreateTrigger& op) {
    return std::find_if(table.triggers.begin(), table.triggers.end(),
                        [&](const Trigger& trigger) { return trigger.name == op.trigger.name; });
  };
  std::stable_sort(created.begin(), created.end(),
                   [&](const CreateTrigger& a, const CreateTrigger& b) { return place_of(a) < place_of(b); });
  for (std::size_t i = 0; i < places.size(); ++i) operations[places[i]] = std::move(created[i]);
}

}  // namespace

void add_following(Names& names, const std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) {
    const std::string followed = followed_trigger(trigger.definition);
    if (!followed.empty() && names.contains(followed)) names.insert(trigger.name);
  }
}

void keep_trigger_order(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<Operation> drops;
  for (const Table& table : to.tables) {
    const Table* const before = from.find_table(table.name);
    const Names created = trigger_names_in<CreateTrigger>(operations, table.name);
    if (before == nullptr || created.empty()) continue;
    Names recreated = created;
    add_following(recreated, table.triggers);
    for (const Trigger& trigger : table.triggers) {
      const bool stays = std::find(before->triggers.begin(), before->triggers.end(), trigger) != before->triggers.end();
      if (!stays || created.contains(trigger.name) || !recreated.contains(trigger.name)) continue;
      drops.emplace_back(DropTrigger{table.name, trigger});
      operations.emplace_back(CreateTrigger{table.name, trigger});
    }
    sort_created(operations, table);
  }
  operations.insert(operations.begin(), drops.begin(), drops.end());
}

}  // namespace whimbrel::dialect::mysql
