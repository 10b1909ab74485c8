#pragma once

#include <optional>
#include <string>
#include <vector>

#include "entity/signature.h"
#include "whimbrel/entity.h"

/// What entities say, as values. The texts are copies of the options'; those that were not given are empty.
namespace whimbrel::entity {

using Texts = std::vector<std::string>;

/// Where a column stands among the others, as in TypeORM.
enum class Place { own, made_by_table, made_by_relation, embedded };

struct ColumnDescription {
  MemberName member;  ///< In an embedded struct: the path, `address.city`. Of a column without one: its own name.
  detail::MemberType type;
  detail::ColumnRole role = detail::ColumnRole::plain;
  Place place = Place::own;
  bool is_implied = false;  ///< Only a foreign key over it was described.
  bool is_forced = false;   ///< It takes NULL though the member does not: its row may be of another class.
  std::string name;         ///< As given; once all is described, never empty.
  Texts prefixes;           ///< Of embedded structs, outermost first.
  std::string type_text;
  std::string default_text;
  std::string default_expression;
  std::string comment;
  std::string renamed_from;
  std::string collation;
  std::string computed;
  std::string primary_key_name;
  std::string charset;
  std::string on_update;
  std::string enum_name;
  ColumnOptions options;  ///< For what is no text.
};

struct UniqueDescription {
  std::string name;
  std::vector<MemberName> members;
  UniqueOptions options;  ///< For what is no text.
};

struct IndexPartDescription {
  MemberName member;
  std::string expression;
  std::string collation;
  std::string operator_class;
  bool descending = false;
  Nulls nulls = Nulls::by_default;
  unsigned length = 0;
};

struct IndexDescription {
  std::string name;
  std::vector<IndexPartDescription> parts;
  std::vector<MemberName> included;
  std::string where;
  std::string method;
  std::string parser;
  IndexOptions options;  ///< For what is no text.
};

struct CheckDescription {
  std::string name;
  std::string expression;
};

struct ExclusionDescription {
  std::string name;
  std::string definition;
  ExclusionOptions options;  ///< For what is no text.
};

/// Members and what each of them refers to.
struct ForeignKeyDescription {
  std::string name;
  MemberName member;  ///< For messages.
  std::vector<MemberName> members;
  std::vector<MemberName> referenced;
  std::string target;  ///< The other entity; empty: the one that has the referenced member.
  bool is_one_to_one = false;
  bool is_reference = false;    ///< The member is no key: the columns are made for it.
  bool may_be_missing = false;  ///< Of a reference.
  Texts prefixes;               ///< Of a reference, as of columns.
  Texts column_names;           ///< Of a reference.
  Texts renamed_from;           ///< Of a reference.
  ForeignKeyOptions options;    ///< For what is no text.
};

struct JunctionDescription {
  MemberName member;  ///< Empty if the relation has none.
  std::string target;
  std::string table;
  std::string schema;
  std::string renamed_from;
  std::string foreign_key_name;
  std::string inverse_foreign_key_name;
  std::string primary_key_name;
  Texts columns;
  Texts inverse_columns;
  JunctionOptions options;  ///< For what is no text.
};

struct TableDescription {
  std::string name;
  std::string comment;
  std::string renamed_from;
  std::string schema;
  std::string engine;
  std::string storage_parameters;
  std::string charset;
  std::string collation;
  bool strict = false;
  bool without_rowid = false;
  bool primary_key = true;
  bool synchronize = true;
};

struct DiscriminatorDescription {
  MemberName member;  ///< Empty: the column has none.
  std::string column;
  std::string value;
  std::int32_t length = -1;
};

struct TreeDescription {
  Tree kind = Tree::adjacency_list;
  std::string closure_table;
  std::string path_column;
  std::string left_column;
  std::string right_column;
  Texts ancestor_columns;
  Texts descendant_columns;
};

struct ViewDescription {
  std::string name;
  std::string schema;
  std::string columns;
  std::string query;
  Texts dependencies;  ///< Entities and views, by their types' names.
  bool materialized = false;
  bool synchronize = true;
};

/// Throws the error for a mistake in a description: `entity "User", member "email": ...`.
[[noreturn]] void fail(const std::string& entity, const std::string& member, const std::string& reason,
                       const std::string& remedy);

}  // namespace whimbrel::entity
