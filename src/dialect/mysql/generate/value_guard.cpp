#include "dialect/mysql/generate/value_guard.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/type_text.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

using model::Column;
using operation::AlterColumn;
using Values = std::vector<std::string>;

constexpr std::string_view beginning_of_all = "whimbrel_";

bool has_value(const Values& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// The values of an enum, or those that a set can contain.
Values values_of(const Column& column) {
  return column.enum_values.empty() ? read_values(column.type.name) : column.enum_values;
}

bool is_of_set(const Column& column) { return column.enum_values.empty() && !read_values(column.type.name).empty(); }

bool holds_numbers(const Column& column) { return is_number_type(column.type.name) || column.type.name == "bit"; }

std::string value_sql(const std::string& value) { return sql::quote_string(value, mysql_syntax); }

std::string values_sql(const Values& values) {
  std::string result;
  for (const std::string& value : values) result += (result.empty() ? "" : ", ") + value_sql(value);
  return '(' + result + ')';
}

/// Removes each value of the set with its own two commas; nothing may remain.
std::string has_only(const std::string& bytes, const Values& values) {
  std::string rest = "CONCAT(',', REPLACE(" + bytes + ", ',', ',,'), ',')";
  for (const std::string& value : values) rest = "REPLACE(" + rest + ", " + value_sql(',' + value + ',') + ", '')";
  return bytes + " = '' OR " + rest + " = ''";
}

/// Returns the condition that the values of an enum or a set are texts of numbers.
std::string is_number_sql(const std::string& bytes, Values values) {
  std::erase_if(values, [](const std::string& value) { return !is_number(value); });
  return values.empty() ? bytes + " IS NULL" : bytes + " IN " + values_sql(values);
}

/// Returns the condition that the column holds only values of its new enum or set, or numbers if it becomes one; empty
/// if it holds no others.
std::string is_in_values(const AlterColumn& op) {
  const Values after = values_of(op.after);
  const Values before = values_of(op.before);
  // Other collations ignore spaces at the end, if not case.
  const std::string bytes = "CAST(CONVERT(" + quote(op.before.name) + " USING utf8mb4) AS BINARY)";
  if (!before.empty() && holds_numbers(op.after) && op.renamed_values.empty()) return is_number_sql(bytes, before);
  if (after.empty()) return {};
  Values removed;
  std::copy_if(before.begin(), before.end(), std::back_inserter(removed),
               [&](const std::string& value) { return is_removed(op, value); });
  if (!op.before.enum_values.empty()) return removed.empty() ? "" : bytes + " NOT IN " + values_sql(removed);
  if (is_of_set(op.after)) return is_of_set(op.before) && removed.empty() ? "" : has_only(bytes, after);
  // Renamed values are checked when they are replaced.
  return op.renamed_values.empty() ? bytes + " IN " + values_sql(after) : "";
}

/// Returns whether the server replaces NULL by a value of its own, also in strict mode: by the current time or 0.
bool replaces_nulls(const AlterColumn& op) {
  return op.before.nullable && !op.after.nullable && !op.before.computed && !op.after.computed &&
         (op.after.type.name == "timestamp" || op.after.auto_increment);
}

}  // namespace

// The server compares names without regard to case.
std::string passing_name(std::string_view beginning, const std::string& column, const std::string& taken) {
  const std::string lines = sql::to_lower(taken);
  std::string name = std::string(beginning_of_all) + std::string(beginning) + column;
  while (lines.find(sql::to_lower(name_limit.shortened(name)) + '\n') != std::string::npos) name += '_';
  return name_limit.shortened(name);
}

std::string names_like_passing(const model::Schema& schema) {
  std::string lines;
  const auto add = [&](const std::string& name) {
    if (sql::to_lower(name).starts_with(beginning_of_all)) lines += name + '\n';
  };
  for (const model::Table& table : schema.tables) {
    for (const model::Check& check : table.checks) add(check.name.text);
    for (const model::ForeignKey& key : table.foreign_keys) add(key.name.text);
    for (const Column& column : table.columns) add(column.name);
  }
  return lines;
}

bool is_removed(const AlterColumn& op, const std::string& value) {
  const auto has = [&](auto name) {
    return std::any_of(op.renamed_values.begin(), op.renamed_values.end(),
                       [&](const auto& names) { return names.*name == value; });
  };
  using Names = std::pair<std::string, std::string>;
  return !has(&Names::first) && (has(&Names::second) || !has_value(values_of(op.after), value));
}

std::optional<ValueGuard> value_guard(const AlterColumn& op, const std::string& taken_names) {
  const auto name = [&](std::string_view what) { return passing_name(what, op.before.name, taken_names); };
  if (std::string condition = is_in_values(op); !condition.empty()) {
    const bool has_values = !values_of(op.before).empty();
    const std::string_view what = is_of_set(op.after) ? "not_in_set_" : has_values ? "removed_from_" : "not_in_enum_";
    return ValueGuard{name(what), std::move(condition)};
  }
  if (op.backfill || !replaces_nulls(op)) return std::nullopt;
  return ValueGuard{name("null_in_"), quote(op.before.name) + " IS NOT NULL"};
}

bool takes_positions(const AlterColumn& op) {
  return (holds_numbers(op.before) && !values_of(op.after).empty()) ||
         (holds_numbers(op.after) && !values_of(op.before).empty());
}

// Without strict mode, an enum can hold an empty text as 0.
ValueGuard has_position(const AlterColumn& op, const std::string& taken_names) {
  const Values& values = op.before.enum_values;
  std::string removed;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_removed(op, values[i])) removed += (removed.empty() ? "" : ", ") + std::to_string(i + 1);
  }
  const std::string name = quote(op.before.name);
  const std::string condition = name + " > 0" + (removed.empty() ? "" : " AND " + name + " NOT IN (" + removed + ')');
  return {passing_name(removed.empty() ? "not_in_enum_" : "removed_from_", op.before.name, taken_names), condition};
}

}  // namespace whimbrel::dialect::mysql
