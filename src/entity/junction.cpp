#include "entity/junction.h"

#include <algorithm>

#include "entity/reference.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;

/// One side of a junction table: its columns hold the primary key of an entity.
struct Side {
  const EntityBuilder* entity = nullptr;
  std::vector<ColumnDescription> columns;
  ForeignKeyDescription key;
};

/// Returns the table's name from before the entity was renamed.
const std::string& former_name(const EntityBuilder& entity) {
  return entity.table.renamed_from.empty() ? entity.table_name : entity.table.renamed_from;
}

std::string dots_to_underscores(std::string path) {
  std::replace(path.begin(), path.end(), '.', '_');
  return path;
}

/// Makes columns of the same name on both sides unique by the numbers of the sides.
void tell_apart(std::vector<ColumnDescription>& first, std::vector<ColumnDescription>& second,
                std::string ColumnDescription::*name, const NamingStrategy& naming) {
  for (ColumnDescription& a : first) {
    for (ColumnDescription& b : second) {
      const std::string shared = a.*name;
      if (shared.empty() || b.*name != shared) continue;
      a.*name = naming.repeated_junction_column(shared, 1);
      b.*name = naming.repeated_junction_column(shared, 2);
    }
  }
}

/// Builds the description of a table that references entities by their primary keys.
class KeyTable {
 public:
  explicit KeyTable(const EntityBuilder& owner) : table_(owner) {
    table_ = EntityBuilder("");
    table_.entity = owner.entity;
    table_.is_made = true;
    table_.has_table = true;
    table_.table.schema = owner.table.schema;
    table_.table.synchronize = owner.table.synchronize;
  }

  EntityBuilder& description() { return table_; }

  /// The columns become the primary key, and get an index and a foreign key.
  void add(Side side, bool has_constraint) {
    IndexDescription& index = table_.indexes.emplace_back();
    for (ColumnDescription& column : side.columns) {
      column.member = {"", column.name};
      column.role = detail::ColumnRole::primary;
      if (column.renamed_from == column.name) column.renamed_from.clear();
      index.parts.emplace_back().member = column.member;
      side.key.members.push_back(column.member);
      entity::add(table_, std::move(column));
    }
    if (!has_constraint) return;
    side.key.member = side.key.members.front();
    side.key.target = side.entity->entity;
    table_.foreign_keys.push_back(std::move(side.key));
  }

 private:
  EntityBuilder table_;
};

class Junctions {
 public:
  Junctions(const Builders& builders, const NamingStrategy& naming)
      : builders_(builders), targets_(builders), naming_(naming) {}

  [[nodiscard]] EntityBuilder junction(const EntityBuilder& owner, const JunctionDescription& description) const {
    const EntityBuilder& other = find(owner, description);
    Side first = side(owner, description, owner, description.columns, "columns");
    Side second = side(owner, description, other, description.inverse_columns, "inverse_columns");
    tell_apart(first.columns, second.columns, &ColumnDescription::name, naming_);
    tell_apart(first.columns, second.columns, &ColumnDescription::renamed_from, naming_);
    first.key.name = description.foreign_key_name;
    first.key.options.on_delete = description.options.on_delete;
    first.key.options.on_update = description.options.on_update;
    second.key.name = description.inverse_foreign_key_name;
    second.key.options.on_delete = description.options.inverse_on_delete;
    second.key.options.on_update = description.options.inverse_on_update;

    KeyTable result(owner);
    EntityBuilder& table = result.description();
    name_table(table, owner, other, description);
    table.table.synchronize = description.options.synchronize;
    if (!description.schema.empty()) table.table.schema = description.schema;
    first.columns.front().primary_key_name = description.primary_key_name;
    result.add(std::move(first), description.options.constraint);
    result.add(std::move(second), description.options.constraint);
    return std::move(table);
  }

  [[nodiscard]] EntityBuilder closure(const EntityBuilder& owner) const {
    KeyTable result(owner);
    EntityBuilder& table = result.description();
    const TreeDescription& tree = *owner.tree;
    const bool is_named = !tree.closure_table.empty();
    table.table.name = tree.closure_table;
    table.table_name = is_named ? tree.closure_table : naming_.closure_table(owner.table_name);
    if (!is_named && !owner.table.renamed_from.empty()) {
      table.table.renamed_from = naming_.closure_table(owner.table.renamed_from);
    }
    result.add(closure_side(owner, tree.ancestor_columns, "ancestor_columns", &NamingStrategy::ancestor_column), true);
    result.add(closure_side(owner, tree.descendant_columns, "descendant_columns", &NamingStrategy::descendant_column),
               true);
    for (const ColumnDescription& column : owner.columns) {
      if (column.role != detail::ColumnRole::tree_level) continue;
      ColumnDescription level = targets_.key_column(owner, column);
      level.member.name = level.name = "level";
      table.columns.push_back(std::move(level));
    }
    return std::move(table);
  }

 private:
  [[nodiscard]] const EntityBuilder& find(const EntityBuilder& owner, const JunctionDescription& description) const {
    const auto found = std::find_if(builders_.begin(), builders_.end(),
                                    [&](const EntityBuilder& candidate) { return candidate.is(description.target); });
    if (found != builders_.end()) return *found;
    fail(owner.entity, description.member.name,
         "the relation is to " + unqualified(description.target) + ", which is not listed in entities<...>()",
         "Add it to entities<...>(); for a list of values use json or an array column.");
  }

  static void require_as_many(const EntityBuilder& owner, const std::string& member, const Texts& names,
                              const EntityBuilder& of, std::size_t count, const std::string& what) {
    if (names.empty() || names.size() == count) return;
    fail(owner.entity, member,
         std::to_string(names.size()) + " names are set as " + what + ", but the primary key of " +
             unqualified(of.entity) + " has " + std::to_string(count) + (count == 1 ? " column" : " columns"),
         "Set one name per column, in the order of that key.");
  }

  [[nodiscard]] Side side(const EntityBuilder& owner, const JunctionDescription& description, const EntityBuilder& of,
                          const Texts& names, const char* what) const {
    Side result{&of, {}, {}};
    const std::vector<const ColumnDescription*> keys = primary_columns(of);
    require_as_many(owner, description.member.name, names, of, keys.size(), what);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ColumnDescription column = targets_.key_column(of, *keys[i]);
      column.name = names.empty() ? naming_.junction_column(of.table_name, keys[i]->name) : names[i];
      if (names.empty()) {
        const std::string& former = keys[i]->renamed_from.empty() ? keys[i]->name : keys[i]->renamed_from;
        column.renamed_from = naming_.junction_column(former_name(of), former);
      }
      result.columns.push_back(std::move(column));
      result.key.referenced.push_back(keys[i]->member);
    }
    return result;
  }

  void name_table(EntityBuilder& table, const EntityBuilder& owner, const EntityBuilder& other,
                  const JunctionDescription& description) const {
    table.table.renamed_from = description.renamed_from;
    if (!description.table.empty()) {
      table.table_name = table.table.name = description.table;
      return;
    }
    const std::string member = dots_to_underscores(description.member.name);
    table.table_name = naming_.junction_table(owner.table_name, member, other.table_name);
    const std::string former = naming_.junction_table(former_name(owner), member, former_name(other));
    if (table.table.renamed_from.empty() && former != table.table_name) table.table.renamed_from = former;
  }

  [[nodiscard]] Side closure_side(const EntityBuilder& owner, const Texts& names, const char* what,
                                  std::string (NamingStrategy::*name)(std::string_view) const) const {
    Side result{&owner, {}, {}};
    const std::vector<const ColumnDescription*> keys = primary_columns(owner);
    require_as_many(owner, "", names, owner, keys.size(), what);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ColumnDescription column = targets_.key_column(owner, *keys[i]);
      column.name = names.empty() ? (naming_.*name)(own_name(keys[i]->member)) : names[i];
      if (names.empty() && !keys[i]->renamed_from.empty()) {
        column.renamed_from = (naming_.*name)(keys[i]->renamed_from);
      }
      result.columns.push_back(std::move(column));
      result.key.referenced.push_back(keys[i]->member);
    }
    result.key.options.on_delete = OnDelete::cascade;
    return result;
  }

  const Builders& builders_;
  Targets targets_;
  const NamingStrategy& naming_;
};

}  // namespace

void add_junctions(Builders& builders, const NamingStrategy& naming) {
  const auto has_one = [](const EntityBuilder& entity) { return !entity.junctions.empty() || entity.tree; };
  if (std::none_of(builders.begin(), builders.end(), has_one)) return;
  const Junctions make(builders, naming);
  Builders made;
  for (const EntityBuilder& entity : builders) {
    for (const JunctionDescription& description : entity.junctions) made.push_back(make.junction(entity, description));
  }
  for (const EntityBuilder& entity : builders) {
    if (entity.tree && entity.tree->kind == Tree::closure_table) made.push_back(make.closure(entity));
  }
  std::move(made.begin(), made.end(), std::back_inserter(builders));
}

}  // namespace whimbrel::entity
