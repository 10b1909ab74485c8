#include "diff/rename_order.h"

#include <algorithm>
#include <map>
#include <set>

namespace whimbrel::diff {

namespace {

/// Returns the renames whose new name is free or is given up by another of them.
std::vector<std::size_t> possible(const std::vector<NamePair>& renames,
                                  const std::function<bool(const std::string&)>& is_taken) {
  std::vector<std::size_t> left(renames.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  std::set<std::string> given_up;
  for (const NamePair& names : renames) given_up.insert(names.from);
  const auto is_impossible = [&](std::size_t i) {
    return is_taken(renames[i].to) && !given_up.contains(renames[i].to);
  };
  for (;;) {
    const auto found = std::find_if(left.begin(), left.end(), is_impossible);
    if (found == left.end()) return left;
    given_up.erase(renames[*found].from);
    left.erase(found);
  }
}

}  // namespace

std::vector<RenameStep> order_renames(const std::vector<NamePair>& renames,
                                      const std::function<bool(const std::string&)>& is_taken) {
  using Part = RenameStep::Part;
  std::vector<RenameStep> steps;
  std::vector<std::size_t> left = possible(renames, is_taken);
  std::set<std::string> given_up;
  std::set<std::size_t> away;
  while (!left.empty()) {
    const auto free = std::find_if(left.begin(), left.end(), [&](std::size_t i) {
      return !is_taken(renames[i].to) || given_up.contains(renames[i].to);
    });
    const std::size_t next = free == left.end() ? left.front() : *free;
    given_up.insert(renames[next].from);
    if (free == left.end()) {
      away.insert(next);
      steps.push_back({next, Part::away});
      continue;
    }
    steps.push_back({next, away.contains(next) ? Part::home : Part::whole});
    left.erase(free);
  }
  return steps;
}

std::vector<std::size_t> cycle_of(const std::vector<NamePair>& renames, std::size_t start) {
  std::map<std::string, std::size_t> by_old_name;
  for (std::size_t i = 0; i < renames.size(); ++i) by_old_name.emplace(renames[i].from, i);
  std::vector<std::size_t> cycle{start};
  for (auto next = by_old_name.find(renames[start].to); next != by_old_name.end();
       next = by_old_name.find(renames[cycle.back()].to)) {
    if (next->second == start) return cycle;
    if (cycle.size() == renames.size()) return {};
    cycle.push_back(next->second);
  }
  return {};
}

std::vector<std::string> relations_of(const model::Table& table) {
  std::vector<std::string> names;
  const auto add = [&](const auto& items) {
    for (const auto& item : items) names.push_back(item.name.text);
  };
  if (table.primary_key) names.push_back(table.primary_key->name.text);
  add(table.uniques);
  add(table.exclusions);
  add(table.indexes);
  for (const model::Column& column : table.columns) {
    if (column.sequence.value) names.push_back(column.sequence.value->name.name);
  }
  return names;
}

}  // namespace whimbrel::diff
