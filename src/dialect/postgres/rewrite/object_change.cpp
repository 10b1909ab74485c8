#include "dialect/postgres/rewrite/object_change.h"

#include <algorithm>
#include <set>
#include <string>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/object_change.h"
#include "dialect/postgres/generate/type_change.h"
#include "dialect/postgres/generate/type_parts.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Reference;
using model::Schema;

bool is_type(const model::Object& object) { return object.kind == "type" || object.kind == "domain"; }

bool has(const model::Uses& uses, const Reference& used) {
  return uses.value && std::binary_search(uses.value->begin(), uses.value->end(), used);
}

/// A column, and its table.
struct TypeUser {
  const model::Table* table = nullptr;
  const model::Column* column = nullptr;
};

/// The columns that keep a type, in arrays and composite types, too.
class TypeUsers {
 public:
  TypeUsers(const Schema& from, const Schema& to) : from_(from), to_(to) {}

  /// Returns a column of the type, or of one that contains it, that is not dropped; nulls if there is none.
  [[nodiscard]] TypeUser find(const Reference& type) const {
    for (const model::Table& table : from_.tables) {
      for (const model::Column& column : table.columns) {
        if (!column.computed && has(column.type_uses, type) && stays(table, column)) return {&table, &column};
      }
    }
    for (const model::Object& object : from_.objects) {
      if (!is_type(object) || !has(object.uses, type)) continue;
      const TypeUser user = find({object.name, {}, object.kind});
      if (user.table != nullptr) return user;
    }
    return {};
  }

  /// Returns whether a view or a function uses the type, perhaps an attribute, whose type cannot change then.
  [[nodiscard]] bool is_computed_with(const Reference& type) const {
    static const std::set<std::string> kinds = {"function", "procedure", "rule", "policy"};
    const auto uses_type = [&](const auto& item) { return has(item.uses, type); };
    return std::any_of(from_.views.begin(), from_.views.end(), uses_type) ||
           std::any_of(from_.objects.begin(), from_.objects.end(),
                       [&](const model::Object& object) { return kinds.contains(object.kind) && uses_type(object); });
  }

  /// Returns whether a column has arrays or composite types with the domain in them.
  [[nodiscard]] bool is_contained(const model::Object& domain) const {
    const Reference type{domain.name, {}, domain.kind};
    for (const model::Table& table : from_.tables) {
      for (const model::Column& column : table.columns) {
        if (has(column.type_uses, type) && column.type.name.ends_with("[]")) return true;
      }
    }
    return std::any_of(from_.objects.begin(), from_.objects.end(), [&](const model::Object& object) {
      if (!is_type(object) || !has(object.uses, type)) return false;
      if (is_domain_itself_over(object)) return is_contained(object);
      return find({object.name, {}, object.kind}).table != nullptr;
    });
  }

 private:
  /// Returns whether the domain is over one that it uses, not over arrays of it.
  static bool is_domain_itself_over(const model::Object& object) {
    return object.kind == "domain" && object.type.value &&
           !parts_of(object.type.value->attributes.front().type).is_array;
  }

  [[nodiscard]] bool stays(const model::Table& table, const model::Column& column) const {
    const model::Table* const later_table = to_.find_table(table.name);
    const model::Column* const later = later_table == nullptr ? nullptr : later_table->find_column(column.name);
    return later != nullptr && later->type == column.type;
  }

  const Schema& from_;
  const Schema& to_;
};

/// Returns whether the text of a value of such a type may lack something of the value: the declaration of a document,
/// or spaces at the end.
bool has_lossy_text(const model::Type& type) {
  const std::string name = parts_of(type).name;
  return name == "xml" || (name == "bpchar" && type.arguments.empty());
}

class ReplaceSplitter {
 public:
  ReplaceSplitter(const std::vector<Operation>& operations, const Schema& from, const Schema& to) : users_(from, to) {
    for (const Operation& operation : operations) {
      const auto* const op = std::get_if<AlterEnum>(&operation);
      if (op != nullptr && is_recreated(*op)) recreated_.insert({op->before.name, {}, "enum"});
    }
  }

  /// Throws Error (unsafe) if it must be recreated, but cannot be.
  [[nodiscard]] bool is_in_place(const AlterObject& op) const {
    if (!is_type(op.before)) return is_replaced(op);
    const Reference type{op.before.name, {}, op.before.kind};
    if (can_change_in_place(op.before, op.after) && !uses_recreated(op.before.uses)) {
      const bool is_used = users_.find(type).table != nullptr || users_.is_computed_with(type);
      const bool is_refused = (changes_attribute_types(op.before, op.after) && is_used) ||
                              (checks_values(op.before, op.after) && users_.is_contained(op.before));
      if (!is_refused) return true;
    }
    const TypeUser user = users_.find(type);
    if (user.table != nullptr && !keeps_texts(op.before, op.after)) refuse(op, user);
    return false;
  }

 private:
  [[nodiscard]] bool uses_recreated(const model::Uses& uses) const {
    return uses.value && std::any_of(uses.value->begin(), uses.value->end(),
                                     [&](const Reference& used) { return recreated_.contains(used); });
  }

  [[noreturn]] static void refuse(const AlterObject& op, const TypeUser& user) {
    throw Error(ErrorKind::unsafe,
                "The change to " + op.before.kind + " \"" + to_string(op.before.name) +
                    "\" cannot be made in place, and its values may not fit the new definition. Column \"" +
                    user.column->name + "\" of \"" + to_string(user.table->name) + "\" has it.")
        .with_remedy(way_of_renaming(op) +
                     "Write a migration that creates a new type and converts the column (`newmigration`).");
  }

  /// Returns how to say that an attribute was renamed, if one may have been.
  static std::string way_of_renaming(const AlterObject& op) {
    const auto find_missing = [](const model::Object& in, const model::Object& other) -> const model::Column* {
      const auto& attributes = in.type.value->attributes;
      const auto& others = other.type.value->attributes;
      const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const model::Column& attribute) {
        return std::none_of(others.begin(), others.end(), [&](const auto& one) { return one.name == attribute.name; });
      });
      return found == attributes.end() ? nullptr : &*found;
    };
    if (!op.before.type.value || !op.after.type.value) return {};
    const model::Column* const gone = find_missing(op.before, op.after);
    const model::Column* const made = find_missing(op.after, op.before);
    if (gone == nullptr || made == nullptr) return {};
    return "If an attribute was renamed, pass --rename " + to_string(op.before.name) + '.' + gone->name + '=' +
           made->name + ". Otherwise: ";
  }

  TypeUsers users_;
  std::set<Reference> recreated_;
};

/// Returns whether one of the types, or of those that they contain, has a lossy text.
bool contains_lossy_text(const model::Uses& types, const Schema& schema) {
  return types.value && std::any_of(schema.objects.begin(), schema.objects.end(), [&](const model::Object& object) {
           if (!is_type(object) || !has(types, {object.name, {}, object.kind})) return false;
           const auto is_lossy = [](const model::Column& attribute) { return has_lossy_text(attribute.type); };
           const auto& contents = object.type.value;
           return (contents && std::any_of(contents->attributes.begin(), contents->attributes.end(), is_lossy)) ||
                  contains_lossy_text(object.uses, schema);
         });
}

}  // namespace

void refuse_lossy_texts(const std::vector<Operation>& operations, const Schema& from) {
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterColumn>(&operation);
    if (op == nullptr || !op->by_text || !contains_lossy_text(op->before.type_uses, from)) continue;
    throw Error(ErrorKind::unsafe, "The type of column \"" + op->before.name + "\" of \"" + to_string(op->table) +
                                       "\" would be recreated, and its values cannot be kept as text: it contains xml "
                                       "or bpchar.")
        .with_remedy("Write a migration that creates a new type and converts the column (`newmigration`).");
  }
}

void split_objects(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const ReplaceSplitter splitter(operations, from, to);
  std::vector<Operation> made;
  for (Operation& operation : operations) {
    const auto* const op = std::get_if<AlterObject>(&operation);
    if (op == nullptr || splitter.is_in_place(*op)) continue;
    made.emplace_back(CreateObject{op->after});
    operation = DropObject{op->before};
  }
  for (Operation& operation : made) operations.push_back(std::move(operation));
}

}  // namespace whimbrel::dialect::postgres
