#pragma once

#include "entity/description.h"

namespace whimbrel::detail {

/// One entity's description.
class EntityBuilder {
 public:
  explicit EntityBuilder(const char* type_signature) : entity(whimbrel::entity::type_name(type_signature)) {}

  [[nodiscard]] whimbrel::entity::ColumnDescription* find(const whimbrel::entity::MemberName& member);
  [[nodiscard]] const whimbrel::entity::ColumnDescription* find(const whimbrel::entity::MemberName& member) const;

  /// Is it the entity of that type, or are that one's rows in its table?
  [[nodiscard]] bool is(const std::string& type) const;

  /// A copy of a text of the options. Throws for one that is given, but empty or no text; `member` may be empty.
  [[nodiscard]] std::string copy(Text text, const std::string& member, const char* what) const;
  /// Copies of those that are given, up to the first that is not.
  [[nodiscard]] whimbrel::entity::Texts copy(const Text (&texts)[max_key_columns], const std::string& member,
                                             const char* what) const;

  std::string entity;                     ///< The type's name, with its namespaces.
  std::vector<std::string> child_types;   ///< Of the classes whose rows are in the same table.
  std::vector<std::string> child_values;  ///< What the discriminator holds for them.
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
  std::string parent;        ///< The type whose table holds the rows; empty: none.
  std::string parent_value;  ///< What the discriminator holds for this one.
  std::optional<whimbrel::entity::TreeDescription> tree;
  std::optional<whimbrel::entity::ViewDescription> view;
  bool is_made = false;    ///< No entity, but a table that one needs.
  std::string table_name;  ///< Without the prefix; known once all is described.
};

}  // namespace whimbrel::detail

namespace whimbrel::entity {

/// The entities of a program, and one that refers to another.
using Builders = std::vector<detail::EntityBuilder>;

/// Adds a column; one that only a foreign key has described so far is described now. Throws Error (entity) for one that
/// is described already.
void add(detail::EntityBuilder& builder, ColumnDescription column);

}  // namespace whimbrel::entity
