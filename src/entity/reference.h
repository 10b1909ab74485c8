#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "entity/builder.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// Finds the targets of foreign keys among the entities by their types and members. The entities must outlive it;
/// columns of relations may be added meanwhile, because no key names them.
class Targets {
 public:
  explicit Targets(const Builders& builders);

  /// Returns the entity that a foreign key references. Throws Error (entity) if there is none or it is ambiguous.
  [[nodiscard]] std::size_t find(const detail::EntityBuilder& entity, const ForeignKeyDescription& key) const;
  /// Returns the description that determines a column's type: its own or, if it sets no type and the column holds a
  /// key, that of the column that it references.
  [[nodiscard]] const ColumnDescription& type_source(const detail::EntityBuilder& entity,
                                                     const ColumnDescription& column) const;
  /// Returns an unnamed column for the key in a column of `target`.
  [[nodiscard]] ColumnDescription key_column(const detail::EntityBuilder& target,
                                             const ColumnDescription& column) const;

 private:
  using Places = std::vector<std::size_t>;

  [[nodiscard]] const Places& places_of(const std::string& type) const;
  [[nodiscard]] Places candidates_for(const MemberName& member) const;

  const Builders& builders_;
  std::unordered_map<std::string, Places> by_type_;
  std::map<MemberName, Places> by_member_;  ///< Those that belong to another type than the entity.
};

/// Returns the columns of the primary key. Throws Error (entity) if there are none.
[[nodiscard]] std::vector<const ColumnDescription*> primary_columns(const detail::EntityBuilder& entity);

/// Adds the columns of relations over members that hold no key. Throws Error (entity).
void add_join_columns(Builders& builders, const NamingStrategy& naming);

/// Returns the member without the embedded structs that contain it.
[[nodiscard]] std::string own_name(const MemberName& member);

}  // namespace whimbrel::entity
