#include "dialect/postgres/rewrite/inheritance.h"

#include <algorithm>
#include <iterator>

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;

/// Returns the column of the table, its own or one that it inherits; null if there is none.
const model::Column* find_column(const Schema& schema, const Name& name, const std::string& column) {
  const model::Table* const table = schema.find_table(name);
  if (table == nullptr) return nullptr;
  if (const model::Column* const own = table->find_column(column)) return own;
  for (const Name& parent : table->inherits) {
    if (const model::Column* const inherited = find_column(schema, parent, column)) return inherited;
  }
  return nullptr;
}

/// Returns the parent's column as a child has it: a comment is not inherited, nor is identity, which a partition loses
/// at the latest when it is detached.
/// https://www.postgresql.org/docs/current/ddl-identity-columns.html
model::Column inherited_column(model::Column column, const std::string& comment) {
  column.comment = comment;
  if (!column.identity) return column;
  column.auto_increment = false;
  column.identity = false;
  column.identity_always = false;
  column.sequence_options.clear();
  return column;
}

bool inherits_from(const Schema& schema, const Name& name, const Name& parent) {
  const model::Table* const table = schema.find_table(name);
  return table != nullptr && std::any_of(table->inherits.begin(), table->inherits.end(), [&](const Name& direct) {
           return direct == parent || inherits_from(schema, direct, parent);
         });
}

}  // namespace

void keep_inherited_columns(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<model::Reference> kept;
  std::vector<Operation> changes;
  const auto keep = [&](const Name& table, const model::Column& before, const model::Column& after) {
    if (before != after) changes.emplace_back(AlterColumn{table, before, after, {}, {}});
    return true;
  };
  std::erase_if(operations, [&](const Operation& operation) {
    if (const auto* dropped = std::get_if<DropColumn>(&operation)) {
      const model::Column* const inherited = find_column(to, dropped->table, dropped->column.name);
      return inherited != nullptr &&
             keep(dropped->table, dropped->column, inherited_column(*inherited, dropped->column.comment));
    }
    const auto* added = std::get_if<AddColumn>(&operation);
    if (added == nullptr) return false;
    const model::Column* const inherited = find_column(from, added->table, added->column.name);
    if (inherited == nullptr) return false;
    kept.push_back({added->table, added->column.name, {}});
    return keep(added->table, inherited_column(*inherited, {}), added->column);
  });
  std::move(changes.begin(), changes.end(), std::back_inserter(operations));
  for (Operation& operation : operations) {
    auto* const dropped = std::get_if<DropColumn>(&operation);
    if (dropped == nullptr) continue;
    dropped->only = std::any_of(kept.begin(), kept.end(), [&](const model::Reference& column) {
      return column.column == dropped->column.name && inherits_from(from, column.name, dropped->table);
    });
  }
}

}  // namespace whimbrel::dialect::postgres
