#include "dialect/postgres/rewrite/column_order.h"

#include <algorithm>

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;

/// Returns the statement in which the operation may list columns; null if it has none.
const std::string* definition_in(const Operation& operation) {
  if (const auto* const op = std::get_if<CreateView>(&operation)) return &op->view.definition;
  if (const auto* const op = std::get_if<AlterView>(&operation)) return &op->after.definition;
  if (const auto* const op = std::get_if<CreateObject>(&operation)) return &op->object.definition;
  if (const auto* const op = std::get_if<AlterObject>(&operation)) return &op->after.definition;
  return nullptr;
}

}  // namespace

MovingColumns::MovingColumns(const Schema& before, const Schema& after)
    : orders_(column_orders(before)),
      before_{orders_, result_types(before)},
      after_{column_orders(after), result_types(after)} {
  for (const model::View& view : before.views) former_.insert(view.definition);
  for (const model::Object& object : before.objects) former_.insert(object.definition);
  for (const Schema* const schema : {&before, &after}) {
    for (const model::Table& table : schema->tables) {
      for (const Name& parent : table.inherits) children_[parent].insert(table.name);
    }
  }
}

void MovingColumns::follow(std::vector<Operation>& operations, const Schema& to) {
  for (Operation& operation : operations) follow(operation, to);
}

void MovingColumns::follow(Operation& operation, const Schema& to) {
  if (const auto* const made = std::get_if<CreateTable>(&operation)) {
    orders_.erase(made->table.name);
    if (!made->table.inherits.empty()) return;  // Its columns are in the order of its parents.
    std::vector<std::string>& columns = orders_[made->table.name];
    for (const model::Column& column : made->table.columns) columns.push_back(column.name);
  } else if (const auto* const added = std::get_if<AddColumn>(&operation)) {
    add(added->table, added->column.name);
  } else if (const auto* const dropped = std::get_if<DropColumn>(&operation)) {
    drop(dropped->table, dropped->column.name, to);
  } else if (auto* const view = std::get_if<CreateView>(&operation)) {
    rewrite(view->view);
  } else if (auto* const altered = std::get_if<AlterView>(&operation)) {
    rewrite(altered->after);
  } else if (auto* const object = std::get_if<CreateObject>(&operation)) {
    rewrite(object->object);
  } else if (auto* const changed = std::get_if<AlterObject>(&operation)) {
    rewrite(changed->after);
  }
}

void MovingColumns::add(const Name& table, const std::string& column) {
  const auto found = orders_.find(table);
  if (found == orders_.end()) return;
  std::vector<std::string>& columns = found->second;
  if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
  for (const Name& child : children_[table]) add(child, column);
}

void MovingColumns::drop(const Name& table, const std::string& column, const Schema& to) {
  const auto found = orders_.find(table);
  if (found == orders_.end()) return;
  std::erase(found->second, column);
  for (const Name& child : children_[table]) {
    const model::Table* const later = to.find_table(child);
    if (later == nullptr || later->find_column(column) == nullptr) drop(child, column, to);
  }
}

template <class T>
void MovingColumns::rewrite(T& item) const {
  const Written& written = former_.contains(item.definition) ? before_ : after_;
  write_in_order(item, written.types, written.orders, orders_);
}

void add_list_dependencies(const std::vector<Operation>& operations, const Schema& to,
                           std::vector<plan::Dependency>& dependencies) {
  std::map<Name, std::vector<std::size_t>> added;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const op = std::get_if<AddColumn>(&operations[i]);
    if (op != nullptr) added[op->table].push_back(i);
  }
  if (added.empty()) return;
  const ResultTypes types = result_types(to);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const std::string* const definition = definition_in(operations[i]);
    if (definition == nullptr) continue;
    for (const Name& table : listed_tables(*definition, types)) {
      const auto found = added.find(table);
      if (found == added.end()) continue;
      for (const std::size_t add : found->second) dependencies.emplace_back(add, i);
    }
  }
}

}  // namespace whimbrel::dialect::postgres
