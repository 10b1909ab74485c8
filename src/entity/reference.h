#pragma once

#include "entity/builder.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// Which of the entities a foreign key refers to. Throws Error (entity) when it is none, or not clear.
[[nodiscard]] std::size_t find_target(const Builders& builders, const detail::EntityBuilder& entity,
                                      const ForeignKeyDescription& key);

/// The description that says which type a column has: its own, or, if that says nothing and the column holds a key, the
/// one of the column that it refers to.
[[nodiscard]] const ColumnDescription& type_source(const Builders& builders, const detail::EntityBuilder& entity,
                                                   const ColumnDescription& column);

/// The columns of the primary key. Throws Error (entity) when there are none.
[[nodiscard]] std::vector<const ColumnDescription*> primary_columns(const detail::EntityBuilder& entity);

/// A column without a name for the key that a column of `target` holds.
[[nodiscard]] ColumnDescription key_column(const Builders& builders, const detail::EntityBuilder& target,
                                           const ColumnDescription& column);

/// Makes the columns of the relations over members that hold no key. Throws Error (entity).
void add_join_columns(Builders& builders, const NamingStrategy& naming);

/// The member without the embedded structs that it is in.
[[nodiscard]] std::string own_name(const MemberName& member);

}  // namespace whimbrel::entity
