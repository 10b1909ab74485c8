#include <algorithm>

#include "entity/builder.h"

namespace whimbrel::detail {

using namespace whimbrel::entity;

namespace {

ForeignKeyDescription describe_key(const EntityBuilder& builder, const MemberName& member, Relation relation,
                                   const ForeignKeyOptions& options) {
  ForeignKeyDescription key;
  key.name = builder.copy(options.name, member.name, "the foreign key's name");
  key.member = member;
  key.is_one_to_one = relation == Relation::one_to_one;
  key.column_names = builder.copy(options.columns, member.name, "a column of the relation");
  key.renamed_from = builder.copy(options.renamed_from, member.name, "renamed_from");
  key.options = options;
  return key;
}

/// Rejects options that are valid only for a relation over a member without a key.
void require_plain_key(const EntityBuilder& builder, const ForeignKeyDescription& key) {
  const bool is_plain =
      key.column_names.empty() && key.renamed_from.empty() && !key.options.primary && key.options.nullable.answer < 0;
  if (is_plain) return;
  fail(builder.entity, key.member.name,
       "the member itself holds the key, so columns, nullable, primary and renamed_from cannot be set on the "
       "relation",
       "Set them on the column: column<&T::" + key.member.name + ">(...).");
}

void add_implied_column(EntityBuilder& builder, const MemberName& member, const MemberType& type) {
  ColumnDescription column;
  column.member = member;
  column.type = type;
  column.is_implied = true;
  add(builder, std::move(column));
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Prefixes the members of an embedded struct with the member that holds it.
class Embedding {
 public:
  Embedding(const MemberName& outer, const std::optional<std::string>& prefix, bool may_be_missing)
      : outer_(outer), prefix_(prefix), may_be_missing_(may_be_missing) {}

  void move_out(EntityBuilder& inner) const {
    for (ColumnDescription& column : inner.columns) {
      move_out(column.member);
      column.place = Place::embedded;
      if (prefix_) column.prefixes.insert(column.prefixes.begin(), *prefix_);
      column.is_forced = column.is_forced || may_be_missing_;
    }
    for (UniqueDescription& unique : inner.uniques) move_out(unique.members);
    for (IndexDescription& index : inner.indexes) {
      move_out(index.included);
      for (IndexPartDescription& part : index.parts) {
        if (!part.member.name.empty()) move_out(part.member);
      }
    }
    for (ForeignKeyDescription& key : inner.foreign_keys) {
      move_out(key.member);
      move_out(key.members);
      if (prefix_) key.prefixes.insert(key.prefixes.begin(), *prefix_);
      key.may_be_missing = key.may_be_missing || may_be_missing_;
    }
    for (JunctionDescription& junction : inner.junctions) {
      if (!junction.member.name.empty()) move_out(junction.member);
    }
  }

 private:
  void move_out(MemberName& member) const { member = {outer_.owner, outer_.name + '.' + member.name}; }
  void move_out(std::vector<MemberName>& members) const {
    for (MemberName& member : members) move_out(member);
  }

  const MemberName& outer_;
  const std::optional<std::string>& prefix_;
  bool may_be_missing_;
};

/// Copies the columns, keys and indexes of another description.
void take_in(EntityBuilder& builder, EntityBuilder& other) {
  for (ColumnDescription& column : other.columns) add(builder, std::move(column));
  append(builder.uniques, other.uniques);
  append(builder.indexes, other.indexes);
  append(builder.checks, other.checks);
  append(builder.exclusions, other.exclusions);
  append(builder.foreign_keys, other.foreign_keys);
  append(builder.junctions, other.junctions);
}

}  // namespace

void add_embedded(EntityBuilder& builder, const char* signature, const EntityType& embedded, bool may_be_missing,
                  const EmbeddedOptions& options) {
  const MemberName outer = member_name(signature);
  EntityBuilder inner(embedded.signature);
  embedded.describe(inner);
  if (inner.has_table || inner.view || inner.tree || inner.discriminator || !inner.parent.empty()) {
    fail(builder.entity, outer.name,
         "the embedded struct \"" + unqualified(inner.entity) + "\" describes its own table or view",
         "Embed a struct that describes only columns, keys and indexes; or reference it with many_to_one.");
  }
  std::optional<std::string> prefix = outer.name;
  if (options.prefix.first_character != nullptr) {
    prefix.reset();
    if (!options.prefix.empty()) prefix = builder.copy(options.prefix, outer.name, "prefix");
  }
  Embedding(outer, prefix, may_be_missing).move_out(inner);
  take_in(builder, inner);
}

void add_base(EntityBuilder& builder, const EntityType& base) {
  EntityBuilder inherited(base.signature);
  base.describe(inherited);
  if (inherited.view || !inherited.parent.empty()) {
    fail(builder.entity, "",
         "the base \"" + unqualified(inherited.entity) + "\" is a view or is stored in another table",
         "Inherit from a class that describes columns.");
  }
  take_in(builder, inherited);
  if (!builder.tree) builder.tree = inherited.tree;
}

void set_discriminator(EntityBuilder& builder, const char* signature, const MemberType* type,
                       const DiscriminatorOptions& options) {
  if (builder.discriminator) fail(builder.entity, "", "single_table() is called twice", "Call it once.");
  DiscriminatorDescription& discriminator = builder.discriminator.emplace();
  if (signature != nullptr) {
    discriminator.member = member_name(signature);
    add_implied_column(builder, discriminator.member, *type);
  }
  discriminator.column = builder.copy(options.column, "", "the discriminator's column");
  discriminator.value = builder.copy(options.value, "", "the discriminator's value");
  discriminator.length = options.length;
  if (discriminator.value.empty()) discriminator.value = unqualified(builder.entity);
}

void set_parent(EntityBuilder& builder, TypeSignature parent, const ChildOptions& options) {
  if (!builder.parent.empty())
    fail(builder.entity, "", "child_of() is called twice", "Call it once: a class has one table.");
  builder.parent = type_name(parent);
  builder.parent_value = builder.copy(options.value, "", "the discriminator's value");
  if (builder.parent_value.empty()) builder.parent_value = unqualified(builder.entity);
}

void set_tree(EntityBuilder& builder, Tree tree, const TreeOptions& options) {
  if (builder.tree) fail(builder.entity, "", "tree() is called twice", "Keep one of the two.");
  builder.tree = {tree,
                  builder.copy(options.closure_table, "", "the closure table's name"),
                  builder.copy(options.path_column, "", "the path's column"),
                  builder.copy(options.left_column, "", "the left column"),
                  builder.copy(options.right_column, "", "the right column"),
                  builder.copy(options.ancestor_columns, "", "a column of ancestors"),
                  builder.copy(options.descendant_columns, "", "a column of descendants")};
}

void add_foreign_key(EntityBuilder& builder, const char* signature, const MemberType& type, Relation relation,
                     const ForeignKeyOptions& options) {
  const MemberName member = member_name(signature);
  ForeignKeyDescription key = describe_key(builder, member, relation, options);
  require_plain_key(builder, key);
  key.members = {member};
  key.referenced = {member_name(signature, "Referenced")};
  key.target = type_name(signature, "Target");
  if (key.target == "void") key.target.clear();
  add_implied_column(builder, member, type);
  builder.foreign_keys.push_back(std::move(key));
}

void add_foreign_key(EntityBuilder& builder, std::initializer_list<KeyMembers> members, TypeSignature target,
                     Relation relation, const ForeignKeyOptions& options) {
  if (members.size() == 0) {
    fail(builder.entity, "", "a foreign key has no members", "Name them: {whimbrel::key<&T::a, &Other::a>(), ...}.");
  }
  ForeignKeyDescription key = describe_key(builder, member_name(members.begin()->signature), relation, options);
  require_plain_key(builder, key);
  key.target = type_name(target);
  for (const KeyMembers& pair : members) {
    const MemberName member = member_name(pair.signature);
    if (std::find(key.members.begin(), key.members.end(), member) != key.members.end()) {
      fail(builder.entity, member.name, "a foreign key names it twice", "Name it once.");
    }
    key.members.push_back(member);
    key.referenced.push_back(member_name(pair.signature, "Referenced"));
    add_implied_column(builder, member, *pair.type);
  }
  builder.foreign_keys.push_back(std::move(key));
}

void add_reference(EntityBuilder& builder, const char* signature, TypeSignature target, const char* referred,
                   bool may_be_missing, Relation relation, const ForeignKeyOptions& options) {
  ForeignKeyDescription key = describe_key(builder, member_name(signature), relation, options);
  key.is_reference = true;
  key.target = type_name(target);
  key.may_be_missing = may_be_missing;
  if (referred != nullptr) key.referenced = {member_name(referred, "Referenced")};
  builder.foreign_keys.push_back(std::move(key));
}

void add_junction(EntityBuilder& builder, const char* signature, TypeSignature target, const JunctionOptions& options) {
  JunctionDescription junction;
  if (signature != nullptr) junction.member = member_name(signature);
  const auto copy = [&](const auto& texts, const char* what) {
    return builder.copy(texts, junction.member.name, what);
  };
  junction.target = type_name(target);
  junction.table = copy(options.table, "the junction table's name");
  junction.schema = copy(options.schema, "the junction table's schema");
  junction.renamed_from = copy(options.renamed_from, "renamed_from");
  junction.foreign_key_name = copy(options.foreign_key_name, "foreign_key_name");
  junction.inverse_foreign_key_name = copy(options.inverse_foreign_key_name, "inverse_foreign_key_name");
  junction.primary_key_name = copy(options.primary_key_name, "primary_key_name");
  junction.columns = copy(options.columns, "a column of the junction table");
  junction.inverse_columns = copy(options.inverse_columns, "a column of the junction table");
  junction.options = options;
  builder.junctions.push_back(std::move(junction));
}

void set_view(EntityBuilder& builder, Text query, const ViewOptions& options) {
  if (builder.view && !builder.view->query.empty()) {
    fail(builder.entity, "", "query() is called twice", "Keep one: a view has one SELECT.");
  }
  if (!builder.view) builder.view.emplace();
  ViewDescription& view = *builder.view;
  view.query = builder.copy(query, "", "the view's query");
  view.name = builder.copy(options.name, "", "the view's name");
  view.schema = builder.copy(options.schema, "", "the view's schema");
  view.columns = builder.copy(options.columns, "", "the view's columns");
  view.materialized = options.materialized;
  view.synchronize = options.synchronize;
}

void add_view_dependency(EntityBuilder& builder, TypeSignature entity) {
  if (!builder.view) builder.view.emplace();
  builder.view->dependencies.push_back(type_name(entity));
}

}  // namespace whimbrel::detail
