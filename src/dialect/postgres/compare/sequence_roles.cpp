#include "dialect/postgres/compare/sequence_roles.h"

#include <algorithm>
#include <map>
#include <set>

#include "dialect/postgres/generate/sequence.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::Column;
using model::Name;
using model::Schema;

using Place = std::pair<Name, std::string>;  ///< A table and its column.

bool is_serial(const Column& column) {
  return column.auto_increment && !column.identity && column.sequence.value && !column.sequence.value->type.empty();
}

/// The sequences of one schema.
struct Roles {
  explicit Roles(const Schema& schema) {
    for (const model::Object& object : schema.objects) {
      if (object.kind == sequence_kind) objects.insert(object.name);
    }
    for (const model::Table& table : schema.tables) {
      for (const Column& column : table.columns) {
        if (column.auto_increment && column.sequence.value) {
          parts[column.sequence.value->name] = {table.name, column.name};
          if (column.identity) identities.insert(column.sequence.value->name);
          serials[{table.name, column.name}] = column.sequence.value->name;
        }
        if (!column.default_uses.value) continue;
        for (const model::Reference& used : *column.default_uses.value) {
          if (used.kind == sequence_kind && !column.auto_increment) used_elsewhere.insert(used.name);
        }
      }
    }
  }

  [[nodiscard]] bool has(const Name& sequence) const { return objects.contains(sequence) || parts.contains(sequence); }

  std::set<Name> objects;
  std::map<Name, Place> parts;    ///< Sequences of columns.
  std::map<Place, Name> serials;  ///< The same by their columns.
  std::set<Name> identities;      ///< Those of them that are identities.
  std::set<Name> used_elsewhere;  ///< By the default of a column of which they are not a part.
};

/// Returns whether the sequence, a part of this column in `one`, is an object or a part of another column in `other`.
/// A column that has another sequence there keeps its own, which is renamed.
bool changes_role(const Name& sequence, const Place& column, const Roles& one, const Roles& other) {
  if (!other.has(sequence)) return false;
  const auto there = other.parts.find(sequence);
  if (there != other.parts.end() && there->second == column) return false;
  const auto own = other.serials.find(column);
  if (there == other.parts.end()) return own == other.serials.end() || one.has(own->second);
  return own == other.serials.end() && !one.serials.contains(there->second);
}

void find_changed(const Roles& one, const Roles& other, std::set<Name>& found) {
  for (const auto& [sequence, column] : one.parts) {
    // Between a serial column and an identity, the sequence itself is replaced.
    const auto there = other.parts.find(sequence);
    const bool is_replaced = there != other.parts.end() && there->second == column &&
                             one.identities.contains(sequence) != other.identities.contains(sequence);
    if (is_replaced) continue;
    const bool is_shared = one.used_elsewhere.contains(sequence) || other.used_elsewhere.contains(sequence);
    if (is_shared || changes_role(sequence, column, one, other)) found.insert(sequence);
  }
}

void make_object(Schema& schema, const Name& table, Column& column) {
  const model::Sequence sequence = *column.sequence.value;
  column.auto_increment = false;
  column.sequence_options.clear();
  column.sequence.value.reset();
  column.default_expression = nextval(sequence);
  column.default_uses.value = {{sequence.name, {}, sequence_kind}};
  schema.objects.push_back(sequence_object(sequence));
  schema.objects.push_back(ownership_object(sequence, table, column.name));
}

/// Returns whether an object is the sequence of a column, or its ownership. A generated key of an entity takes the
/// sequence of its column, which was an object before.
bool is_part(const model::Object& object, const Roles& roles) {
  return (object.kind == sequence_kind || object.kind == ownership_kind) && roles.parts.contains(object.name);
}

bool has_parts_among_objects(const Schema& schema, const Roles& roles) {
  return std::any_of(schema.objects.begin(), schema.objects.end(),
                     [&](const model::Object& object) { return is_part(object, roles); });
}

Schema with_objects(Schema schema, const Roles& roles, const std::set<Name>& sequences) {
  std::erase_if(schema.objects, [&](const model::Object& object) { return is_part(object, roles); });
  for (model::Table& table : schema.tables) {
    for (Column& column : table.columns) {
      if (is_serial(column) && sequences.contains(column.sequence.value->name)) make_object(schema, table.name, column);
    }
  }
  return schema;
}

}  // namespace

std::optional<diff::SchemaPair> with_same_roles(const Schema& current, const Schema& desired) {
  const Roles before(current);
  const Roles after(desired);
  std::set<Name> found;
  find_changed(before, after, found);
  find_changed(after, before, found);
  if (found.empty() && !has_parts_among_objects(current, before) && !has_parts_among_objects(desired, after)) {
    return std::nullopt;
  }
  return diff::SchemaPair{with_objects(current, before, found), with_objects(desired, after, found)};
}

}  // namespace whimbrel::dialect::postgres
