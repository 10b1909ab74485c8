#include "dialect/postgres/rewrite/attribute_order.h"

#include <algorithm>

#include "dialect/postgres/generate/row_values.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Column;
using model::Object;

bool uses(const Object& object, const Object& type) {
  const model::Reference reference{type.name, {}, type.kind};
  return object.uses.value && std::binary_search(object.uses.value->begin(), object.uses.value->end(), reference);
}

const AlterObject* change_of_type(const Operation& operation) {
  const auto* const op = std::get_if<AlterObject>(&operation);
  return op != nullptr && op->before.kind == "type" && op->before.type.value && op->after.type.value ? op : nullptr;
}

const AlterObject* change_of_function(const Operation& operation) {
  const auto* const op = std::get_if<AlterObject>(&operation);
  return op != nullptr && (op->before.kind == "function" || op->before.kind == "procedure") ? op : nullptr;
}

/// Any other body is a text in dollar quotes at the end, which holds up nothing.
bool has_parsed_body(const Object& function) { return !function.definition.ends_with('$'); }

/// Returns whether it makes values of the type, for which it needs an expression for each attribute.
bool makes_rows(const Object& function, const Object& type) {
  const std::vector<RowValues> rows = find_rows(function.definition);
  const std::size_t attributes = type.type.value->attributes.size();
  return std::any_of(rows.begin(), rows.end(), [&](const RowValues& row) {
    const bool can_be_whole = row.is_result && row.values.size() == 1;
    return row.table == type.name && row.values.size() == attributes && !can_be_whole;
  });
}

/// Returns the attributes of the type that the other does not have.
std::vector<Column> more_attributes(const Object& type, const Object& other) {
  std::vector<Column> more;
  const std::vector<Column>& others = other.type.value->attributes;
  for (const Column& attribute : type.type.value->attributes) {
    const auto is_it = [&](const Column& one) { return one.name == attribute.name; };
    if (std::none_of(others.begin(), others.end(), is_it)) more.push_back(attribute);
  }
  return more;
}

}  // namespace

void split_attribute_changes(std::vector<Operation>& operations) {
  std::vector<Operation> drops;
  for (Operation& operation : operations) {
    const AlterObject* const op = change_of_type(operation);
    if (op == nullptr || more_attributes(op->before, op->after).empty()) continue;
    const std::vector<Column> added = more_attributes(op->after, op->before);
    const bool is_used = std::any_of(operations.begin(), operations.end(), [&](const Operation& other) {
      const AlterObject* const function = change_of_function(other);
      return function != nullptr && has_parsed_body(function->before) && uses(function->before, op->before) &&
             uses(function->after, op->before);
    });
    if (added.empty() || !is_used) continue;
    Object between = op->before;
    std::vector<Column>& attributes = between.type.value->attributes;
    attributes.insert(attributes.end(), added.begin(), added.end());
    drops.emplace_back(AlterObject{between, op->after});
    operation = AlterObject{Object(op->before), between};
  }
  operations.insert(operations.end(), drops.begin(), drops.end());
}

void add_attribute_dependencies(const std::vector<Operation>& operations, std::vector<plan::Dependency>& dependencies) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const AlterObject* const type = change_of_type(operations[i]);
    if (type == nullptr) continue;
    const bool drops = !more_attributes(type->before, type->after).empty();
    for (std::size_t j = 0; j < operations.size(); ++j) {
      const AlterObject* const next = change_of_type(operations[j]);
      if (next != nullptr && i != j && next->before == type->after && next->before.name == type->before.name) {
        dependencies.emplace_back(i, j);
      }
      const AlterObject* const function = change_of_function(operations[j]);
      if (function == nullptr || !uses(function->before, type->before) || !uses(function->after, type->before))
        continue;
      const bool is_first = drops && has_parsed_body(function->before) && !makes_rows(function->after, type->after);
      dependencies.push_back(is_first ? plan::Dependency(j, i) : plan::Dependency(i, j));
    }
  }
}

}  // namespace whimbrel::dialect::postgres
