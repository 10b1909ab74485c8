#pragma once

#include "write/entity_plan.h"
#include "write/member_text.h"

/// The options of a column's type and default. Wherever the entity's own terms lead to the same column, they are used
/// instead of the database's, so that the entity describes the column for other databases, too.
namespace whimbrel::write {

/// Adds the options that lead to the column's type.
void add_type(Options& options, const PlannedMember& member, const model::Table& table, bool in_primary_key,
              const model::TypeMapping& mapping);

/// Returns whether the type needs `with_time_zone`, too, which is the last option.
[[nodiscard]] bool has_time_zone(const PlannedMember& member, const model::TypeMapping& mapping);

/// Returns whether `json` describes the column without its type.
[[nodiscard]] bool is_json_column(const PlannedMember& member, const model::TypeMapping& mapping);

/// Returns whether `create_date` describes the column with its default: the time when a row is inserted.
[[nodiscard]] bool is_create_date(const PlannedMember& member, const model::TypeMapping& mapping);

/// Adds the default. Not for a create_date.
void add_default(Options& options, const PlannedMember& member, const model::TypeMapping& mapping);

}  // namespace whimbrel::write
