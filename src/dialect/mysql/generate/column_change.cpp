#include "dialect/mysql/generate/column_change.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/generate/time_zone.h"
#include "dialect/mysql/generate/value_guard.h"
#include "dialect/mysql/text/character_set.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/type_text.h"
#include "model/sha1.h"
#include "operation/consequences.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Column;

std::string text(const std::string& value) { return sql::quote_string(value, mysql_syntax); }

std::string subject(const std::string& column) { return "column " + sql::to_lower(column); }

/// `UPDATE t SET c = value, stamp = stamp`
std::string update(const model::Name& table, const std::string& column, const std::string& value,
                   const std::vector<std::string>& self_updating) {
  std::string sql = "UPDATE " + quote(table) + " SET " + quote(column) + " = " + value;
  for (const std::string& other : self_updating) {
    if (!sql::equal_ignoring_case(other, column)) sql += ", " + quote(other) + " = " + quote(other);
  }
  return sql;
}

std::string check_sql(const model::Check* check) {
  return check == nullptr ? std::string() : " CHECK (" + check->expression + ')';
}

void modify(Statements& statements, const model::Name& table, const Column& before, const Column& column,
            const Server& server, Algorithm best, const model::Check* check = nullptr) {
  statements.alter(table, {"MODIFY " + column_sql(column, server) + check_sql(check), subject(column.name), best,
                           zone_of_change(before, column)});
}

/// Without a known collation, values that differ only in case count as equal, as they usually are.
bool is_any_case(const Column& column) { return column.collation.empty() || ignores_case(column.collation); }

bool are_equal(const std::string& a, const std::string& b, const Column& column) {
  return is_any_case(column) ? sql::equal_ignoring_case(a, b) : a == b;
}

bool has(const Column& column, const std::string& value) {
  return std::any_of(column.enum_values.begin(), column.enum_values.end(),
                     [&](const std::string& other) { return are_equal(other, value, column); });
}

/// A part that fails if the guard is false for a row, and keeps others from inserting such a row.
std::string guard_sql(const Statements& statements, const model::Name& table, const ValueGuard& guard) {
  // MariaDB verifies no checks of the rows in the history, but computes columns of theirs.
  if (statements.keeps_history(table)) {
    return "ADD COLUMN " + quote(guard.name) + " tinyint AS (IF(NOT (" + guard.condition + "), 1000, 0)) STORED";
  }
  return "ADD CONSTRAINT " + quote(guard.name) + " CHECK (" + guard.condition + ')';
}

/// The part that ends the guard; it belongs into the statement that changes the column.
AlterPart end_sql(const Statements& statements, const model::Name& table, const ValueGuard& guard,
                  const Server& server) {
  return {statements.keeps_history(table) ? "DROP COLUMN " + quote(guard.name) : drop_check_sql(guard.name, server),
          {},
          Algorithm::copy};
}

/// Changes the column at the end of a statement, under a guard that is true for its new values.
void modify_under(Statements& statements, const model::Name& table, const std::optional<ValueGuard>& guard,
                  const Column& before, const Column& column, const Server& server) {
  const std::string beginning = guard ? guard_sql(statements, table, *guard) + ", " : std::string();
  statements.alter(table, {beginning + "MODIFY " + column_sql(column, server), subject(column.name), Algorithm::copy,
                           zone_of_change(before, column)});
  statements.end_alter();
}

Column without_values(Column column, model::Type type) {
  type.suffix = joined_words({type.suffix, split_attributes(column.type).attributes});
  column.type = std::move(type);
  column.enum_values.clear();
  column.default_expression.reset();
  column.on_update.clear();
  column.auto_increment = false;
  column.computed.reset();
  return column;
}

/// A text that holds the values of both, numbers, and an unknown value with the words for it. It is not longer than
/// needed: the column may be in an index.
Column as_texts(const AlterColumn& op) {
  const bool is_text =
      has_characters(op.before) && op.before.enum_values.empty() && read_values(op.before.type.name).empty();
  std::size_t longest = is_text ? 235 : 50;
  for (const Column* const column : {&op.before, &op.after}) {
    std::size_t all = 0;
    for (const std::string& value : read_values(column->type.name)) all += value.size() + 1;
    longest = std::max(longest, all);
    for (const std::string& value : column->enum_values) longest = std::max(longest, value.size());
  }
  for (const auto& [from, to] : op.renamed_values) longest = std::max({longest, from.size(), to.size()});
  return without_values(op.before, {"varchar", {static_cast<std::uint32_t>(longest + 20)}});
}

/// Rows get the new values as texts. A text that is no value of the enum fails then, and a number would count its
/// values.
void store_otherwise(Statements& statements, const AlterColumn& op, const Server& server) {
  modify(statements, op.table, op.before, as_texts(op), server, Algorithm::copy);
  const std::string name = quote(op.before.name);
  std::string value = "CASE " + name;
  for (const auto& [from, to] : op.renamed_values) value += " WHEN " + text(from) + " THEN " + text(to);
  value += " ELSE CONCAT('unknown value ', " + name + ") END";
  statements.update(op.table,
                    update(op.table, op.before.name, value, op.self_updating) + " WHERE " + name + " IS NOT NULL",
                    Zone::table);
}

/// Rows get the new values while the enum has both.
void rename_values(Statements& statements, const AlterColumn& op, const Server& server) {
  Column both = op.before;
  std::vector<std::pair<std::string, std::string>> renamed;
  for (const auto& [from, to] : op.renamed_values) {
    // Values that are equal for the server are renamed by the redefinition.
    if (are_equal(from, to, op.before)) continue;
    renamed.emplace_back(from, to);
    if (!has(both, to)) both.enum_values.push_back(to);
  }
  if (renamed.empty()) return;
  if (both.enum_values != op.before.enum_values) {
    modify(statements, op.table, op.before, both, server, Algorithm::unknown);
  }
  const std::string name = quote(op.before.name);
  std::string value = "CASE " + name;
  std::string values;
  for (const auto& [from, to] : renamed) {
    value += " WHEN " + text(from) + " THEN " + text(to);
    values += (values.empty() ? "" : ", ") + text(from);
  }
  statements.update(
      op.table,
      update(op.table, op.before.name, value + " END", op.self_updating) + " WHERE " + name + " IN (" + values + ')',
      Zone::table);
}

void set_default(Statements& statements, const AlterColumn& op, const Server& server) {
  std::string end = " DROP DEFAULT";
  // On MySQL, INSERT would demand a value for the column after DROP DEFAULT, also if it is nullable.
  if (op.after.nullable) end = " SET DEFAULT NULL";
  if (op.after.default_expression) end = " SET DEFAULT " + default_sql(op.after, server);
  statements.alter(op.table,
                   {"ALTER COLUMN " + quote(op.after.name) + end, subject(op.after.name), best_algorithm(op, server)});
}

}  // namespace

bool only_changes_default(const AlterColumn& op, const Server& server) {
  if (takes_only_expression(op.after, server)) return false;
  Column with_other_default = op.before;
  with_other_default.default_expression = op.after.default_expression;
  const auto& value = op.after.default_expression;
  return op.before.default_expression != value && with_other_default == op.after && (!value || is_literal(*value)) &&
         op.after.type.name != "timestamp";
}

namespace {

std::string place_sql(const AddColumn& op) {
  if (!op.behind) return {};
  return op.behind->empty() ? " FIRST" : " AFTER " + quote(*op.behind);
}

/// The value is a default until all rows have it, also those in the history, where an UPDATE would keep rows without
/// it.
void fill_by_default(Statements& statements, const AddColumn& op, const model::Check* check, const Server& server) {
  Column filled = op.column;
  filled.default_expression = op.backfill;
  statements.alter(op.table, {"ADD COLUMN " + column_sql(filled, server) + check_sql(check) + place_sql(op),
                              subject(filled.name), Algorithm::unknown, zone_of_value(*op.backfill, op.column)});
  const AlterColumn end{op.table, filled, op.column, {}, {}};
  if (only_changes_default(end, server)) return set_default(statements, end, server);
  if (filled != op.column) modify(statements, op.table, filled, op.column, server, Algorithm::unknown, check);
}

/// Adds the column without its foreign key.
void add_with_values(Statements& statements, const AddColumn& op, const model::Check* check, const Server& server) {
  const bool is_filled = op.backfill && !op.column.computed && !op.column.auto_increment;
  if (is_filled_by_default(op, statements.keeps_history(op.table), statements.depends_on_zone(op.table))) {
    return fill_by_default(statements, op, check, server);
  }
  Column column = op.column;
  // Existing rows are backfilled before the column becomes NOT NULL, and before it is stamped by itself.
  const bool is_computed_by_row = is_filled && column.default_expression && !is_literal(*column.default_expression);
  if (is_filled) {
    column.nullable = true;
    column.on_update.clear();
    if (is_computed_by_row) column.default_expression.reset();
  }
  const bool is_modified = is_filled && column != op.column;
  const std::string definition = column_sql(column, server) + check_sql(is_modified ? nullptr : check) + place_sql(op);
  AlterPart part{"ADD COLUMN " + definition, subject(column.name), best_algorithm(op, server),
                 zone_of_addition(column)};
  if (column.nullable || gives_values(op)) {
    statements.alter(op.table, std::move(part));
  } else {
    const std::string empty = passing_name("no_value_for_", column.name, statements.taken_names());
    statements.alter_empty(op.table, std::move(part), empty, drop_check_sql(empty, server));
  }
  if (is_filled) {
    statements.update(op.table, update(op.table, column.name, *op.backfill, op.self_updating),
                      zone_of_value(*op.backfill, op.column));
    if (is_modified) modify(statements, op.table, column, op.column, server, Algorithm::unknown, check);
    if (is_computed_by_row) statements.end_alter();  // MySQL refuses such a default where a column is added.
  }
}

}  // namespace

void add_column(Statements& statements, const AddColumn& op, const model::Check* check, const Server& server) {
  add_with_values(statements, op, check, server);
  if (!op.foreign_key) return;
  statements.end_alter();
  statements.alter(op.table, {"ADD " + part_sql(*op.foreign_key), {}, Algorithm::copy});
}

bool renames_in_place(const AlterColumn& op, bool keeps_history) {
  if (op.renamed_values.empty() || op.before.enum_values.empty() || op.after.enum_values.empty()) return false;
  const auto is_ascii = [](const std::vector<std::string>& values) {
    return std::all_of(values.begin(), values.end(), [](const std::string& value) {
      return std::all_of(value.begin(), value.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
    });
  };
  // An UPDATE would store the other value that is equal, or violate a unique key on its way from one to the other.
  const bool has_taken_name = std::any_of(op.renamed_values.begin(), op.renamed_values.end(), [&](const auto& names) {
    const std::vector<std::string>& values = op.before.enum_values;
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
      return value != names.first && are_equal(value, names.second, op.before);
    });
  });
  return keeps_history || has_taken_name ||
         (is_any_case(op.before) && !(is_ascii(op.before.enum_values) && is_ascii(op.after.enum_values)));
}

namespace {

/// Returns the values under their new names. No row holds a removed one, whose name may be that of another now.
std::vector<std::string> values_after_renames(const AlterColumn& op) {
  std::vector<std::string> values = op.before.enum_values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto renamed = std::find_if(op.renamed_values.begin(), op.renamed_values.end(),
                                      [&](const auto& names) { return names.first == values[i]; });
    if (renamed != op.renamed_values.end()) {
      values[i] = renamed->second;
    } else if (is_removed(op, values[i])) {
      values[i] = passing_name("removed_", std::to_string(i + 1), {});
    }
  }
  return values;
}

bool begin_alike(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto both = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return std::equal(a.begin(), a.begin() + both, b.begin());
}

/// Returns the comment on a column that holds positions. If `down` counts other ones than `up`, it must not seem to
/// continue it.
std::string former_definition(const Column& column, const Server& server) {
  constexpr std::size_t longest_comment = 1024;
  std::string comment = "was " + column_sql(column, server);
  return comment.size() <= longest_comment ? comment : "was " + model::sha1(comment);
}

/// Returns the type of the positions of values. MySQL stores a number in an enum as the value with its text, if there
/// is one, but not bits; and those change the expressions of others that use the column.
model::Type position_type(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  const auto is_no_number = [](const std::string& value) {
    return !value.empty() && ((value[0] >= 'A' && value[0] <= 'Z') || (value[0] >= 'a' && value[0] <= 'z'));
  };
  const auto has_no_number = [&](const auto& values) {
    return std::all_of(values.begin(), values.end(), is_no_number);
  };
  if (has_no_number(before) && has_no_number(after)) return {"smallint unsigned", {}};
  return {"bit", {16}};
}

/// The rows hold the positions of their values meanwhile.
void rename_in_place(Statements& statements, AlterColumn op, const ColumnCheck& check, const Server& server) {
  const std::vector<std::string> values = values_after_renames(op);
  Column positions = without_values(op.before, position_type(op.before.enum_values, values));
  positions.charset.clear();
  positions.collation.clear();
  if (!begin_alike(values, op.after.enum_values)) positions.comment = former_definition(op.before, server);
  const ValueGuard guard = has_position(op, statements.taken_names());
  modify_under(statements, op.table, guard, op.before, positions, server);
  op.before.enum_values = values;
  op.renamed_values.clear();
  op.before.default_expression.reset();
  statements.alter(op.table, end_sql(statements, op.table, guard, server));
  const bool is_last = op.before.nullable == op.after.nullable && values.size() <= op.after.enum_values.size() &&
                       begin_alike(values, op.after.enum_values);
  // The values that it has until the last statement may be those of a statement of the other direction.
  if (!is_last && !positions.comment.empty()) op.before.comment = positions.comment;
  modify(statements, op.table, positions, is_last ? op.after : op.before, server, Algorithm::copy,
         is_last ? check.check : nullptr);
  if (is_last) return;
  statements.end_alter();
  alter_column(statements, op, check, server);
}

}  // namespace

void alter_column(Statements& statements, const AlterColumn& op, const ColumnCheck& check, const Server& server) {
  if (renames_in_place(op, statements.keeps_history(op.table))) {
    return rename_in_place(statements, op, check, server);
  }
  const std::optional<ValueGuard> guard = value_guard(op, statements.taken_names());
  std::optional<AlterPart> end_of_guard;
  if (guard) end_of_guard = end_sql(statements, op.table, *guard, server);
  const Column* before = &op.before;
  Column nullable = op.after;
  const auto end_guard = [&](Zone zone) {
    if (!end_of_guard) return;
    end_of_guard->zone = zone;
    statements.alter(op.table, *std::exchange(end_of_guard, std::nullopt));
  };
  if (op.renamed_values.empty() && takes_positions(op)) {
    modify_under(statements, op.table, guard, op.before, as_texts(op), server);
  } else if (guard) {
    statements.alter_before(op.table, guard_sql(statements, op.table, *guard));
  }
  if (!op.renamed_values.empty()) {
    const bool is_enum = !op.before.enum_values.empty() && !op.after.enum_values.empty();
    is_enum ? rename_values(statements, op, server) : store_otherwise(statements, op, server);
  }
  if (op.backfill && !op.after.nullable && op.before.nullable) {
    nullable.nullable = true;
    nullable.on_update = op.before.on_update;
    const bool has_other_values = op.before.type != op.after.type || op.before.enum_values != op.after.enum_values;
    // The value may be one that only the new type has.
    if (has_other_values) {
      end_guard(zone_of_change(op.before, nullable));
      modify(statements, op.table, op.before, nullable, server, Algorithm::unknown);
      before = &nullable;
    }
    statements.update(
        op.table,
        update(op.table, op.after.name, *op.backfill, op.self_updating) + " WHERE " + quote(op.after.name) + " IS NULL",
        zone_of_value(*op.backfill, op.after));
  } else if (only_changes_default(op, server) && !check.changes) {
    return set_default(statements, op, server);
  }
  end_guard(zone_of_change(*before, op.after));
  modify(statements, op.table, *before, op.after, server,
         check.changes ? Algorithm::unknown : best_algorithm(op, server), check.check);
}

}  // namespace whimbrel::dialect::mysql
