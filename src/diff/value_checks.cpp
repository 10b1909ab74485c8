#include "diff/value_checks.h"

#include <algorithm>

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
    sql::Writer values(context.match.syntax());
    values.identifier(column.name).raw(" IN (");
    values.list(column.enum_values, [&](const std::string& value) { values.string(value); });
    model::Check check{model::ConstraintName::make_derived(""), values.raw(")").take()};
    const auto says_the_same = [&](const model::Check& other) {
      return context.match.same_content(desired, check, other);
    };
    if (std::none_of(desired.checks.begin(), desired.checks.end(), says_the_same)) continue;
    result.checks.push_back(std::move(check));
    column.enum_values.clear();
  }
  return result;
}

}  // namespace whimbrel::diff
