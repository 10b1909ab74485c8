#pragma once

#include "entity/description.h"

namespace whimbrel::detail {

/// The description of one entity.
class EntityBuilder {
 public:
  explicit EntityBuilder(const char* type_signature) : entity(whimbrel::entity::type_name(type_signature)) {}

  [[nodiscard]] whimbrel::entity::ColumnDescription* find(const whimbrel::entity::MemberName& member);
  [[nodiscard]] const whimbrel::entity::ColumnDescription* find(const whimbrel::entity::MemberName& member) const;

  /// Returns whether this is the entity of that type, or stores that type in its table.
  [[nodiscard]] bool is(const std::string& type) const;

  /// Returns a copy of a text option. Throws if it is set but empty or not valid text; `member` may be empty.
  [[nodiscard]] std::string copy(Text text, const std::string& member, const char* what) const;
  /// Returns copies of text options, up to the first that is not set.
  [[nodiscard]] whimbrel::entity::Texts copy(const Text (&texts)[max_key_columns], const std::string& member,
                                             const char* what) const;

  std::string entity;                     ///< The type's name, with its namespaces.
  std::vector<std::string> child_types;   ///< The classes that are stored in the same table.
  std::vector<std::string> child_values;  ///< Their discriminator values.
  bool has_table = false;
  whimbrel::entity::TableDescription table;
  std::vector<whimbrel::entity::ColumnDescription> columns;
  std::vector<whimbrel::entity::UniqueDescription> uniques;
  std::vector<whimbrel::entity::IndexDescription> indexes;
  std::vector<whimbrel::entity::CheckDescription> checks;
  std::vector<whimbrel::entity::ExclusionDescription> exclusions;
  std::vector<whimbrel::entity::ForeignKeyDescription> foreign_keys;
  std::vector<whimbrel::entity::JunctionDescription> junctions;
  std::optional<whimbrel::entity::DiscriminatorDescription> discriminator;
  std::string parent;        ///< The type whose table stores this one; empty: none.
  std::string parent_value;  ///< The discriminator value of this one.
  std::optional<whimbrel::entity::TreeDescription> tree;
  std::optional<whimbrel::entity::ViewDescription> view;
  bool is_made = false;    ///< If true, a synthetic table (junction or closure) that an entity requires.
  std::string table_name;  ///< Without the prefix; known after the description.
};

}  // namespace whimbrel::detail

namespace whimbrel::entity {

/// The entities of a program.
using Builders = std::vector<detail::EntityBuilder>;

/// Adds a column, or describes one that only a foreign key has implied so far. Throws Error (entity) if it is already
/// described.
void add(detail::EntityBuilder& builder, ColumnDescription column);

}  // namespace whimbrel::entity
