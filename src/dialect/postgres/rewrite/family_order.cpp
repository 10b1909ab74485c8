#include "dialect/postgres/rewrite/family_order.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/comment.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;
using model::Table;

/// What the same constraint of several tables has in common.
using SameConstraint = std::pair<std::string, std::vector<std::string>>;

/// Returns the table of the constraint, or of the column whose NOT NULL is the object.
const Name& table_of(const Operation& operation) {
  const auto* const made = std::get_if<CreateObject>(&operation);
  return made != nullptr ? column_of(made->object).name : target_name(operation);
}

/// Sorts the operations on the same constraint: each takes a place of another one.
void sort_places(std::vector<Operation>& operations, const std::map<SameConstraint, std::vector<std::size_t>>& all,
                 Depths& depths, bool children_first) {
  for (const auto& [constraint, places] : all) {
    if (places.size() < 2) continue;
    std::vector<std::pair<int, Operation>> sorted;
    for (const std::size_t place : places) {
      const int depth = depths.of(table_of(operations[place]));
      sorted.emplace_back(children_first ? -depth : depth, std::move(operations[place]));
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < places.size(); ++i) operations[places[i]] = std::move(sorted[i].second);
  }
}

using TableColumn = std::pair<Name, std::string>;
using ColumnPlaces = std::map<TableColumn, std::size_t>;

/// Where the operations are that concern types of columns.
struct TypeChanges {
  ColumnPlaces added, dropped;
  std::vector<std::pair<TableColumn, std::size_t>> changed;  ///< A column can be a text meanwhile.
  std::map<Name, std::size_t> created;                       ///< Tables with several parents, and their children.

  explicit TypeChanges(const std::vector<Operation>& operations) {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (const auto* const add = std::get_if<AddColumn>(&operations[i])) {
        added.emplace(std::pair(add->table, add->column.name), i);
      } else if (const auto* const drop = std::get_if<DropColumn>(&operations[i])) {
        dropped.emplace(std::pair(drop->table, drop->column.name), i);
      } else if (const auto* const made = std::get_if<CreateTable>(&operations[i])) {
        const std::vector<Name>& parents = made->table.inherits;
        const bool follows =
            std::any_of(parents.begin(), parents.end(), [&](const Name& parent) { return created.contains(parent); });
        if (parents.size() > 1 || follows) created.emplace(made->table.name, i);
      } else if (const auto* const op = std::get_if<AlterColumn>(&operations[i])) {
        if (changes_type(*op)) changed.emplace_back(TableColumn(op->table, op->before.name), i);
      }
    }
  }
};

}  // namespace

Depths::Depths(const Schema& schema) {
  for (const Table& table : schema.tables) {
    if (!table.inherits.empty()) parents_.emplace(table.name, &table.inherits);
  }
}

int Depths::of(const Name& table) {
  const auto parents = parents_.find(table);
  if (parents == parents_.end()) return 0;
  if (const auto known = depths_.find(table); known != depths_.end()) return known->second;
  int most = 0;
  for (const Name& parent : *parents->second) most = std::max(most, of(parent) + 1);
  depths_.emplace(table, most);
  return most;
}

void order_in_families(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  Depths before(from);
  Depths after(to);
  if (before.empty() && after.empty()) return;
  std::map<SameConstraint, std::vector<std::size_t>> dropped, added, not_nulls;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (const auto* const drop = std::get_if<DropCheck>(&operations[i])) {
      dropped[{drop->check.name.text, {}}].push_back(i);
    } else if (const auto* const check = std::get_if<AddCheck>(&operations[i])) {
      added[{check->check.name.text, {check->check.expression}}].push_back(i);
    } else if (const auto* const key = std::get_if<AddForeignKey>(&operations[i])) {
      added[{to_string(key->foreign_key.referenced_table), key->foreign_key.columns}].push_back(i);
    } else if (const auto* const made = std::get_if<CreateObject>(&operations[i])) {
      if (made->object.kind == own_not_null_kind) not_nulls[{column_of(made->object).column, {}}].push_back(i);
    }
  }
  sort_places(operations, dropped, before, false);
  sort_places(operations, added, after, true);
  sort_places(operations, not_nulls, after, false);
}

void order_type_changes(std::vector<Operation>& operations, const Relatives& relatives, const Schema& to) {
  if (relatives.empty()) return;
  const TypeChanges found(operations);
  Depths depths(to);
  std::vector<std::size_t> places(operations.size());  // Odd: that of an operation; even: between two of them.
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = 2 * i + 1;
  for (const auto& [column, place] : found.changed) {
    const auto family = relatives.find(column.first);
    if (family == relatives.end()) continue;
    for (const Name& other : family->second) {
      const bool is_parent = depths.of(other) < depths.of(column.first);
      const auto added = found.added.find({other, column.second});
      const auto dropped = found.dropped.find({other, column.second});
      const auto created = found.created.find(other);
      if (is_parent && added != found.added.end()) {
        places[added->second] = std::max(places[added->second], 2 * place + 2);
      }
      if (is_parent && dropped != found.dropped.end()) {
        places[dropped->second] = std::min(places[dropped->second], 2 * place);
      }
      if (!is_parent && created != found.created.end()) {
        places[created->second] = std::max(places[created->second], 2 * place + 2);
      }
    }
  }
  std::vector<std::size_t> order(operations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return places[a] < places[b]; });
  std::vector<Operation> sorted;
  sorted.reserve(operations.size());
  for (const std::size_t i : order) sorted.push_back(std::move(operations[i]));
  operations = std::move(sorted);
}

}  // namespace whimbrel::dialect::postgres
