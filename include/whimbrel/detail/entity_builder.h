#pragma once

#include <initializer_list>

#include "whimbrel/detail/member.h"
#include "whimbrel/entities.h"
#include "whimbrel/entity_options.h"
#include "whimbrel/entity_parts.h"
#include "whimbrel/text.h"

// What the templates of entity.h call, with types erased: compiled once, in the library.

namespace whimbrel::detail {

enum class ColumnRole : unsigned char {
  plain,
  primary,
  primary_generated,
  create_date,
  update_date,
  delete_date,
  version,
  tree_level,
};
enum class Relation : unsigned char { many_to_one, one_to_one };

/// An entity that another one names, as the compiler's name of a function template over it.
using TypeSignature = const char*;

// A signature is the compiler's name of the function template of Entity: it contains the names of the members that are
// its arguments.

void set_table(EntityBuilder& builder, const TableOptions& options);
void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role);
void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role,
                const ColumnOptions& options);
void add_embedded(EntityBuilder& builder, const char* signature, const EntityType& embedded, bool may_be_missing,
                  const EmbeddedOptions& options);
void add_base(EntityBuilder& builder, const EntityType& base);
/// The signature and the type of the member, or null.
void set_discriminator(EntityBuilder& builder, const char* signature, const MemberType* type,
                       const DiscriminatorOptions& options);
void set_parent(EntityBuilder& builder, TypeSignature parent, const ChildOptions& options);
void set_tree(EntityBuilder& builder, Tree tree, const TreeOptions& options);
void add_unique(EntityBuilder& builder, const char* signature, const UniqueOptions& options);
void add_index(EntityBuilder& builder, const char* signature, const IndexOptions& options);
void add_index(EntityBuilder& builder, std::initializer_list<IndexPart> parts, const IndexOptions& options);
void add_check(EntityBuilder& builder, Text expression, const CheckOptions& options);
void add_exclusion(EntityBuilder& builder, Text definition, const ExclusionOptions& options);
void add_foreign_key(EntityBuilder& builder, const char* signature, const MemberType& type, Relation relation,
                     const ForeignKeyOptions& options);
void add_foreign_key(EntityBuilder& builder, std::initializer_list<KeyMembers> members, TypeSignature target,
                     Relation relation, const ForeignKeyOptions& options);
/// For a member that is or points to the other entity. `referred` contains the referenced member as Referenced; null:
/// the primary key.
void add_reference(EntityBuilder& builder, const char* signature, TypeSignature target, const char* referred,
                   bool may_be_missing, Relation relation, const ForeignKeyOptions& options);
/// The signature contains the member as M, or is null.
void add_junction(EntityBuilder& builder, const char* signature, TypeSignature target, const JunctionOptions& options);
void set_view(EntityBuilder& builder, Text query, const ViewOptions& options);
void add_view_dependency(EntityBuilder& builder, TypeSignature entity);

template <class T>
consteval const char* type_signature() {
  return __PRETTY_FUNCTION__;
}

}  // namespace whimbrel::detail
