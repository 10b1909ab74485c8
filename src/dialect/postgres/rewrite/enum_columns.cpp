#include "dialect/postgres/rewrite/enum_columns.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/conversion.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/type_parts.h"
#include "dialect/postgres/rewrite/remake_rules.h"
#include "dialect/postgres/text/deparsed_text.h"
#include "plan/type_detour.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using model::Schema;

/// Which enums columns leave for which others, of those that change.
class EnumMoves {
 public:
  explicit EnumMoves(const std::vector<Operation>& operations) {
    std::set<std::string> changed;
    for (const Operation& operation : operations) {
      if (const auto* op = std::get_if<AlterEnum>(&operation)) changed.insert(to_string(op->before.name));
    }
    if (changed.size() < 2) return;
    for (const Operation& operation : operations) {
      const auto* const op = std::get_if<AlterColumn>(&operation);
      if (op == nullptr || op->before.enum_name == op->after.enum_name) continue;
      if (!changed.contains(op->before.enum_name) || !changed.contains(op->after.enum_name)) continue;
      moves_[op->before.enum_name].insert(op->after.enum_name);
    }
  }

  /// Returns whether columns also move the other way, perhaps through further enums.
  [[nodiscard]] bool is_exchange(const AlterColumn& op) const {
    const auto found = moves_.find(op.before.enum_name);
    if (found == moves_.end() || !found->second.contains(op.after.enum_name)) return false;
    std::set<std::string> reached{op.after.enum_name};
    std::vector<std::string> next{op.after.enum_name};
    while (!next.empty()) {
      const auto moves = moves_.find(next.back());
      next.pop_back();
      if (moves == moves_.end()) continue;
      for (const std::string& name : moves->second) {
        if (reached.insert(name).second) next.push_back(name);
      }
    }
    return reached.contains(op.before.enum_name);
  }

 private:
  std::map<std::string, std::set<std::string>> moves_;
};

/// The enums that change, and the domains and composite types that contain them.
class ContainedEnums {
 public:
  ContainedEnums(const std::vector<Operation>& operations, const Schema& from, const Schema& to)
      : from_(from), to_(to) {
    for (const Operation& operation : operations) {
      if (const auto* op = std::get_if<AlterEnum>(&operation)) changed_.insert(to_string(op->before.name));
    }
  }

  /// Returns whether the column moves between such a type and the enum. It must have left the old one before the enum
  /// changes, and can have the new one only afterwards.
  [[nodiscard]] bool is_move(const AlterColumn& op) const {
    if (op.before.enum_name == op.after.enum_name) return false;
    return (changed_.contains(op.after.enum_name) && contains(from_, op.before.type_uses, op.after.enum_name)) ||
           (changed_.contains(op.before.enum_name) && contains(to_, op.after.type_uses, op.before.enum_name));
  }

 private:
  static bool contains(const Schema& schema, const model::Uses& types, const std::string& name) {
    return types.value && std::any_of(types.value->begin(), types.value->end(), [&](const model::Reference& used) {
             if (used.kind == "enum") return to_string(used.name) == name;
             return std::any_of(schema.objects.begin(), schema.objects.end(), [&](const model::Object& object) {
               return object.kind == used.kind && object.name == used.name && contains(schema, object.uses, name);
             });
           });
  }

  const Schema& from_;
  const Schema& to_;
  std::set<std::string> changed_;
};

/// Returns the column without a type to depend on.
Column untied(Column column) {
  column.enum_name.clear();
  column.enum_values.clear();
  column.type_uses.value.emplace();
  return column;
}

bool calls_function(const Column& column) {
  const auto& uses = column.default_uses.value;
  return uses && std::any_of(uses->begin(), uses->end(), [](const model::Reference& used) {
           return !used.kind.empty() && used.kind != "enum" && used.kind != sequence_kind;
         });
}

AlterColumn* find_change(std::vector<Operation>& operations, const Name& table, const std::string& column) {
  const auto found = std::find_if(operations.begin(), operations.end(), [&](const Operation& operation) {
    const auto* const op = std::get_if<AlterColumn>(&operation);
    return op != nullptr && op->table == table && op->before.name == column;
  });
  return found == operations.end() ? nullptr : &std::get<AlterColumn>(*found);
}

/// Returns whether the column's type is replaced by another one of the same name.
bool replaces_type(const AlterColumn& op) {
  return op.before.type == op.after.type && op.before.enum_name != op.after.enum_name;
}

/// Returns the domain that is the column's type before or after. Throws Error (unsafe) if there is none.
const model::Object& find_domain(const AlterColumn& op, const Schema& from, const Schema& to) {
  for (const Schema* const schema : {&from, &to}) {
    for (const model::Object& object : schema->objects) {
      if (object.kind == "domain" && postgres::enum_type(object.name) == op.before.type) return object;
    }
  }
  throw Error(ErrorKind::unsafe, "The type \"" + to_string(op.before.type) + "\" would change its kind, and column \"" +
                                     op.before.name + "\" of \"" + to_string(op.table) + "\" uses it.")
      .with_remedy("Write a migration that creates the new type and converts the column (`newmigration`).");
}

/// The same literal is the default before and after, but the cast to the domain's own type does not make it an enum.
void replace_domain(AlterColumn& op, const model::Object& domain) {
  std::optional<std::string>& value = op.after.default_expression;
  if (!value || op.after.enum_name.empty() || !domain.type.value) return;
  value = plain_default(*value, parts_of(domain.type.value->attributes.front().type).name);
}

}  // namespace

void refuse_unreadable_texts(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterColumn>(&operation);
    if (op == nullptr || op->before.type == op->after.type || can_convert(op->before, op->after)) continue;
    throw Error(ErrorKind::unsafe, "The values of column \"" + op->before.name + "\" of \"" + to_string(op->table) +
                                       "\" cannot be converted from " + to_string(op->before.type) + " to " +
                                       to_string(op->after.type) +
                                       ": there is no cast, and the new type does not accept their text form.")
        .with_remedy("Write a migration that adds a column, fills it and drops the old one (`newmigration`).");
  }
}

void exchange_as_texts(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const EnumMoves moves(operations);
  const ContainedEnums contained(operations, from, to);
  std::vector<Operation> left;
  for (Operation& operation : operations) {
    auto* const op = std::get_if<AlterColumn>(&operation);
    if (op == nullptr) continue;
    if (!replaces_type(*op) && !moves.is_exchange(*op) && !contained.is_move(*op)) continue;
    if (replaces_type(*op)) replace_domain(*op, find_domain(*op, from, to));
    Column text = untied(plan::without_default(op->before));
    text.type = PostgresRules().text_type();
    text.base_type = {};
    AlterColumn leave{op->table, op->before, text, {}, {}};
    leave.by_text = true;
    left.emplace_back(std::move(leave));
    op->before = std::move(text);
    op->by_text = true;
  }
  std::move(left.begin(), left.end(), std::back_inserter(operations));
}

void take_calls_apart(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<std::pair<Name, std::string>> found;
  for (Operation& operation : operations) {
    auto* const type = std::get_if<AlterEnum>(&operation);
    if (type == nullptr || !is_recreated(*type)) continue;
    for (EnumColumn& user : type->columns) {
      const Column* const before = from.find_table(user.table)->find_column(user.column.name);
      const Column* const after = to.find_table(user.table)->find_column(user.column.name);
      if (!calls_function(*before) && !calls_function(*after)) continue;
      user.column.default_expression.reset();
      found.emplace_back(user.table, user.column.name);
    }
  }
  for (const auto& [table, name] : found) {
    const Column& before = *from.find_table(table)->find_column(name);
    const Column& after = *to.find_table(table)->find_column(name);
    if (AlterColumn* const planned = find_change(operations, table, name)) {
      planned->before = plan::without_default(std::move(planned->before));
    } else if (after.default_expression) {
      operations.emplace_back(AlterColumn{table, plan::without_default(after), after, {}, {}});
    }
    if (!before.default_expression) continue;
    const Column bare = untied(before);
    operations.emplace_back(AlterColumn{table, bare, plan::without_default(bare), {}, {}});
  }
  std::erase_if(operations, [](const Operation& operation) {
    const auto* const op = std::get_if<AlterColumn>(&operation);
    return op != nullptr && op->before == op->after;
  });
}

}  // namespace whimbrel::dialect::postgres
