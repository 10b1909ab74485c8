#include "entity/lower_constraints.h"

#include <algorithm>

#include "entity/lower_column.h"
#include "entity/naming.h"

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

void add_primary_key(Table& table, const EntityBuilder& entity) {
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
const ColumnDescription& described(const EntityBuilder& entity, const MemberName& member, const std::string& what) {
  const ColumnDescription* column = entity.find(member);
  if (!column) {
    fail(entity.entity, member.name, what + " names it, but it is no column",
         "Describe it as a column too: column<&T::" + member.name + ">().");
  }
  return *column;
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

void add_uniques(Table& table, const EntityBuilder& entity) {
  for (const ColumnDescription& column : entity.columns) {
    if (!column.options.unique) continue;
    const std::string name = unique_name(table.name.name, {column.name});
    add_unique(table, entity, column.member.name,
               {model::ConstraintName::make_derived(name), {KeyPart(column.name)}, ""});
  }
  for (const UniqueDescription& description : entity.uniques) {
    model::Unique unique;
    for (const MemberName& member : description.members) {
      unique.columns.emplace_back(described(entity, member, "a unique").name);
    }
    refuse_repeated(entity, unique.columns, "a unique");
    unique.name = named_or(description.name, unique_name(table.name.name, column_names(unique.columns)));
    add_unique(table, entity, "", std::move(unique));
  }
}

/// A part in words, so that indexes over the same columns in another order of values have names of their own. A plain
/// column is its name alone, as in TypeORM, which knows no other parts.
std::string part_text(const KeyPart& part) {
  std::string text = part.column.empty() ? part.expression : part.column;
  if (!part.collation.empty()) text += " COLLATE " + part.collation;
  if (part.descending) text += " DESC";
  return text;
}

model::Index lower_index(const Table& table, const EntityBuilder& entity, const IndexDescription& description) {
  model::Index index;
  std::vector<std::string> texts;
  for (const IndexPartDescription& part : description.parts) {
    KeyPart& key = index.columns.emplace_back();
    if (part.member.name.empty()) {
      key.expression = part.expression;
      if (key.expression.empty()) fail(entity.entity, "", "an index has an empty expression", "Give it SQL.");
    } else {
      key.column = described(entity, part.member, "an index").name;
    }
    key.collation = part.collation;
    key.descending = part.descending;
    texts.push_back(part_text(key));
  }
  if (index.columns.empty()) fail(entity.entity, "", "an index has no columns", "Name at least one.");
  refuse_repeated(entity, index.columns, "an index");
  index.unique = description.unique;
  index.where = description.where;
  index.name = named_or(description.name, index_name(table.name.name, texts, index.where));
  return index;
}

void add_checks(Table& table, const EntityBuilder& entity) {
  for (const CheckDescription& description : entity.checks) {
    if (description.expression.empty()) fail(entity.entity, "", "a check has no expression", "Give it SQL.");
    const std::string derived = check_name(table.name.name, description.expression);
    table.checks.push_back({named_or(description.name, derived), description.expression});
  }
}

}  // namespace

model::ConstraintName named_or(const std::string& given, const std::string& derived) {
  return given.empty() ? model::ConstraintName::make_derived(derived) : model::ConstraintName(given);
}

bool is_key(const Table& table, const std::string& column) {
  const auto is_column = [&](const std::vector<KeyPart>& parts) {
    return parts.size() == 1 && parts.front().column == column;
  };
  if (table.primary_key && is_column(table.primary_key->columns)) return true;
  const auto is_unique = [&](const model::Unique& unique) { return is_column(unique.columns); };
  if (std::any_of(table.uniques.begin(), table.uniques.end(), is_unique)) return true;
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const model::Index& index) {
    return index.unique && index.where.empty() && is_column(index.columns) && index.columns.front().collation.empty();
  });
}

void add_constraints(Table& table, const EntityBuilder& entity) {
  add_primary_key(table, entity);
  add_uniques(table, entity);
  for (const IndexDescription& description : entity.indexes) {
    table.indexes.push_back(lower_index(table, entity, description));
  }
  add_checks(table, entity);
}

}  // namespace whimbrel::entity
