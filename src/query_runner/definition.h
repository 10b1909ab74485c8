#pragma once

#include "model/type_mapping.h"
#include "whimbrel/schema.h"

/// The definitions of hand-written migrations as parts of a model. All throw Error (usage) for a mistake, which names
/// the table and the column.
namespace whimbrel::run {

[[nodiscard]] model::Table lower(const TableDefinition& definition, const model::TypeMapping& mapping);
/// `options`: of the table, as in the model.
[[nodiscard]] model::Column lower(const std::string& table, const ColumnDefinition& column,
                                  const std::map<std::string, std::string>& options, const model::TypeMapping& mapping);
[[nodiscard]] model::Unique lower(const std::string& table, const UniqueDefinition& unique);
[[nodiscard]] model::Check lower(const std::string& table, const CheckDefinition& check);
[[nodiscard]] model::ForeignKey lower(const std::string& table, const ForeignKeyDefinition& key);
[[nodiscard]] model::Index lower(const std::string& table, const IndexDefinition& index);

/// Throws if the table has no column of one of the names.
void require_columns(const model::Table& table, const std::vector<std::string>& columns);

}  // namespace whimbrel::run
