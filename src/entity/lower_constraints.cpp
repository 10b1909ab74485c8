#include "entity/lower_constraints.h"

#include <algorithm>

#include "entity/feature.h"
#include "entity/lower_column.h"
#include "entity/reference.h"
#include "entity/to_model.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;
using model::KeyPart;
using model::Table;

std::string listed(const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& name : names) result += (result.empty() ? "" : ", ") + name;
  return result;
}

/// Returns whether the table is declared without a primary key.
bool has_no_key(const EntityBuilder& entity) {
  if (entity.table.primary_key) return false;
  if (entity.columns.empty())
    fail(entity.entity, "", "the entity has no columns", "Describe one: column<&T::member>().");
  for (const ColumnDescription& column : entity.columns) {
    if (!is_primary(column)) continue;
    fail(entity.entity, column.member.name, "primary_key is false, but the member is a primary key",
         "Remove .primary_key = false, or describe the member with column().");
  }
  return true;
}

void add_primary_key(Table& table, const EntityBuilder& entity, const Context& context) {
  if (has_no_key(entity)) return;
  model::PrimaryKey key;
  const ColumnDescription* generated = nullptr;
  for (const ColumnDescription* column : primary_columns(entity)) {
    key.columns.emplace_back(column->name);
    if (table.find_column(column->name)->auto_increment) generated = column;
    if (column->primary_key_name.empty()) continue;
    if (!key.name.text.empty() && key.name.text != column->primary_key_name) {
      fail(entity.entity, column->member.name, "the primary key has two names",
           "Set the same name on all its columns, or on one.");
    }
    key.name = column->primary_key_name;
  }
  if (generated && key.columns.size() > 1) {
    fail(entity.entity, generated->member.name, "a generated key must be the only column of the primary key",
         "Use primary_column for all of them, or column for the others.");
  }
  for (const ColumnDescription& column : entity.columns) {
    if (column.primary_key_name.empty() || is_primary(column)) continue;
    fail(entity.entity, column.member.name, "primary_key_name is set, but the column is not part of the primary key",
         "Set it on a column of the key.");
  }
  if (key.name.text.empty() && context.mapping.has(model::Feature::named_primary_keys)) {
    key.name = context.named_or("", context.naming.primary_key(table.name.name, column_names(key.columns)));
  }
  table.primary_key = std::move(key);
}

/// Returns the columns of a member: several if it is a relation to an entity with a composite key. Throws if it has
/// none.
std::vector<std::string> described(const EntityBuilder& entity, const MemberName& member, const std::string& what) {
  if (const ColumnDescription* column = entity.find(member)) return {column->name};
  for (const ForeignKeyDescription& key : entity.foreign_keys) {
    if (!key.is_reference || key.member != member) continue;
    std::vector<std::string> names;
    for (const MemberName& made : key.members) names.push_back(entity.find(made)->name);
    return names;
  }
  fail(entity.entity, member.name, what + " names it, but it is not a column",
       "Describe it as a column too: column<&T::" + member.name + ">().");
}

void refuse_repeated(const EntityBuilder& entity, const std::vector<KeyPart>& parts, const std::string& what) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].column.empty()) continue;
    for (std::size_t k = 0; k < i; ++k) {
      if (parts[k].column != parts[i].column) continue;
      fail(entity.entity, "", what + " names the column \"" + parts[i].column + "\" twice", "Name it once.");
    }
  }
}

void add_unique(Table& table, const EntityBuilder& entity, const std::string& member, model::Unique unique) {
  const auto same = [&](const model::Unique& other) { return other.columns == unique.columns; };
  if (std::any_of(table.uniques.begin(), table.uniques.end(), same)) {
    fail(entity.entity, member, "unique (" + listed(column_names(unique.columns)) + ") is described twice",
         "Keep one of the two descriptions.");
  }
  table.uniques.push_back(std::move(unique));
}

void add_uniques(Table& table, const EntityBuilder& entity, const Context& context) {
  for (const ColumnDescription& column : entity.columns) {
    if (!column.options.unique) continue;
    const std::string derived = context.naming.unique(table.name.name, {column.name});
    add_unique(table, entity, column.member.name, {context.named_or("", derived), {KeyPart(column.name)}, ""});
  }
  for (const UniqueDescription& description : entity.uniques) {
    model::Unique unique;
    for (const MemberName& member : description.members) {
      for (std::string& column : described(entity, member, "a unique constraint"))
        unique.columns.emplace_back(std::move(column));
    }
    refuse_repeated(entity, unique.columns, "a unique constraint");
    unique.name =
        context.named_or(description.name, context.naming.unique(table.name.name, column_names(unique.columns)));
    unique.deferral = to_model(description.options.deferrable);
    unique.nulls_not_distinct = description.options.nulls_not_distinct;
    const auto need = [&](model::Feature feature) { require(context.mapping, feature, entity.entity, ""); };
    if (unique.deferral != model::Deferral::not_deferrable) need(model::Feature::deferrable_uniques);
    if (unique.nulls_not_distinct) need(model::Feature::nulls_not_distinct);
    add_unique(table, entity, "", std::move(unique));
  }
}

void add_checks(Table& table, const EntityBuilder& entity, const Context& context) {
  for (const CheckDescription& description : entity.checks) {
    if (description.expression.empty())
      fail(entity.entity, "", "a check constraint has no expression", "Set an SQL expression.");
    const std::string derived = context.naming.check(table.name.name, description.expression);
    table.checks.push_back({context.named_or(description.name, derived), description.expression});
  }
}

void add_exclusions(Table& table, const EntityBuilder& entity, const Context& context) {
  for (const ExclusionDescription& description : entity.exclusions) {
    require(context.mapping, model::Feature::exclusions, entity.entity, "");
    if (description.definition.empty())
      fail(entity.entity, "", "an exclusion constraint has no definition", "Set its SQL.");
    const std::string derived = context.naming.exclusion(table.name.name, description.definition);
    table.exclusions.push_back({context.named_or(description.name, derived), description.definition,
                                to_model(description.options.deferrable)});
  }
}

/// Rejects index features that the database lacks.
void require_features(const model::Index& index, const EntityBuilder& entity, const model::TypeMapping& mapping) {
  using model::Feature;
  const auto need = [&](bool is_used, Feature feature) {
    if (is_used) require(mapping, feature, entity.entity, "");
  };
  for (const KeyPart& part : index.columns) {
    need(part.nulls != model::NullOrder::by_default, Feature::null_order);
    need(!part.operator_class.empty(), Feature::operator_classes);
    need(part.length.has_value(), Feature::prefix_lengths);
  }
  need(!index.method.empty(), Feature::index_methods);
  need(!index.parser.empty(), Feature::index_parsers);
  need(!index.where.empty(), Feature::partial_indexes);
  need(!index.included.empty(), Feature::included_columns);
  need(index.nulls_not_distinct, Feature::nulls_not_distinct);
}

}  // namespace

model::Index lower_index(const Table& table, const EntityBuilder& entity, const IndexDescription& description,
                         const Context& context) {
  model::Index index;
  for (const IndexPartDescription& part : description.parts) {
    KeyPart key;
    key.collation = part.collation;
    key.descending = part.descending;
    key.nulls = to_model(part.nulls);
    key.operator_class = part.operator_class;
    if (part.length != 0) key.length = part.length;
    if (part.member.name.empty()) {
      key.expression = part.expression;
      if (key.expression.empty()) fail(entity.entity, "", "an index has an empty expression", "Set an SQL expression.");
      index.columns.push_back(std::move(key));
      continue;
    }
    for (std::string& column : described(entity, part.member, "an index")) {
      key.column = std::move(column);
      index.columns.push_back(key);
    }
  }
  if (index.columns.empty()) fail(entity.entity, "", "an index has no columns", "Name at least one.");
  refuse_repeated(entity, index.columns, "an index");
  for (const MemberName& member : description.included) {
    for (std::string& column : described(entity, member, "an index")) index.included.push_back(std::move(column));
  }
  index.unique = description.options.unique;
  index.where = description.where;
  index.method = description.method;
  index.parser = description.parser;
  index.nulls_not_distinct = description.options.nulls_not_distinct;
  index.concurrent.value = description.options.concurrent;
  index.name =
      context.named_or(description.name, context.naming.index(table.name.name, part_texts(index.columns), index.where));
  require_features(index, entity, context.mapping);
  context.mapping.normalise_index(index);
  return index;
}

bool is_key(const Table& table, const std::vector<std::string>& columns) {
  // A key over the columns in any order.
  const auto is_over = [&](const std::vector<KeyPart>& parts) {
    return parts.size() == columns.size() && std::all_of(parts.begin(), parts.end(), [&](const KeyPart& part) {
             return std::find(columns.begin(), columns.end(), part.column) != columns.end();
           });
  };
  if (table.primary_key && is_over(table.primary_key->columns)) return true;
  const auto is_unique = [&](const model::Unique& unique) { return is_over(unique.columns); };
  if (std::any_of(table.uniques.begin(), table.uniques.end(), is_unique)) return true;
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const model::Index& index) {
    const auto has_collation = [](const KeyPart& part) { return !part.collation.empty(); };
    return index.unique && index.where.empty() && is_over(index.columns) &&
           std::none_of(index.columns.begin(), index.columns.end(), has_collation);
  });
}

/// As TypeORM names unique constraints where they are indexes. Not one over the same columns as an index that has the
/// name already, nor those of a program's own strategy.
void name_as_indexes(Table& table, const Context& context) {
  const NamingStrategy& usual = typeorm_naming();
  for (model::Unique& unique : table.uniques) {
    const std::vector<std::string> columns = column_names(unique.columns);
    if (unique.name != context.named_or("", usual.unique(table.name.name, columns))) continue;
    model::ConstraintName name = context.named_or("", usual.index(table.name.name, columns, ""));
    const auto has_name = [&](const model::Index& index) { return index.name.text == name.text; };
    if (std::none_of(table.indexes.begin(), table.indexes.end(), has_name)) unique.name = std::move(name);
  }
}

void add_constraints(Table& table, const EntityBuilder& entity, const Context& context) {
  add_primary_key(table, entity, context);
  add_uniques(table, entity, context);
  for (const IndexDescription& description : entity.indexes) {
    if (description.options.synchronize) table.indexes.push_back(lower_index(table, entity, description, context));
  }
  if (context.mapping.has_unique_indexes_only()) name_as_indexes(table, context);
  add_checks(table, entity, context);
  add_exclusions(table, entity, context);
}

}  // namespace whimbrel::entity
