#include "dialect/sqlite/rewrite/name_moves.h"

#include <algorithm>

#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

using namespace operation;
using model::Schema;
using model::Table;

namespace {

/// Returns whether anything but this table has the name, among the names of indexes.
bool has_index_name_elsewhere(const Schema& schema, const Table& table, const std::string& name) {
  const auto is_it = [&](const std::string& other) { return sql::equal_ignoring_case(other, name); };
  const auto has_it = [&](const Table& other) {
    return is_it(other.name.name) || std::any_of(other.indexes.begin(), other.indexes.end(),
                                                 [&](const model::Index& index) { return is_it(index.name.text); });
  };
  return std::any_of(schema.tables.begin(), schema.tables.end(),
                     [&](const Table& other) { return other.name != table.name && has_it(other); }) ||
         std::any_of(schema.views.begin(), schema.views.end(),
                     [&](const model::View& view) { return is_it(view.name.name); });
}

bool has_trigger_name_elsewhere(const Schema& schema, const Table& table, const std::string& name) {
  const auto has_it = [&](const auto& other) {
    return std::any_of(other.triggers.begin(), other.triggers.end(),
                       [&](const model::Trigger& trigger) { return sql::equal_ignoring_case(trigger.name, name); });
  };
  return std::any_of(schema.tables.begin(), schema.tables.end(),
                     [&](const Table& other) { return other.name != table.name && has_it(other); }) ||
         std::any_of(schema.views.begin(), schema.views.end(), has_it);
}

}  // namespace

bool moves_name(const Operation& operation, const Table& table, const Schema& before, const Schema& after) {
  if (const auto* op = std::get_if<DropIndex>(&operation)) {
    return has_index_name_elsewhere(after, table, op->index.name.text);
  }
  if (const auto* op = std::get_if<CreateIndex>(&operation)) {
    return has_index_name_elsewhere(before, table, op->index.name.text);
  }
  if (const auto* op = std::get_if<DropTrigger>(&operation)) {
    return has_trigger_name_elsewhere(after, table, op->trigger.name);
  }
  if (const auto* op = std::get_if<CreateTrigger>(&operation)) {
    return has_trigger_name_elsewhere(before, table, op->trigger.name);
  }
  return false;
}

}  // namespace whimbrel::dialect::sqlite
