#include "diff/value_checks.h"

#include <algorithm>

#include "sql/writer.h"

namespace whimbrel::diff {

std::optional<model::Table> with_value_checks(const Context& context, const model::Table& current,
                                              const model::Table& desired) {
  if (context.ownership.everything || desired.checks.empty()) return std::nullopt;
  std::optional<model::Table> result;
  for (std::size_t i = 0; i < current.columns.size(); ++i) {
    const model::Column& column = current.columns[i];
    if (column.enum_values.empty()) continue;
    const auto wanted = std::find_if(desired.columns.begin(), desired.columns.end(), [&](const model::Column& other) {
      return context.match.same_column(other.name, column.name);
    });
    if (wanted == desired.columns.end() || !wanted->enum_values.empty()) continue;
    sql::Writer values(context.match.mapping().syntax());
    values.identifier(column.name).raw(" IN (");
    values.list(column.enum_values, [&](const std::string& value) { values.string(value); });
    model::Check check{model::ConstraintName::make_derived(""), values.raw(")").take()};
    const auto says_the_same = [&](const model::Check& other) {
      return context.match.same_content(desired, check, other);
    };
    if (std::none_of(desired.checks.begin(), desired.checks.end(), says_the_same)) continue;
    if (!result) result = current;
    result->checks.push_back(std::move(check));
    result->columns[i].enum_values.clear();
  }
  return result;
}

}  // namespace whimbrel::diff
