#pragma once

#include <optional>
#include <string>
#include <vector>

#include "entity/signature.h"
#include "whimbrel/detail/entity_builder.h"
#include "whimbrel/error.h"

/// Entity descriptions as values. The texts are copies of the options; those that are not set are empty.
namespace whimbrel::entity {

using Texts = std::vector<std::string>;

/// The position of a column among the others, as in TypeORM.
enum class Place { own, made_by_table, made_by_relation, embedded };

struct ColumnDescription {
  MemberName member;  ///< In an embedded struct: the path, `address.city`. Without a member: the column's name.
  detail::MemberType type;
  detail::ColumnRole role = detail::ColumnRole::plain;
  Place place = Place::own;
  bool is_implied = false;  ///< If true, only a foreign key over it was described.
  bool is_forced = false;   ///< If true, nullable although the member is not: the row may belong to another class.
  std::string name;         ///< As set; never empty after the description.
  Texts prefixes;           ///< The embedded structs that contain it, outermost first.
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
  ColumnOptions options;  ///< For all options but texts.
};

struct UniqueDescription {
  std::string name;
  std::vector<MemberName> members;
  UniqueOptions options;  ///< For all options but texts.
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
  IndexOptions options;  ///< For all options but texts.
};

struct CheckDescription {
  std::string name;
  std::string expression;
};

struct ExclusionDescription {
  std::string name;
  std::string definition;
  ExclusionOptions options;  ///< For all options but texts.
};

/// Members and the members that they reference.
struct ForeignKeyDescription {
  std::string name;
  MemberName member;  ///< For messages.
  std::vector<MemberName> members;
  std::vector<MemberName> referenced;
  std::string target;  ///< The other entity; empty: the entity of the referenced member.
  bool is_one_to_one = false;
  bool is_reference = false;    ///< If true, the member is not a key, and the relation adds the columns.
  bool may_be_missing = false;  ///< For a reference: if true, it is nullable.
  Texts prefixes;               ///< For a reference: like those of columns.
  Texts column_names;           ///< For a reference.
  Texts renamed_from;           ///< For a reference.
  ForeignKeyOptions options;    ///< For all options but texts.
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
  JunctionOptions options;  ///< For all options but texts.
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
  Texts dependencies;  ///< The type names of entities and views.
  bool materialized = false;
  bool synchronize = true;
};

/// An invalid description.
class DescriptionError : public Error {
 public:
  DescriptionError(const std::string& place, std::string reason, const std::string& remedy)
      : Error(ErrorKind::entity, place + ": " + reason), reason_(std::move(reason)) {
    with_remedy(remedy);
  }
  /// Returns what is wrong, without the place.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

/// Throws DescriptionError, whose place is `entity "User", member "email"`.
[[noreturn]] void fail(const std::string& entity, const std::string& member, const std::string& reason,
                       const std::string& remedy);

}  // namespace whimbrel::entity
