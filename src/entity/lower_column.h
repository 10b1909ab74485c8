#pragma once

#include "entity/builder.h"
#include "model/type_mapping.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// Lowers the column of a member. `type_source` is the description that determines the type, usually the same one.
/// Throws Error (entity) for options that the member or the database does not support.
[[nodiscard]] model::Column lower_column(const detail::EntityBuilder& entity, const ColumnDescription& column,
                                         const ColumnDescription& type_source,
                                         const std::map<std::string, std::string>& table_options,
                                         const model::TypeMapping& mapping);

/// Returns whether the column is part of the primary key.
/// Returns whether its implicit default is the current time.
[[nodiscard]] bool has_made_date(const ColumnDescription& column);
[[nodiscard]] bool is_primary(const ColumnDescription& column);

}  // namespace whimbrel::entity
