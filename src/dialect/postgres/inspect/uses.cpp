#include <algorithm>
#include <map>
#include <optional>

#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/inspect/catalog_state.h"
#include "operation/uses.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Returns the used item's name in the model; nullopt if the model does not contain it.
class References {
 public:
  explicit References(CatalogState& state) : state_(state) {}

  [[nodiscard]] std::optional<model::Reference> find(const Key& key, std::int64_t column) const {
    if (const auto found = state_.references.find(key); found != state_.references.end()) return found->second;
    if (key.first == "pg_constraint") return find_constraint(key);
    if (key.first != "pg_class") return std::nullopt;
    const auto relation = state_.relations.find(key.second);
    if (relation == state_.relations.end()) return std::nullopt;
    if (relation->second.kind == 'S') return model::Reference{relation->second.name, {}, sequence_kind};
    return model::Reference{relation->second.name, relation->second.column(column), {}};
  }

 private:
  [[nodiscard]] std::optional<model::Reference> find_constraint(const Key& key) const {
    const auto part = state_.parts.find(key);
    if (part == state_.parts.end()) return std::nullopt;
    const PgClass& relation = state_.relations.at(part->second.relation);
    const model::Table& table = *state_.find_table(relation.number, part->second.is_inherited);
    const std::size_t place = part->second.place;
    const auto reference = [&](const model::ConstraintName& name) {
      return model::Reference{relation.name, name.text, "constraint"};
    };
    switch (part->second.kind) {
      case 'p':
        return reference(table.primary_key->name);
      case 'u':
        return reference(table.uniques[place].name);
      case 'c':
        return reference(table.checks[place].name);
      default:
        return reference(table.exclusions[place].name);
    }
  }

  CatalogState& state_;
};

/// Returns where the uses of an item are stored.
class Users {
 public:
  explicit Users(CatalogState& state) : state_(state) {}

  [[nodiscard]] model::Uses* find(const Key& key, std::int64_t column) const {
    if (key.first == "pg_attrdef") {
      const auto of_view = state_.view_defaults.find({key.second, column});
      if (of_view != state_.view_defaults.end()) return &state_.schema.objects[of_view->second].uses;
      return of_value(find_column(key.second, column));
    }
    if (key.first == "pg_class" && column != 0) return of_type(find_column(key.second, column));
    if (const auto part = state_.parts.find(key); part != state_.parts.end()) return of_part(part->second);
    if (key.first == "pg_class") {
      if (model::View* const view = state_.find_view(key.second)) return &view->uses;
    }
    const auto object = state_.objects.find(key);
    return object == state_.objects.end() ? nullptr : &state_.schema.objects[object->second].uses;
  }

 private:
  [[nodiscard]] model::Column* find_column(std::int64_t table_number, std::int64_t column) const {
    model::Table* const table = state_.find_table(table_number);
    if (table == nullptr) return nullptr;
    const std::string name = state_.find(table_number)->column(column);
    model::Column* const own = table->find_column(name);
    const auto inherited = state_.inherited.find(table_number);
    return own != nullptr || inherited == state_.inherited.end() ? own : inherited->second.find_column(name);
  }

  static model::Uses* of_value(model::Column* column) {
    if (column == nullptr) return nullptr;
    return column->computed ? &column->computed->uses : &column->default_uses;
  }
  static model::Uses* of_type(model::Column* column) { return column == nullptr ? nullptr : &column->type_uses; }

  [[nodiscard]] model::Uses* of_part(const PartPlace& part) const {
    model::Table* const table = state_.find_table(part.relation, part.is_inherited);
    model::View* const view = state_.find_view(part.relation);
    if (part.kind == 'i') {
      model::Index& index = (table != nullptr ? table->indexes : view->indexes)[part.place];
      // Those of a list of columns are known without being stored, as long as there are no others.
      index.uses = operation::uses_of(index, state_.relations.at(part.relation).name);
      return &index.uses;
    }
    if (part.kind == 't') return &(table != nullptr ? table->triggers : view->triggers)[part.place].uses;
    if (part.kind == 'c') return &table->checks[part.place].uses;
    return part.kind == 'x' ? &table->exclusions[part.place].uses : nullptr;
  }

  CatalogState& state_;
};

void make_known(model::Uses& uses) {
  if (!uses.value) uses.value.emplace();
}

void add(model::Uses& uses, const model::Reference& reference) {
  const auto place = std::lower_bound(uses.value->begin(), uses.value->end(), reference);
  if (place == uses.value->end() || *place != reference) uses.value->insert(place, reference);
}

/// Returns the casts by their functions. What calls the function may have been written as a cast, and is deparsed as
/// one, so it uses the cast, too.
std::multimap<Key, model::Reference> find_casts(const Catalog& catalog, const References& references) {
  std::multimap<Key, model::Reference> casts;
  for (const std::vector<Value>& values : catalog.uses.values) {
    Fields row(values);
    const Key key = row.key();
    if (key.first != "pg_cast") continue;
    static_cast<void>(row.number());
    const Key used = row.key();
    const std::optional<model::Reference> cast = references.find(key, 0);
    if (cast && used.first == "pg_proc") casts.emplace(used, *cast);
  }
  return casts;
}

void make_known(std::vector<model::Column>& columns) {
  for (model::Column& column : columns) {
    make_known(column.type_uses);
    make_known(column.default_uses);
  }
}

}  // namespace

void read_uses(const Catalog& catalog, CatalogState& state) {
  for (model::View& view : state.schema.views) make_known(view.uses);
  for (model::Object& object : state.schema.objects) make_known(object.uses);
  for (model::Table& table : state.schema.tables) make_known(table.columns);
  for (auto& [number, table] : state.inherited) make_known(table.columns);
  const References references(state);
  const Users users(state);
  const std::multimap<Key, model::Reference> casts = find_casts(catalog, references);
  for (const std::vector<Value>& values : catalog.uses.values) {
    Fields row(values);
    const Key key = row.key();
    model::Uses* const uses = users.find(key, row.number());
    if (uses == nullptr) continue;
    const Key used = row.key();
    const std::optional<model::Reference> reference = references.find(used, row.number());
    if (!reference) continue;
    make_known(*uses);
    add(*uses, *reference);
    const auto [begin, end] = casts.equal_range(used);
    for (auto cast = begin; key.first != "pg_cast" && cast != end; ++cast) add(*uses, cast->second);
  }
}

}  // namespace whimbrel::dialect::postgres
