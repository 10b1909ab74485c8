#pragma once

#include "model/type_mapping.h"
#include "whimbrel/schema.h"

/// Converts the definitions of hand-written migrations to parts of a model. All throw Error (usage), which names the
/// table and the column, for an invalid definition.
namespace whimbrel::run {

[[nodiscard]] model::Table lower(const TableDefinition& definition, const model::TypeMapping& mapping);
/// `options`: the options of the table, as in the model.
[[nodiscard]] model::Column lower(const std::string& table, const ColumnDefinition& column,
                                  const std::map<std::string, std::string>& options, const model::TypeMapping& mapping);
[[nodiscard]] model::Unique lower(const std::string& table, const UniqueDefinition& unique);
[[nodiscard]] model::Check lower(const std::string& table, const CheckDefinition& check);
[[nodiscard]] model::ForeignKey lower(const std::string& table, const ForeignKeyDefinition& key);
[[nodiscard]] model::Index lower(const std::string& table, const IndexDefinition& index);

/// Throws if the table lacks one of the columns.
void require_columns(const model::Table& table, const std::vector<std::string>& columns);

}  // namespace whimbrel::run
