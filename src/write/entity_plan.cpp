#include "write/entity_plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "sql/lexer.h"
#include "whimbrel/error.h"
#include "write/identifier.h"

namespace whimbrel::write {

namespace {

using model::Column;
using model::ForeignKey;
using model::NameKind;
using model::Table;
using model::ValueKind;

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return '(' + text + ')';
}

const char* no_entity = " has no entity: ";

/// Returns whether the name is blank, so that a description cannot use it.
bool is_blank(const std::string& name) { return name.find_first_not_of(" \t\r\n") == name.npos; }

bool is_unnamed(const Column& column) { return is_blank(column.name); }

/// Returns why the table cannot be an entity; empty if it can.
std::string obstacle(const Table& table) {
  if (is_blank(table.name.name)) return "its name is blank";
  return std::all_of(table.columns.begin(), table.columns.end(), is_unnamed) ? "it has no column with a name" : "";
}

/// The kind of the member for such values, as whimbrel sees it: text for a std::string.
ValueKind stated(ValueKind kind) {
  const bool is_text = kind == ValueKind::uuid || kind == ValueKind::json || kind == ValueKind::array;
  return is_text ? ValueKind::text : kind;
}

/// Returns why entities cannot express the foreign key; empty if they can.
std::string obstacle(const ForeignKey& key) {
  if (!key.set_columns.empty()) return "it sets only some of its columns";
  return key.not_valid ? "it is NOT VALID" : "";
}

class Planning {
 public:
  Planning(const model::Schema& schema, const model::TypeMapping& mapping) : schema_(schema), mapping_(mapping) {}

  EntityPlan run() {
    for (const Table& table : schema_.tables)
      for (const Column& column : table.columns) ++enum_columns_[column.enum_name];
    choose();
    for (PlannedEntity& entity : plan_.entities) add_members(entity);
    for (std::size_t i = 0; i < plan_.entities.size(); ++i) add_references(i);
    agree_on_kinds();
    for (PlannedEntity& entity : plan_.entities) add_enums(entity);
    find_cycles();
    for (PlannedEntity& entity : plan_.entities) add_remarks(entity);
    return std::move(plan_);
  }

 private:
  void choose() {
    static_cast<void>(files_.add("entities"));
    for (const Table& table : schema_.tables) {
      if (const std::string reason = obstacle(table); !reason.empty()) {
        plan_.left_out.push_back("table " + quoted(to_string(table.name)) + no_entity + reason);
        continue;
      }
      index_[key(table.name)] = plan_.entities.size();
      PlannedEntity& entity = plan_.entities.emplace_back();
      entity.table = &table;
      entity.is_unmanaged = std::any_of(table.columns.begin(), table.columns.end(), is_unnamed);
      entity.class_name = classes_.add(class_identifier(table.name.name));
      entity.file = files_.add(file_stem(entity.class_name)) + ".h";
    }
    for (const model::View& view : schema_.views) choose(view);
  }

  void choose(const model::View& view) {
    const std::string name = "view " + quoted(to_string(view.name));
    if (is_blank(view.name.name)) {
      plan_.left_out.push_back(name + no_entity + "its name is blank");
      return;
    }
    const std::string class_name = classes_.add(class_identifier(view.name.name));
    PlannedView& planned =
        plan_.views.emplace_back(PlannedView{&view, class_name, files_.add(file_stem(class_name)) + ".h", {}, {}});
    read_view(planned);
    if (planned.is_unmanaged) plan_.left_out.push_back(name + ": its options; so the view is unmanaged");
    for (const model::Trigger& trigger : view.triggers) {
      plan_.left_out.push_back("the trigger " + quoted(trigger.name) + " of " + name + " is not described");
    }
  }

  /// The text after AS, and the column list in parentheses before it.
  void read_view(PlannedView& planned) const {
    const std::string& definition = planned.view->definition;
    std::size_t opened = 0;
    for (const sql::Token& token : sql::tokenize(definition, mapping_.syntax())) {
      if (token.is("WITH")) planned.is_unmanaged = true;  // Options, which entities cannot express.
      if (token.is("(")) opened = token.end();
      if (token.is(")")) planned.columns = definition.substr(opened, token.offset - opened);
      if (!token.is("AS")) continue;
      const std::size_t begin = definition.find_first_not_of(" \t\r\n", token.end());
      if (begin != std::string::npos) planned.query = definition.substr(begin);
      if (planned.is_unmanaged) planned.columns.clear();
      return;
    }
  }

  [[nodiscard]] model::Name key(const model::Name& name) const { return mapping_.fold_name(NameKind::table, name); }
  [[nodiscard]] bool same(const std::string& a, const std::string& b, NameKind kind = NameKind::column) const {
    return mapping_.same_name(kind, a, b);
  }

  void add_members(PlannedEntity& entity) const {
    std::vector<const Column*> columns;
    for (const auto& part : key_of(*entity.table)) columns.push_back(find_column(*entity.table, part.column));
    std::erase_if(columns, [](const Column* column) { return column == nullptr || is_blank(column->name); });
    entity.key_size = columns.size();
    for (const Column& column : entity.table->columns) {
      if (is_blank(column.name)) continue;
      if (std::find(columns.begin(), columns.end(), &column) == columns.end()) columns.push_back(&column);
    }
    UniqueNames names;
    for (const Column* column : columns) {
      std::string name = member_identifier(column->name);
      if (name == entity.class_name) name += '_';
      entity.members.push_back({names.add(name), column, stated(mapping_.value_kind(column->type)), {}, {}, false});
    }
  }

  static const std::vector<model::KeyPart>& key_of(const Table& table) {
    static const std::vector<model::KeyPart> none;
    return table.primary_key ? table.primary_key->columns : none;
  }

  [[nodiscard]] const Column* find_column(const Table& table, const std::string& name) const {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const Column& column) { return same(column.name, name); });
    return found == table.columns.end() ? nullptr : &*found;
  }

  [[nodiscard]] std::size_t find_member(const PlannedEntity& entity, const std::string& column) const {
    const auto found = std::find_if(entity.members.begin(), entity.members.end(),
                                    [&](const PlannedMember& member) { return same(member.column->name, column); });
    return static_cast<std::size_t>(found - entity.members.begin());
  }

  void add_references(std::size_t index) {
    PlannedEntity& entity = plan_.entities[index];
    if (entity.is_unmanaged) return;
    for (const ForeignKey& key : entity.table->foreign_keys) {
      PlannedReference reference;
      std::string reason = obstacle(key);
      if (reason.empty()) reason = refer(entity, key, reference);
      if (reason.empty()) {
        entity.references.push_back(reference);
      } else {
        entity.not_described.push_back("the foreign key " + listed(key.columns) + " to " +
                                       quoted(to_string(key.referenced_table)) + ": " + reason);
      }
    }
  }

  /// Fills in the reference; returns why that is not possible.
  std::string refer(const PlannedEntity& entity, const ForeignKey& key, PlannedReference& reference) {
    const auto target = index_.find(this->key(key.referenced_table));
    if (target == index_.end()) return "that table has no entity";
    const PlannedEntity& referenced = plan_.entities[target->second];
    std::vector<std::string> columns = key.referenced_columns;
    if (columns.empty()) columns = column_names(key_of(*referenced.table));
    if (columns.size() != key.columns.size()) return "the numbers of columns differ";
    reference = {&key, target->second, {}};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const PlannedPair pair{find_member(entity, key.columns[i]), find_member(referenced, columns[i])};
      const bool exists = pair.member < entity.members.size() && pair.referenced < referenced.members.size();
      if (!exists) return "one of its columns does not exist";
      std::string reason = wrong_action(*entity.members[pair.member].column, key);
      if (!reason.empty()) return reason;
      reference.pairs.push_back(pair);
    }
    return is_key(*referenced.table, columns) ? "" : "it does not reference a primary key or unique constraint";
  }

  [[nodiscard]] bool is_key(const Table& table, const std::vector<std::string>& columns) const {
    const auto is_it = [&](const std::vector<model::KeyPart>& parts) {
      return parts.size() == columns.size() && std::all_of(parts.begin(), parts.end(), [&](const model::KeyPart& part) {
               return std::any_of(columns.begin(), columns.end(),
                                  [&](const std::string& column) { return same(part.column, column); });
             });
    };
    return is_it(key_of(table)) || std::any_of(table.uniques.begin(), table.uniques.end(),
                                               [&](const model::Unique& unique) { return is_it(unique.columns); });
  }

  static std::string wrong_action(const Column& column, const ForeignKey& key) {
    const auto has = [&](model::ReferentialAction action) {
      return key.on_delete == action || key.on_update == action;
    };
    if (column.nullable) return {};
    if (has(model::ReferentialAction::set_null)) return "it uses SET NULL on a NOT NULL column";
    const bool sets_nothing = has(model::ReferentialAction::set_default) && !column.default_expression;
    return sets_nothing ? "it uses SET DEFAULT on a column without a default" : "";
  }

  /// A member that references another has its type in C++ and, unless a type is set, in the database.
  void agree_on_kinds() {
    bool changed = true;
    for (std::size_t round = 0; changed && round <= plan_.entities.size(); ++round) {
      changed = false;
      for (PlannedEntity& entity : plan_.entities) {
        for (const PlannedReference& reference : entity.references) {
          for (const PlannedPair& pair : reference.pairs) {
            if (is_first(entity, pair)) changed = agree(entity, reference, pair) || changed;
          }
        }
      }
    }
  }

  bool agree(PlannedEntity& entity, const PlannedReference& reference, const PlannedPair& pair) {
    PlannedMember& member = entity.members[pair.member];
    PlannedMember& referenced = plan_.entities[reference.entity].members[pair.referenced];
    const bool changed = member.kind != referenced.kind;
    member.kind = referenced.kind;
    referenced.is_referenced = true;
    member.follows_reference = is_same_type(member.column->type, referenced.column->type, mapping_) &&
                               same(member.column->collation, referenced.column->collation, NameKind::collation) &&
                               (!referenced.column->auto_increment || has_default_type(member, *entity.table));
    return changed;
  }

  /// Returns whether the column gets its type without a `.type`. An auto-increment key has no `.type`, and a column
  /// that references it is not auto-increment.
  [[nodiscard]] bool has_default_type(const PlannedMember& member, const Table& table) const {
    model::ColumnRequest request;
    request.kind = member.kind;
    request.table_options = table.options;
    try {
      return is_same_type(mapping_.column_type(request), member.column->type, mapping_);
    } catch (const Error&) {
      return false;
    }
  }

  /// If a member has several references, the first one sets its type.
  static bool is_first(const PlannedEntity& entity, const PlannedPair& pair) {
    for (const PlannedReference& reference : entity.references) {
      for (const PlannedPair& other : reference.pairs) {
        if (other.member == pair.member) return &other == &pair;
      }
    }
    return false;
  }

  /// Values that are valid C++ names become an enum, unless the column is part of a foreign key.
  void add_enums(PlannedEntity& entity) {
    for (std::size_t i = 0; i < entity.members.size(); ++i) {
      PlannedMember& member = entity.members[i];
      const std::vector<std::string>& values = values_of(*member.column);
      const std::set<std::string> distinct(values.begin(), values.end());
      const bool nameable =
          !values.empty() && values.size() < 200 && std::all_of(values.begin(), values.end(), is_identifier);
      if (!nameable || distinct.size() < values.size() || is_referring(entity, i) ||
          !is_plain_enum(*entity.table, *member.column)) {
        continue;
      }
      member.kind = ValueKind::enumeration;
      member.enum_values = values;
      member.enum_name = classes_.add(entity.class_name + class_identifier(member.column->name));
      member.shares_enum = enum_columns_[member.column->enum_name] > 1;
    }
  }

  [[nodiscard]] const model::Enum* type_of(const Column& column) const {
    const auto found = std::find_if(schema_.enums.begin(), schema_.enums.end(), [&](const model::Enum& type) {
      return !column.enum_name.empty() && to_string(type.name) == column.enum_name;
    });
    return found == schema_.enums.end() ? nullptr : &*found;
  }

  [[nodiscard]] const std::vector<std::string>& values_of(const Column& column) const {
    const model::Enum* const type = type_of(column);
    return type == nullptr ? column.enum_values : type->values;
  }

  [[nodiscard]] bool is_referring(const PlannedEntity& entity, std::size_t member) const {
    const auto index = static_cast<std::size_t>(&entity - plan_.entities.data());
    const auto is_part = [&](const PlannedEntity& other, const PlannedReference& reference) {
      return std::any_of(reference.pairs.begin(), reference.pairs.end(), [&](const PlannedPair& pair) {
        return (&other == &entity && pair.member == member) || (reference.entity == index && pair.referenced == member);
      });
    };
    return std::any_of(plan_.entities.begin(), plan_.entities.end(), [&](const PlannedEntity& other) {
      return std::any_of(other.references.begin(), other.references.end(),
                         [&](const PlannedReference& reference) { return is_part(other, reference); });
    });
  }

  /// Only a type that an enum member would get can become an enum: one in the schema of its table, and not an array.
  [[nodiscard]] bool is_plain_enum(const Table& table, const Column& column) const {
    if (const model::Enum* const type = type_of(column)) {
      return type->name.schema == table.name.schema &&
             is_same_type(mapping_.enum_type(type->name), column.type, mapping_);
    }
    model::ColumnRequest request;
    request.kind = ValueKind::enumeration;
    request.table_options = table.options;
    if (column.type.arguments.size() == 1) request.length = column.type.arguments.front();
    try {
      return is_same_type(mapping_.column_type(request), column.type, mapping_);
    } catch (const Error&) {
      return false;
    }
  }

  void find_cycles() {
    for (std::size_t i = 0; i < plan_.entities.size(); ++i) plan_.entities[i].is_in_cycle = reaches_itself(i);
  }

  [[nodiscard]] bool reaches_itself(std::size_t start) const {
    std::vector<bool> seen(plan_.entities.size());
    std::vector<std::size_t> open = {start};
    while (!open.empty()) {
      const std::size_t current = open.back();
      open.pop_back();
      for (const PlannedReference& reference : plan_.entities[current].references) {
        // A self-reference needs no header.
        if (reference.entity == start && current != start) return true;
        if (seen[reference.entity]) continue;
        seen[reference.entity] = true;
        open.push_back(reference.entity);
      }
    }
    return false;
  }

  static void add_remarks(PlannedEntity& entity) {
    std::vector<std::string>& remarks = entity.not_described;
    const Table& table = *entity.table;
    if (entity.is_unmanaged) {
      remarks.emplace_back("its column without a name; so the table is unmanaged");
      return;
    }
    if (table.primary_key && !table.primary_key->on_conflict.empty()) {
      remarks.emplace_back("the conflict clause of the primary key");
    }
    const auto is_descending = [](const model::KeyPart& part) { return part.descending; };
    if (std::any_of(key_of(table).begin(), key_of(table).end(), is_descending)) {
      remarks.emplace_back("the order of the primary key");
    }
    for (const Column& column : table.columns) {
      if (!column.not_null_on_conflict.empty()) remarks.push_back("the conflict clause of " + quoted(column.name));
    }
    for (const model::Unique& unique : table.uniques) {
      const std::string name = "unique " + listed(column_names(unique.columns));
      if (!unique.on_conflict.empty()) remarks.push_back("the conflict clause of " + name);
      if (!unique.included.empty()) remarks.push_back(name + ", which has INCLUDE columns");
      const bool is_ordered = std::any_of(unique.columns.begin(), unique.columns.end(), [](const auto& part) {
        return part.descending || !part.collation.empty() || part.column.empty();
      });
      if (is_ordered) remarks.push_back("the order of " + name);
    }
    for (const ForeignKey& key : table.foreign_keys) {
      if (!key.match.empty()) remarks.push_back("MATCH of the foreign key " + listed(key.columns));
    }
    for (const model::Trigger& trigger : table.triggers) remarks.push_back("the trigger " + quoted(trigger.name));
  }

  const model::Schema& schema_;
  const model::TypeMapping& mapping_;
  std::map<std::string, std::size_t> enum_columns_;  ///< The number of columns of each enum type.
  EntityPlan plan_;
  std::map<model::Name, std::size_t> index_;
  UniqueNames classes_;
  UniqueNames files_;
};

}  // namespace

EntityPlan plan_entities(const model::Schema& schema, const model::TypeMapping& mapping) {
  return Planning(schema, mapping).run();
}

bool is_same_type(const model::Type& a, const model::Type& b, const model::TypeMapping& mapping) {
  return mapping.is_stored_alike(a, b);
}

}  // namespace whimbrel::write
