#pragma once

#include "model/type_mapping.h"
#include "whimbrel/naming_strategy.h"
#include "whimbrel/schema.h"

/// Converts the definitions of hand-written migrations to parts of a model. All throw Error (usage), which names the
/// table and the column, for an invalid definition.
namespace whimbrel::query_runner {

/// `name`: the name of the table, with its schema.
[[nodiscard]] model::Table lower(const TableDefinition& definition, const model::Name& name,
                                 const model::TypeMapping& mapping, const NamingStrategy& naming);
/// `options`: the options of the table, as in the model.
[[nodiscard]] model::Column lower(const std::string& table, const ColumnDefinition& column,
                                  const std::map<std::string, std::string>& options, const model::TypeMapping& mapping);
[[nodiscard]] model::Unique lower(const std::string& table, const UniqueDefinition& unique,
                                  const NamingStrategy& naming);
[[nodiscard]] model::Check lower(const std::string& table, const CheckDefinition& check, const NamingStrategy& naming);
[[nodiscard]] model::ForeignKey lower(const std::string& table, const ForeignKeyDefinition& key,
                                      const NamingStrategy& naming);
[[nodiscard]] model::Index lower(const std::string& table, const IndexDefinition& index, const NamingStrategy& naming);

/// Throws if the table lacks one of the columns.
void require_columns(const model::Table& table, const std::vector<std::string>& columns);

}  // namespace whimbrel::query_runner
