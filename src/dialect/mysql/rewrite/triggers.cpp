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

using Places = std::vector<std::size_t>;

/// Sorts the created triggers of the table among their places.
void sort_created(std::vector<Operation>& operations, const Places& places, const Table& table) {
  std::vector<CreateTrigger> created;
  for (const std::size_t place : places) created.push_back(std::get<CreateTrigger>(operations[place]));
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
  std::map<Name, Places> places_by_table;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const op = std::get_if<CreateTrigger>(&operations[i]);
    if (op != nullptr) places_by_table[op->table].push_back(i);
  }
  std::vector<Operation> drops;
  for (const Table& table : to.tables) {
    const Table* const before = from.find_table(table.name);
    const auto found = places_by_table.find(table.name);
    if (before == nullptr || found == places_by_table.end()) continue;
    Places& places = found->second;
    Names created;
    for (const std::size_t place : places) created.insert(std::get<CreateTrigger>(operations[place]).trigger.name);
    Names recreated = created;
    add_following(recreated, table.triggers);
    for (const Trigger& trigger : table.triggers) {
      const bool stays = std::find(before->triggers.begin(), before->triggers.end(), trigger) != before->triggers.end();
      if (!stays || created.contains(trigger.name) || !recreated.contains(trigger.name)) continue;
      drops.emplace_back(DropTrigger{table.name, trigger});
      places.push_back(operations.size());
      operations.emplace_back(CreateTrigger{table.name, trigger});
    }
    sort_created(operations, places, table);
  }
  operations.insert(operations.begin(), drops.begin(), drops.end());
}

}  // namespace whimbrel::dialect::mysql
