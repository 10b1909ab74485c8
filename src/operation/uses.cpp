#include "operation/uses.h"

#include <algorithm>

#include "sql/lexer.h"

namespace whimbrel::operation {

namespace {

bool has(const std::vector<std::string>& names, const std::string& column) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return sql::equal_ignoring_case(name, column); });
}

bool uses(const model::Uses& known, const std::string& text, const std::string& column, const sql::Syntax& syntax) {
  if (!known.value) return sql::mentions(text, column, syntax);
  return std::find(known.value->begin(), known.value->end(), column) != known.value->end();
}

}  // namespace

bool uses(const model::Check& check, const std::string& column, const sql::Syntax& syntax) {
  return uses(check.uses, check.expression, column, syntax);
}

bool uses(const model::Exclusion& exclusion, const std::string& column, const sql::Syntax& syntax) {
  return uses(exclusion.uses, exclusion.definition, column, syntax);
}

bool uses(const model::Index& index, const std::string& column, const sql::Syntax& syntax) {
  if (index.uses.value || sql::mentions(index.where, column, syntax))
    return uses(index.uses, index.where, column, syntax);
  return has(index.included, column) ||
         std::any_of(index.columns.begin(), index.columns.end(), [&](const model::KeyPart& part) {
           return sql::equal_ignoring_case(part.column, column) || sql::mentions(part.expression, column, syntax);
         });
}

bool uses(const model::Computed& computed, const std::string& column, const sql::Syntax& syntax) {
  return uses(computed.uses, computed.expression, column, syntax);
}

bool uses(const model::Trigger& trigger, const std::string& column, const sql::Syntax& syntax) {
  return uses(trigger.uses, trigger.definition, column, syntax);
}

}  // namespace whimbrel::operation
