#pragma once

#include "entity/builder.h"
#include "model/type_mapping.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// The column that a member describes; `type_source` is the description whose options say the type, most often the
/// same. Throws Error (entity) for options that do not fit the member or the database.
[[nodiscard]] model::Column lower_column(const detail::EntityBuilder& entity, const ColumnDescription& column,
                                         const ColumnDescription& type_source,
                                         const std::map<std::string, std::string>& table_options,
                                         const model::TypeMapping& mapping);

/// Is the column of the primary key?
/// Is its default the current time, without being given?
[[nodiscard]] bool has_made_date(const ColumnDescription& column);
[[nodiscard]] bool is_primary(const ColumnDescription& column);

}  // namespace whimbrel::entity
