#include "unit/entity/options/row.h"

#include "dialect/sqlite/dialect.h"
#include "entity/lower.h"
#include "plan/plan.h"
#include "support/dialects.h"
#include "unit/entity/options/thing.h"

namespace option_rows {

using namespace whimbrel;

namespace {

std::vector<std::string> statements_for(const Entities& entities, const std::string& prefix,
                                        const NamingStrategy& naming) {
  const dialect::Dialect& sqlite = test::sqlite_dialect();
  const model::Schema schema = entity::describe(entities, sqlite, prefix, naming).schema;
  std::vector<operation::Operation> operations;
  for (const model::Table& table : schema.tables) operations.emplace_back(operation::CreateTable{table});
  for (const model::View& view : schema.views) operations.emplace_back(operation::CreateView{view});
  std::vector<std::string> result;
  for (const sql::Statement& statement : sqlite.generate(plan::order(std::move(operations)))) {
    result.push_back(statement.sql);
  }
  return result;
}

}  // namespace

std::vector<Section> all_sections() {
  return {table_rows(),    inheritance_rows(), column_rows(), type_rows(), relation_rows(),
          junction_rows(), index_rows(),       tree_rows(),   view_rows()};
}

std::vector<std::string> ddl(const OptionRow& row) {
  const NamingStrategy& naming = row.naming == nullptr ? typeorm_naming() : *row.naming;
  std::vector<std::string> result = statements_for(row.entities, row.entity_prefix, naming);
  const auto leave_out = [&](const Entities& entities) {
    for (const std::string& other : statements_for(entities, row.entity_prefix, naming)) std::erase(result, other);
  };
  leave_out(entities<User, Region>());
  leave_out(row.beside);
  return result;
}

std::string refusal(const OptionRow& row) {
  try {
    static_cast<void>(ddl(row));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::entity) return error.what();
  }
  return "";
}

}  // namespace option_rows
