#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "entity/builder.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// Finds what foreign keys refer to among the entities, of which it knows the types and the members. They must outlive
/// it; columns of relations may be added meanwhile, for no key names those.
class Targets {
 public:
  explicit Targets(const Builders& builders);

  /// Which of the entities a foreign key refers to. Throws Error (entity) when it is none, or not clear.
  [[nodiscard]] std::size_t find(const detail::EntityBuilder& entity, const ForeignKeyDescription& key) const;
  /// The description that says which type a column has: its own, or, if that says nothing and the column holds a key,
  /// the one of the column that it refers to.
  [[nodiscard]] const ColumnDescription& type_source(const detail::EntityBuilder& entity,
                                                     const ColumnDescription& column) const;
  /// A column without a name for the key that a column of `target` holds.
  [[nodiscard]] ColumnDescription key_column(const detail::EntityBuilder& target,
                                             const ColumnDescription& column) const;

 private:
  using Places = std::vector<std::size_t>;

  [[nodiscard]] const Places& places_of(const std::string& type) const;
  [[nodiscard]] Places candidates_for(const MemberName& member) const;

  const Builders& builders_;
  std::unordered_map<std::string, Places> by_type_;
  std::map<MemberName, Places> by_member_;
};

/// The columns of the primary key. Throws Error (entity) when there are none.
[[nodiscard]] std::vector<const ColumnDescription*> primary_columns(const detail::EntityBuilder& entity);

/// Makes the columns of the relations over members that hold no key. Throws Error (entity).
void add_join_columns(Builders& builders, const NamingStrategy& naming);

/// The member without the embedded structs that it is in.
[[nodiscard]] std::string own_name(const MemberName& member);

}  // namespace whimbrel::entity
