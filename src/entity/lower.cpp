#include "entity/lower.h"

#include <algorithm>
#include <map>
#include <set>

#include "entity/builder.h"
#include "entity/lower_column.h"
#include "entity/naming.h"
#include "whimbrel/error.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;
using model::Table;

model::ConstraintName named_or(const std::string& given, const std::string& derived) {
  return given.empty() ? model::ConstraintName::make_derived(derived) : model::ConstraintName(given);
}

std::string listed(const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& name : names) result += (result.empty() ? "" : ", ") + name;
  return result;
}

/// Lowers all entities: first each by itself, then what refers from one to another.
class Lowering {
 public:
  Lowering(const model::TypeMapping& mapping, std::string_view prefix) : mapping_(mapping), prefix_(prefix) {}

  Described run(const Entities& entities) {
    for (std::size_t i = 0; i < entities.size; ++i) {
      EntityBuilder& builder = builders_.emplace_back(entities.types[i].signature);
      entities.types[i].describe(builder);
    }
    result_.schema.tables.reserve(builders_.size());
    for (const EntityBuilder& builder : builders_) add_table(builder);
    for (std::size_t i = 0; i < builders_.size(); ++i) {
      for (const ForeignKeyDescription& key : builders_[i].foreign_keys) add_foreign_key(i, key);
    }
    for (std::size_t i = 0; i < builders_.size(); ++i) check_names(builders_[i], result_.schema.tables[i]);
    return std::move(result_);
  }

 private:
  void add_table(const EntityBuilder& entity) {
    Table table;
    table.name = prefix_ + own_name(entity);
    check_length(entity, "", table.name.name);
    if (!table_names_.insert(mapping_.fold(table.name.name)).second) {
      fail(entity.entity, "", "another entity has the table \"" + table.name.name + "\" too",
           "Give one of them another name: table({.name = \"...\"}). Each entity stands in entities<...>() once.");
    }
    try {
      table.options = mapping_.table_options(entity.table.strict, entity.table.without_rowid);
    } catch (const Error& error) {
      fail(entity.entity, "", error.what(), error.remedy());
    }
    if (mapping_.stores_comments()) table.comment = entity.table.comment;
    add_columns(table, entity);
    add_primary_key(table, entity);
    add_uniques(table, entity);
    add_indexes(table, entity);
    add_checks(table, entity);
    add_renames(table, entity);
    result_.schema.tables.push_back(std::move(table));
  }

  static std::string own_name(const EntityBuilder& entity) {
    if (!entity.table.name.empty()) return entity.table.name;
    const std::string class_name = unqualified(entity.entity);
    if (class_name.find_first_of("<(") != std::string::npos) {
      fail(entity.entity, "", "the class is no plain one, and so its name is none for a table",
           "Name the table: table({.name = \"...\"}).");
    }
    return table_name(class_name);
  }

  void check_length(const EntityBuilder& entity, const std::string& member, const std::string& name) const {
    const std::size_t limit = mapping_.identifier_limit();
    if (limit == 0 || name.size() <= limit) return;
    fail(entity.entity, member,
         "the name \"" + name + "\" is longer than the " + std::to_string(limit) + " bytes that the database allows",
         "Give it a shorter name.");
  }

  void add_columns(Table& table, const EntityBuilder& entity) const {
    std::map<std::string, const ColumnDescription*> names;
    for (const ColumnDescription& column : entity.columns) {
      const auto [other, is_new] = names.emplace(mapping_.fold(column.name), &column);
      if (!is_new) {
        fail(entity.entity, column.member.name,
             "the column \"" + column.name + "\" has the name of member \"" + other->second->member.name + "\"'s",
             "Give one of them another name: {.name = \"...\"}.");
      }
      check_length(entity, column.member.name, column.name);
      table.columns.push_back(lower_column(entity, column, table.options, mapping_));
    }
  }

  static void add_primary_key(Table& table, const EntityBuilder& entity) {
    model::PrimaryKey key;
    const ColumnDescription* generated = nullptr;
    for (const ColumnDescription& column : entity.columns) {
      if (!is_primary(column)) continue;
      key.columns.emplace_back(column.name);
      if (column.role == detail::ColumnRole::primary_generated) generated = &column;
    }
    if (key.columns.empty()) {
      fail(entity.entity, "", "there is no primary key",
           "Describe one: primary_generated<&T::id>() or primary_column<&T::id>().");
    }
    if (generated && key.columns.size() > 1) {
      fail(entity.entity, generated->member.name, "a generated key is the whole primary key, but there are others",
           "Use primary_column for all of them, or column for the others.");
    }
    table.primary_key = std::move(key);
  }

  /// The column of a member. Throws for one that is no column.
  static const ColumnDescription& described(const EntityBuilder& entity, const MemberName& member,
                                            const std::string& what) {
    const ColumnDescription* column = entity.find(member);
    if (!column) {
      fail(entity.entity, member.name, what + " names it, but it is no column",
           "Describe it as a column too: column<&T::" + member.name + ">().");
    }
    return *column;
  }

  void add_unique(Table& table, const EntityBuilder& entity, const std::string& member, model::Unique unique) const {
    const auto same = [&](const model::Unique& other) { return other.columns == unique.columns; };
    if (std::any_of(table.uniques.begin(), table.uniques.end(), same)) {
      fail(entity.entity, member, "unique (" + listed(column_names(unique.columns)) + ") is described twice",
           "Keep one of the two descriptions.");
    }
    table.uniques.push_back(std::move(unique));
  }

  void add_uniques(Table& table, const EntityBuilder& entity) const {
    for (const ColumnDescription& column : entity.columns) {
      if (!column.options.unique) continue;
      const std::string name = unique_name(table.name.name, {column.name});
      add_unique(table, entity, column.member.name,
                 {model::ConstraintName::make_derived(name), {model::KeyPart(column.name)}, ""});
    }
    for (const UniqueDescription& description : entity.uniques) {
      model::Unique unique;
      for (const MemberName& member : description.members) {
        unique.columns.emplace_back(described(entity, member, "unique").name);
      }
      unique.name = named_or(description.name, unique_name(table.name.name, column_names(unique.columns)));
      add_unique(table, entity, "", std::move(unique));
    }
  }

  static void add_indexes(Table& table, const EntityBuilder& entity) {
    for (const IndexDescription& description : entity.indexes) {
      model::Index index;
      for (const IndexPartDescription& part : description.parts) {
        model::KeyPart& key = index.columns.emplace_back();
        if (part.member.name.empty()) {
          key.expression = part.expression;
          if (key.expression.empty()) fail(entity.entity, "", "an index has an empty expression", "Give it SQL.");
        } else {
          key.column = described(entity, part.member, "an index").name;
        }
        key.collation = part.collation;
        key.descending = part.descending;
      }
      if (index.columns.empty()) fail(entity.entity, "", "an index has no columns", "Name at least one.");
      index.unique = description.unique;
      index.where = description.where;
      index.name = named_or(description.name, index_name(table.name.name, column_names(index.columns), index.where));
      table.indexes.push_back(std::move(index));
    }
  }

  static void add_checks(Table& table, const EntityBuilder& entity) {
    for (const CheckDescription& description : entity.checks) {
      if (description.expression.empty()) fail(entity.entity, "", "a check has no expression", "Give it SQL.");
      const std::string derived = check_name(table.name.name, description.expression);
      table.checks.push_back({named_or(description.name, derived), description.expression});
    }
  }

  void add_renames(const Table& table, const EntityBuilder& entity) {
    if (!entity.table.renamed_from.empty()) {
      const std::string from = prefix_ + entity.table.renamed_from;
      if (mapping_.fold(from) == mapping_.fold(table.name.name)) {
        fail(entity.entity, "", "the table is renamed from its own name", "Take out renamed_from.");
      }
      result_.table_renames.push_back({from, table.name.name});
    }
    for (const ColumnDescription& column : entity.columns) {
      if (column.renamed_from.empty()) continue;
      for (const ColumnDescription& other : entity.columns) {
        if (mapping_.fold(other.name) != mapping_.fold(column.renamed_from)) continue;
        fail(entity.entity, column.member.name,
             "the column is renamed from \"" + column.renamed_from + "\", which is still described",
             "Take out renamed_from, or the column of that name.");
      }
      result_.column_renames.push_back({table.name.name, column.renamed_from, column.name});
    }
  }

  /// The entity that a foreign key refers to.
  std::size_t find_target(const EntityBuilder& entity, const ForeignKeyDescription& key) const {
    const std::string wanted = key.referenced_entity.empty() ? key.referenced.owner : key.referenced_entity;
    std::vector<std::size_t> heirs;
    for (std::size_t i = 0; i < builders_.size(); ++i) {
      if (builders_[i].entity == wanted) return i;
      if (key.referenced_entity.empty() && builders_[i].find(key.referenced)) heirs.push_back(i);
    }
    if (heirs.size() == 1) return heirs.front();
    if (heirs.size() > 1) {
      fail(entity.entity, key.member.name,
           "the foreign key refers to " + wanted + "::" + key.referenced.name + ", which several entities inherit",
           "Name the one that is meant as the third argument: many_to_one<&T::m, &Base::id, Target>().");
    }
    fail(entity.entity, key.member.name,
         "the foreign key refers to " + wanted + "::" + key.referenced.name + ", but " + wanted + " is no known entity",
         "Put it into entities<...>().");
  }

  void add_foreign_key(std::size_t index, const ForeignKeyDescription& description) {
    const EntityBuilder& entity = builders_[index];
    Table& table = result_.schema.tables[index];
    const std::size_t target = find_target(entity, description);
    const ColumnDescription* referenced = builders_[target].find(description.referenced);
    const std::string referenced_name = unqualified(builders_[target].entity) + "::" + description.referenced.name;
    if (!referenced) {
      fail(entity.entity, description.member.name,
           "the foreign key refers to " + referenced_name + ", which is no column", "Describe it as a column.");
    }
    const Table& target_table = result_.schema.tables[target];
    if (!is_key(target_table, referenced->name)) {
      fail(entity.entity, description.member.name,
           "the foreign key refers to " + referenced_name + ", which is neither the primary key nor unique",
           "Refer to the primary key, or make the column unique.");
    }
    const ColumnDescription& column = *entity.find(description.member);
    check_actions(entity, column, description);

    model::ForeignKey key;
    key.name = named_or(description.name, foreign_key_name(table.name.name, {column.name}));
    key.columns = {column.name};
    key.referenced_table = target_table.name;
    key.referenced_columns = {referenced->name};
    key.on_delete = static_cast<model::ReferentialAction>(description.options.on_delete);
    key.on_update = static_cast<model::ReferentialAction>(description.options.on_update);
    key.deferral = static_cast<model::Deferral>(description.options.deferrable);
    table.foreign_keys.push_back(std::move(key));
    if (description.is_one_to_one && !is_key(table, column.name)) {
      const std::string name = relation_unique_name(table.name.name, {column.name});
      table.uniques.push_back({model::ConstraintName::make_derived(name), {model::KeyPart(column.name)}, ""});
    }
  }

  static void check_actions(const EntityBuilder& entity, const ColumnDescription& column,
                            const ForeignKeyDescription& key) {
    const bool sets_null = key.options.on_delete == OnDelete::set_null || key.options.on_update == OnUpdate::set_null;
    if (sets_null && !column.type.is_optional) {
      fail(entity.entity, column.member.name, "the foreign key sets the column NULL, but the member cannot hold that",
           "Make the member a std::optional, or use another action.");
    }
  }

  /// Is the column alone the primary key, or unique?
  static bool is_key(const Table& table, const std::string& column) {
    const auto is_column = [&](const std::vector<model::KeyPart>& parts) {
      return parts.size() == 1 && parts.front().column == column;
    };
    if (table.primary_key && is_column(table.primary_key->columns)) return true;
    return std::any_of(table.uniques.begin(), table.uniques.end(),
                       [&](const model::Unique& unique) { return is_column(unique.columns); });
  }

  /// No two constraints of a table and no two indexes of the schema have one name.
  void check_names(const EntityBuilder& entity, const Table& table) {
    std::set<std::string> constraints;
    const auto check = [&](std::set<std::string>& names, const std::string& name, const char* what) {
      check_length(entity, "", name);
      if (names.insert(mapping_.fold(name)).second) return;
      fail(entity.entity, "", std::string("there are two ") + what + " of the name \"" + name + '"',
           "Give one of them another name, or keep one if they say the same.");
    };
    for (const model::Unique& unique : table.uniques) check(constraints, unique.name.text, "constraints");
    for (const model::Check& constraint : table.checks) check(constraints, constraint.name.text, "constraints");
    for (const model::ForeignKey& key : table.foreign_keys) check(constraints, key.name.text, "constraints");
    for (const model::Index& index : table.indexes) check(index_names_, index.name.text, "indexes");
  }

  const model::TypeMapping& mapping_;
  std::string prefix_;
  std::vector<EntityBuilder> builders_;
  std::set<std::string> table_names_;
  std::set<std::string> index_names_;
  Described result_;
};

}  // namespace

Described describe(const Entities& entities, const model::TypeMapping& mapping, std::string_view entity_prefix) {
  return Lowering(mapping, entity_prefix).run(entities);
}

}  // namespace whimbrel::entity
