#include "entity/lower.h"

#include <map>
#include <set>

#include "entity/builder.h"
#include "entity/lower_column.h"
#include "entity/lower_constraints.h"
#include "entity/lower_foreign_key.h"
#include "entity/naming.h"
#include "whimbrel/error.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;
using model::Table;

std::string own_name(const EntityBuilder& entity) {
  if (!entity.table.name.empty()) return entity.table.name;
  const std::string class_name = unqualified(entity.entity);
  if (class_name.find_first_of("<({") != std::string::npos) {
    fail(entity.entity, "", "the class is no plain one, and so its name is none for a table",
         "Name the table: table({.name = \"...\"}).");
  }
  return table_name(class_name);
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
    std::vector<Table>& tables = result_.schema.tables;
    for (const EntityBuilder& builder : builders_) add_table(builder);
    for (std::size_t i = 0; i < builders_.size(); ++i) add_foreign_keys(tables, builders_, i);
    for (std::size_t i = 0; i < builders_.size(); ++i) check_names(builders_[i], tables[i]);
    for (std::size_t i = 0; i < builders_.size(); ++i) add_table_rename(builders_[i], tables[i]);
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
    add_constraints(table, entity);
    add_column_renames(table, entity);
    result_.schema.tables.push_back(std::move(table));
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
      const ColumnDescription& type = type_source(builders_, entity, column);
      table.columns.push_back(lower_column(entity, column, type, table.options, mapping_));
    }
  }

  void add_column_renames(const Table& table, const EntityBuilder& entity) {
    std::map<std::string, std::string> sources;
    for (const ColumnDescription& column : entity.columns) {
      if (column.renamed_from.empty()) continue;
      const std::string from = mapping_.fold(column.renamed_from);
      for (const ColumnDescription& other : entity.columns) {
        if (mapping_.fold(other.name) != from) continue;
        fail(entity.entity, column.member.name,
             "the column is renamed from \"" + column.renamed_from + "\", which is still described",
             "Take out renamed_from, or the column of that name.");
      }
      const auto [other, is_new] = sources.emplace(from, column.member.name);
      if (!is_new) {
        fail(entity.entity, column.member.name,
             "the column is renamed from \"" + column.renamed_from + "\", as member \"" + other->second + "\" is",
             "Take out one of the two.");
      }
      result_.column_renames.push_back({table.name.name, column.renamed_from, column.name});
    }
  }

  void add_table_rename(const EntityBuilder& entity, const Table& table) {
    if (entity.table.renamed_from.empty()) return;
    const std::string from = prefix_ + entity.table.renamed_from;
    if (table_names_.contains(mapping_.fold(from))) {
      fail(entity.entity, "", "the table is renamed from \"" + from + "\", which is still described",
           "Take out renamed_from, or the entity of that table.");
    }
    if (!rename_sources_.insert(mapping_.fold(from)).second) {
      fail(entity.entity, "", "the table is renamed from \"" + from + "\", as another entity's is",
           "Take out one of the two.");
    }
    result_.table_renames.push_back({from, table.name.name});
  }

  /// No two constraints of a table and no two indexes of the schema have one name, and no index that of a table.
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
    for (const model::Index& index : table.indexes) {
      check(index_names_, index.name.text, "indexes");
      if (!table_names_.contains(mapping_.fold(index.name.text))) continue;
      fail(entity.entity, "", "the index \"" + index.name.text + "\" has the name of a table", "Give it another.");
    }
  }

  const model::TypeMapping& mapping_;
  std::string prefix_;
  Builders builders_;
  std::set<std::string> table_names_;
  std::set<std::string> index_names_;
  std::set<std::string> rename_sources_;
  Described result_;
};

}  // namespace

Described describe(const Entities& entities, const model::TypeMapping& mapping, std::string_view entity_prefix) {
  return Lowering(mapping, entity_prefix).run(entities);
}

}  // namespace whimbrel::entity
