#pragma once

#include <string>
#include <vector>

#include "entity/signature.h"
#include "whimbrel/entity.h"

namespace whimbrel::entity {

/// A column as it is described. The texts are copies of the options'; those that were not given are empty.
struct ColumnDescription {
  MemberName member;
  detail::MemberType type;
  detail::ColumnRole role = detail::ColumnRole::plain;
  bool is_implied = false;  ///< Only a foreign key over it was described.
  std::string name;
  std::string type_text;
  std::string default_text;
  std::string default_expression;
  std::string comment;
  std::string renamed_from;
  std::string collation;
  ColumnOptions options;  ///< For what is no text.
};

struct UniqueDescription {
  std::string name;
  std::vector<MemberName> members;
};

struct IndexPartDescription {
  MemberName member;
  std::string expression;
  std::string collation;
  bool descending = false;
};

struct IndexDescription {
  std::string name;
  std::vector<IndexPartDescription> parts;
  bool unique = false;
  std::string where;
};

struct CheckDescription {
  std::string name;
  std::string expression;
};

struct ForeignKeyDescription {
  std::string name;
  MemberName member;
  MemberName referenced;
  std::string referenced_entity;  ///< Empty: the one that has the referenced member.
  bool is_one_to_one = false;
  ForeignKeyOptions options;  ///< For what is no text.
};

struct TableDescription {
  std::string name;
  std::string comment;
  std::string renamed_from;
  bool strict = false;
  bool without_rowid = false;
};

/// Throws the error for a mistake in a description: `entity "User", member "email": ...`.
[[noreturn]] void fail(const std::string& entity, const std::string& member, const std::string& reason,
                       const std::string& remedy);

}  // namespace whimbrel::entity

namespace whimbrel::detail {

/// One entity's description.
class EntityBuilder {
 public:
  explicit EntityBuilder(const char* type_signature) : entity(whimbrel::entity::type_name(type_signature)) {}

  [[nodiscard]] whimbrel::entity::ColumnDescription* find(const whimbrel::entity::MemberName& member);
  [[nodiscard]] const whimbrel::entity::ColumnDescription* find(const whimbrel::entity::MemberName& member) const;

  /// A copy of a text of the options. Throws for one that is given, but empty or no text; `member` may be empty.
  [[nodiscard]] std::string copy(Text text, const std::string& member, const char* what) const;

  std::string entity;  ///< The type's name, with its namespaces.
  bool has_table = false;
  whimbrel::entity::TableDescription table;
  std::vector<whimbrel::entity::ColumnDescription> columns;
  std::vector<whimbrel::entity::UniqueDescription> uniques;
  std::vector<whimbrel::entity::IndexDescription> indexes;
  std::vector<whimbrel::entity::CheckDescription> checks;
  std::vector<whimbrel::entity::ForeignKeyDescription> foreign_keys;
};

}  // namespace whimbrel::detail
