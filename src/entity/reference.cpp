#include "entity/reference.h"

#include <algorithm>

#include "entity/lower_column.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;

bool says_nothing_of_type(const ColumnDescription& column) {
  const ColumnOptions& options = column.options;
  return column.type_text.empty() && !options.untyped && column.collation.empty() && options.length == -1 &&
         options.precision == -1 && options.scale == -1;
}

/// The key that determines what a column references, and the referenced member.
std::pair<const ForeignKeyDescription*, MemberName> reference_of(const EntityBuilder& entity,
                                                                 const ColumnDescription& column) {
  for (const ForeignKeyDescription& key : entity.foreign_keys) {
    const auto place = std::find(key.members.begin(), key.members.end(), column.member);
    if (place != key.members.end()) {
      return {&key, key.referenced[static_cast<std::size_t>(place - key.members.begin())]};
    }
  }
  return {};
}

/// Adds the columns of relations; those of primary keys first, because others reference them.
class JoinColumns {
 public:
  JoinColumns(Builders& builders, const NamingStrategy& naming)
      : builders_(builders), targets_(builders), naming_(naming) {
    state_.resize(builders.size(), State::unseen);
  }

  void make() {
    for (std::size_t i = 0; i < builders_.size(); ++i) make_key(i);
    for (EntityBuilder& entity : builders_) {
      for (ForeignKeyDescription& key : entity.foreign_keys) {
        if (!key.is_reference || key.options.primary) continue;
        add_columns(entity, key, builders_[targets_.find(entity, key)]);
      }
    }
  }

 private:
  enum class State { unseen, entered, made };

  /// Adds the primary key columns of relations, after those of the keys that they reference.
  void make_key(std::size_t index) {
    if (state_[index] != State::unseen) return;
    state_[index] = State::entered;
    EntityBuilder& entity = builders_[index];
    for (ForeignKeyDescription& key : entity.foreign_keys) {
      if (!key.is_reference || !key.options.primary) continue;
      const std::size_t target = targets_.find(entity, key);
      if (state_[target] == State::entered) {
        fail(entity.entity, key.member.name,
             "the primary keys depend on each other: this key column references an entity whose key needs this one",
             "Give one of the entities its own key.");
      }
      make_key(target);
      add_columns(entity, key, builders_[target]);
    }
    state_[index] = State::made;
  }

  [[nodiscard]] std::vector<ColumnDescription> referenced_columns(const EntityBuilder& entity,
                                                                  const ForeignKeyDescription& key,
                                                                  const EntityBuilder& target) const {
    if (key.referenced.empty()) {
      std::vector<ColumnDescription> columns;
      for (const ColumnDescription* column : primary_columns(target)) columns.push_back(*column);
      return columns;
    }
    const ColumnDescription* column = target.find(key.referenced.front());
    if (column == nullptr) {
      fail(entity.entity, key.member.name,
           "the relation references " + unqualified(target.entity) + "::" + key.referenced.front().name +
               ", which is not a column",
           "Describe it as a column.");
    }
    return {*column};
  }

  void add_columns(EntityBuilder& entity, ForeignKeyDescription& key, const EntityBuilder& target) const {
    const std::vector<ColumnDescription> referenced = referenced_columns(entity, key, target);
    require_as_many(entity, key, key.column_names, referenced.size(), "columns");
    require_as_many(entity, key, key.renamed_from, referenced.size(), "renamed_from");
    key.referenced.clear();
    for (std::size_t i = 0; i < referenced.size(); ++i) {
      ColumnDescription column = make_column(key, i, referenced[i], targets_.key_column(target, referenced[i]));
      key.referenced.push_back(referenced[i].member);
      const auto same = std::find_if(entity.columns.begin(), entity.columns.end(),
                                     [&](const ColumnDescription& other) { return other.name == column.name; });
      if (same != entity.columns.end()) {
        // A member for the key is described as well.
        key.members.push_back(same->member);
        continue;
      }
      key.members.push_back(column.member);
      entity.columns.push_back(std::move(column));
    }
  }

  static void require_as_many(const EntityBuilder& entity, const ForeignKeyDescription& key, const Texts& texts,
                              std::size_t count, const std::string& what) {
    if (texts.empty() || texts.size() == count) return;
    fail(entity.entity, key.member.name,
         "the relation sets " + std::to_string(texts.size()) + " names as " + what +
             ", but the key that it references has " + std::to_string(count) + (count == 1 ? " column" : " columns"),
         "Set one name per column, in the order of that key.");
  }

  [[nodiscard]] ColumnDescription make_column(const ForeignKeyDescription& key, std::size_t i,
                                              const ColumnDescription& referenced, ColumnDescription column) const {
    const std::string relation = own_name(key.member);
    const auto named = [&](const std::string& referenced_name) {
      return naming_.join_column(relation, referenced_name);
    };
    const std::string derived = named(own_name(referenced.member));
    column.member = {key.member.owner, key.member.name + '.' + own_name(referenced.member)};
    column.prefixes = key.prefixes;
    column.name = key.column_names.empty() ? derived : key.column_names[i];
    if (!column.prefixes.empty()) column.name = naming_.column(column.name, column.prefixes);
    if (!key.renamed_from.empty()) {
      column.renamed_from = key.renamed_from[i];
    } else if (key.column_names.empty() && !referenced.renamed_from.empty()) {
      column.renamed_from = named(referenced.renamed_from);
      if (!column.prefixes.empty()) column.renamed_from = naming_.column(column.renamed_from, column.prefixes);
    }
    if (column.renamed_from == column.name) column.renamed_from.clear();
    column.place = Place::made_by_relation;
    column.role = key.options.primary ? detail::ColumnRole::primary : detail::ColumnRole::plain;
    const signed char answer = key.options.nullable.answer;
    column.is_forced = !key.options.primary && (answer < 0 ? key.may_be_missing : answer == 1);
    return column;
  }

  Builders& builders_;
  Targets targets_;
  const NamingStrategy& naming_;
  std::vector<State> state_;
};

}  // namespace

Targets::Targets(const Builders& builders) : builders_(builders) {
  const auto add = [](Places& places, std::size_t place) {
    if (places.empty() || places.back() != place) places.push_back(place);
  };
  by_type_.reserve(builders.size());
  for (std::size_t i = 0; i < builders.size(); ++i) {
    const EntityBuilder& builder = builders[i];
    if (builder.is_made) continue;
    add(by_type_[builder.entity], i);
    for (const std::string& type : builder.child_types) add(by_type_[type], i);
    for (const ColumnDescription& column : builder.columns) {
      if (column.member.owner != builder.entity) add(by_member_[column.member], i);
    }
  }
}

const Targets::Places& Targets::places_of(const std::string& type) const {
  static const Places none;
  const auto found = by_type_.find(type);
  return found == by_type_.end() ? none : found->second;
}

/// Returns the entities with the member, including those that inherit it from a base.
Targets::Places Targets::candidates_for(const MemberName& member) const {
  Places places = places_of(member.owner);
  const auto found = by_member_.find(member);
  if (found == by_member_.end()) return places;
  places.insert(places.end(), found->second.begin(), found->second.end());
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

std::size_t Targets::find(const EntityBuilder& entity, const ForeignKeyDescription& key) const {
  const bool is_named = !key.target.empty();
  const std::string& wanted = is_named ? key.target : key.referenced.front().owner;
  const Places candidates = is_named ? places_of(wanted) : candidates_for(key.referenced.front());
  if (is_named && !candidates.empty()) return candidates.front();
  if (candidates.size() == 1) return candidates.front();
  const std::string what = key.is_reference ? "the relation" : "the foreign key";
  const std::string reference = unqualified(wanted) + (is_named ? "" : "::" + key.referenced.front().name);
  if (candidates.empty()) {
    fail(entity.entity, key.member.name,
         what + " references " + reference + ", which belongs to no entity in entities<...>()",
         "Add the referenced entity to entities<...>().");
  }
  fail(entity.entity, key.member.name,
       what + " references " + reference + ", which \"" + unqualified(builders_[candidates[0]].entity) + "\" and \"" +
           unqualified(builders_[candidates[1]].entity) + "\" both inherit, so the target is ambiguous",
       "Set the target as the third argument: many_to_one<&T::member, &Base::id, Target>().");
}

const ColumnDescription& Targets::type_source(const EntityBuilder& entity, const ColumnDescription& column) const {
  const EntityBuilder* owner = &entity;
  const ColumnDescription* source = &column;
  // Keys may reference each other in a cycle: a column that was already visited adds nothing.
  std::vector<const ColumnDescription*> seen;
  while (says_nothing_of_type(*source)) {
    const auto [key, member] = reference_of(*owner, *source);
    if (key == nullptr) return *source;
    const EntityBuilder& target = builders_[find(*owner, *key)];
    const ColumnDescription* referenced = target.find(member);
    if (!referenced || std::find(seen.begin(), seen.end(), referenced) != seen.end()) return *source;
    seen.push_back(referenced);
    owner = &target;
    source = referenced;
  }
  return *source;
}

std::vector<const ColumnDescription*> primary_columns(const EntityBuilder& entity) {
  std::vector<const ColumnDescription*> columns;
  for (const ColumnDescription& column : entity.columns) {
    if (is_primary(column)) columns.push_back(&column);
  }
  if (columns.empty()) {
    fail(
        entity.entity, "", "the entity has no primary key",
        "Describe one: primary_generated<&T::id>() or primary_column<&T::id>(); or set table({.primary_key = false}).");
  }
  return columns;
}

ColumnDescription Targets::key_column(const EntityBuilder& target, const ColumnDescription& column) const {
  const ColumnDescription& source = type_source(target, column);
  ColumnDescription result;
  result.type = source.type;
  result.type.is_optional = false;
  result.type_text = source.type_text;
  result.collation = source.collation;
  result.charset = source.charset;
  result.enum_name = source.enum_name;
  result.options.untyped = source.options.untyped;
  result.options.length = source.options.length;
  result.options.precision = source.options.precision;
  result.options.scale = source.options.scale;
  result.options.enum_storage = source.options.enum_storage;
  return result;
}

void add_join_columns(Builders& builders, const NamingStrategy& naming) {
  const auto has_one = [](const EntityBuilder& entity) {
    return std::any_of(entity.foreign_keys.begin(), entity.foreign_keys.end(),
                       [](const ForeignKeyDescription& key) { return key.is_reference; });
  };
  if (std::any_of(builders.begin(), builders.end(), has_one)) JoinColumns(builders, naming).make();
}

std::string own_name(const MemberName& member) { return member.name.substr(member.name.rfind('.') + 1); }

}  // namespace whimbrel::entity
