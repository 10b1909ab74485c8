#include "entity/lower.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "entity/context.h"
#include "entity/expand.h"
#include "entity/feature.h"
#include "entity/lower_column.h"
#include "entity/lower_constraints.h"
#include "entity/lower_enum.h"
#include "entity/lower_foreign_key.h"
#include "entity/lower_view.h"
#include "entity/reference.h"
#include "whimbrel/error.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;
using model::Feature;
using model::NameKind;
using model::Table;

/// Lowers all entities: first each one by itself, then the references between them.
class Lowering {
 public:
  Lowering(const model::TypeMapping& mapping, std::string_view prefix, const NamingStrategy& naming)
      : mapping_(mapping), context_{mapping, naming}, prefix_(prefix) {}

  Described run(const Entities& entities) {
    Expanded expanded = expand(entities, context_.naming);
    builders_ = std::move(expanded.tables);
    targets_.emplace(builders_);
    std::vector<Table>& tables = result_.schema.tables;
    tables.reserve(builders_.size());
    for (const EntityBuilder& builder : builders_) add_table(builder);
    for (std::size_t i = 0; i < builders_.size(); ++i) add_foreign_keys(tables, builders_, i, *targets_, context_);
    add_views(expanded.views);
    lower_enums(result_.schema, context_);
    add_schemas();
    for (std::size_t i = 0; i < builders_.size(); ++i) check_names(builders_[i], tables[i]);
    for (std::size_t i = 0; i < builders_.size(); ++i) add_table_rename(builders_[i], tables[i]);
    take_out_unsynchronized(expanded.views);
    return std::move(result_);
  }

 private:
  void add_schemas() {
    std::set<std::string> names;
    for (const Table& table : result_.schema.tables) names.insert(table.name.schema);
    for (const model::View& view : result_.schema.views) names.insert(view.name.schema);
    names.erase("");
    result_.schema.schemas.assign(names.begin(), names.end());
  }

  void require(bool is_used, Feature feature, const EntityBuilder& entity) const {
    if (is_used) entity::require(mapping_, feature, entity.entity, "");
  }

  void add_table(const EntityBuilder& entity) {
    Table table;
    table.name = {entity.table.schema, prefix_ + entity.table_name};
    table.entity.value = unqualified(entity.entity);
    require(!table.name.schema.empty(), Feature::schemas, entity);
    const bool is_derived = entity.is_made && entity.table.name.empty();
    if (is_derived) table.name.name = mapping_.identifier_limit().shortened(table.name.name);
    check_length(entity, "", table.name.name);
    take_name(entity, table.name, "table");
    table.options = options_of(entity);
    if (mapping_.has(model::Feature::comments)) table.comment = entity.table.comment;
    add_columns(table, entity);
    add_constraints(table, entity, context_);
    add_column_renames(table, entity);
    for (const IndexDescription& index : entity.indexes) leave_unmanaged(table, entity, index);
    result_.schema.tables.push_back(std::move(table));
  }

  void take_name(const EntityBuilder& entity, const model::Name& name, const std::string& what) {
    if (table_names_.insert(folded(name)).second) return;
    if (entity.is_made) {
      fail(entity.entity, "",
           "its junction or closure table would be named \"" + to_string(name) + "\", which another table already uses",
           R"(Set the name of one of the two: {.table = "..."} or {.closure_table = "..."}.)");
    }
    fail(entity.entity, "", "another entity also has the " + what + " \"" + to_string(name) + '"',
         "Rename one of them: table({.name = \"...\"}). List each entity in entities<...>() only once.");
  }

  std::map<std::string, std::string> options_of(const EntityBuilder& entity) const {
    const TableDescription& table = entity.table;
    require(table.strict, Feature::strict_tables, entity);
    require(table.without_rowid, Feature::tables_without_rowid, entity);
    require(!table.engine.empty(), Feature::storage_engines, entity);
    require(!table.storage_parameters.empty(), Feature::storage_parameters, entity);
    require(!table.charset.empty(), Feature::charsets, entity);
    require(!table.collation.empty(), Feature::collations_of_tables, entity);
    try {
      return mapping_.table_options(
          {table.strict, table.without_rowid, table.engine, table.storage_parameters, table.charset, table.collation});
    } catch (const Error& error) {
      fail(entity.entity, "", error.what(), error.remedy());
    }
  }

  void check_length(const EntityBuilder& entity, const std::string& member, const std::string& name) const {
    const model::NameLimit limit = mapping_.identifier_limit();
    if (limit.allows(name)) return;
    const char* const unit = limit.unit == model::NameLimit::Unit::bytes ? " bytes" : " characters";
    fail(entity.entity, member,
         "the name \"" + name + "\" is longer than the " + std::to_string(limit.length) + unit +
             " that the database allows",
         "Choose a shorter name.");
  }

  void add_columns(Table& table, const EntityBuilder& entity) {
    std::map<std::string, const ColumnDescription*> names;
    table.columns.reserve(entity.columns.size());
    for (const ColumnDescription& column : entity.columns) {
      const auto [other, is_new] = names.emplace(mapping_.fold(NameKind::column, column.name), &column);
      if (!is_new) {
        fail(entity.entity, column.member.name,
             "the column \"" + column.name + "\" has the same name as the column of member \"" +
                 other->second->member.name + '"',
             "Rename one of them: {.name = \"...\"}.");
      }
      check_length(entity, column.member.name, column.name);
      const ColumnDescription& type = targets_->type_source(entity, column);
      table.columns.push_back(lower_column(entity, column, type, table.options, mapping_));
      if (has_made_date(column)) accept_defaults(table);
    }
  }

  /// The position of the table's last column.
  void accept_defaults(const Table& table) {
    const model::Column& column = table.columns.back();
    for (std::string& expression : mapping_.current_timestamps(column.type)) {
      if (expression == column.default_expression) continue;
      result_.accepted_defaults.push_back({table.name, column.name, std::move(expression)});
    }
  }

  void leave_unmanaged(const Table& table, const EntityBuilder& entity, const IndexDescription& index) {
    if (index.options.synchronize) return;
    if (index.name.empty()) {
      fail(entity.entity, "", "an unmanaged index (synchronize = false) has no name", "Set its name.");
    }
    result_.unmanaged_indexes.push_back(lower_index(table, entity, index, context_).name.text);
  }

  void add_column_renames(const Table& table, const EntityBuilder& entity) {
    std::map<std::string, std::string> sources;
    for (const ColumnDescription& column : entity.columns) {
      if (column.renamed_from.empty()) continue;
      const std::string from = mapping_.fold(NameKind::column, column.renamed_from);
      const auto is_source = [&](const ColumnDescription& other) {
        return mapping_.fold(NameKind::column, other.name) == from;
      };
      const bool is_described = std::any_of(entity.columns.begin(), entity.columns.end(), is_source);
      const bool is_derived = entity.is_made || column.place == Place::made_by_relation;
      if (is_described && is_derived) continue;
      if (mapping_.fold(NameKind::column, column.name) == from) {
        fail(entity.entity, column.member.name,
             "the column is renamed from \"" + column.renamed_from + "\", which is its own name",
             "Remove renamed_from, or set the column's new name.");
      }
      const auto [other, is_new] = sources.emplace(from, column.member.name);
      if (!is_new) {
        fail(entity.entity, column.member.name,
             "the column is renamed from \"" + column.renamed_from + "\", and so is that of member \"" + other->second +
                 '"',
             "Remove one of the two.");
      }
      result_.column_renames.push_back({table.name, column.renamed_from, column.name});
    }
  }

  void add_table_rename(const EntityBuilder& entity, const Table& table) {
    if (entity.table.renamed_from.empty()) return;
    const model::Name from{table.name.schema, prefix_ + entity.table.renamed_from};
    if (entity.is_made && table_names_.contains(folded(from))) return;
    if (folded(from) == folded(table.name)) {
      fail(entity.entity, "", "the table is renamed from \"" + to_string(from) + "\", which is its own name",
           "Remove renamed_from, or set the table's new name.");
    }
    if (!rename_sources_.insert(folded(from)).second) {
      fail(entity.entity, "", "the table is renamed from \"" + to_string(from) + "\", and so is that of another entity",
           "Remove one of the two.");
    }
    result_.table_renames.push_back({from, table.name});
  }

  void add_views(const Builders& views) {
    for (const EntityBuilder& view : views) {
      check_length(view, "", prefix_ + view.table_name);
      take_name(view, {view.view->schema, prefix_ + view.table_name}, "table or view");
    }
    result_.schema.views = lower_views(views, builders_, prefix_, context_);
  }

  /// Two constraints of a table cannot have the same name, nor, in most databases, two indexes of the schema, nor an
  /// index and a table.
  void check_names(const EntityBuilder& entity, const Table& table) {
    std::map<std::string, std::string> constraints;
    const auto check = [&](std::map<std::string, std::string>& names, const std::string& name,
                           NameKind kind = NameKind::constraint) {
      check_length(entity, "", name);
      const auto [known, is_new] = names.emplace(mapping_.fold(kind, name), entity.entity);
      if (is_new) return;
      const char* const what = kind == NameKind::index ? "indexes" : "constraints";
      const std::string other =
          known->second == entity.entity ? "" : ", and the other is of entity \"" + unqualified(known->second) + '"';
      fail(entity.entity, "", std::string("two ") + what + " are named \"" + name + '"' + other,
           "Rename one of them, or remove one if they are equivalent.");
    };
    for (const model::Unique& unique : table.uniques) check(constraints, unique.name.text);
    for (const model::Check& constraint : table.checks) check(constraints, constraint.name.text);
    for (const model::Exclusion& exclusion : table.exclusions) check(constraints, exclusion.name.text);
    for (const model::ForeignKey& key : table.foreign_keys) check(constraints, key.name.text);
    std::map<std::string, std::string> own_indexes;
    const bool are_own = mapping_.has_indexes_named_by_table();
    auto& indexes = are_own ? own_indexes : index_names_[mapping_.fold(NameKind::schema, table.name.schema)];
    for (const model::Index& index : table.indexes) {
      check(indexes, index.name.text, NameKind::index);
      if (are_own || !table_names_.contains(folded({table.name.schema, index.name.text}))) continue;
      fail(entity.entity, "", "the index \"" + index.name.text + "\" has the name of a table", "Rename it.");
    }
  }

  /// Unmanaged tables: others may reference them, but they are not created, altered or dropped.
  void take_out_unsynchronized(const Builders& views) {
    const auto take_out = [&](auto& objects, const std::string& name) {
      std::erase_if(objects, [&](const auto& object) {
        if (object.name.name != name) return false;
        result_.unmanaged_tables.push_back(object.name);
        return true;
      });
    };
    for (const EntityBuilder& entity : builders_) {
      if (!entity.table.synchronize) take_out(result_.schema.tables, prefix_ + entity.table_name);
    }
    for (const EntityBuilder& view : views) {
      if (!view.view->synchronize) take_out(result_.schema.views, prefix_ + view.table_name);
    }
  }

  [[nodiscard]] std::string folded(const model::Name& name) const {
    return to_string(mapping_.fold_name(NameKind::table, name));
  }

  const model::TypeMapping& mapping_;
  Context context_;
  std::string prefix_;
  Builders builders_;
  std::optional<Targets> targets_;
  std::set<std::string> table_names_;
  std::map<std::string, std::map<std::string, std::string>> index_names_;  ///< Of each schema, with their entities.
  std::set<std::string> rename_sources_;
  Described result_;
};

}  // namespace

Described describe(const Entities& entities, const model::TypeMapping& mapping, std::string_view entity_prefix,
                   const NamingStrategy& naming) {
  return Lowering(mapping, entity_prefix, naming).run(entities);
}

}  // namespace whimbrel::entity
