#include "diff/value_checks.h"

#include <algorithm>

#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::diff {

model::Table with_value_checks(const Context& context, const model::Table& current, const model::Table& desired) {
  model::Table result = current;
  if (context.ownership.everything || desired.checks.empty()) return result;
  for (model::Column& column : result.columns) {
    const auto wanted = std::find_if(desired.columns.begin(), desired.columns.end(), [&](const model::Column& other) {
      return context.match.same_column(other.name, column.name);
    });
    if (column.enum_values.empty() || wanted == desired.columns.end() || !wanted->enum_values.empty()) continue;
    const auto says_values = [&](const model::Check& check) {
      return sql::mentions(check.expression, column.name, context.match.syntax());
    };
    if (std::none_of(desired.checks.begin(), desired.checks.end(), says_values)) continue;
    sql::Writer values(context.match.syntax());
    values.identifier(column.name).raw(" IN (");
    values.list(column.enum_values, [&](const std::string& value) { values.string(value); });
    result.checks.push_back({model::ConstraintName::make_derived(""), values.raw(")").take()});
    column.enum_values.clear();
  }
  return result;
}

}  // namespace whimbrel::diff
