#include "dialect/mysql/generate/column_change.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/generate/time_zone.h"
#include "dialect/mysql/text/character_set.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
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
bool are_equal(const std::string& a, const std::string& b, const Column& column) {
  const bool is_any_case = column.collation.empty() || ignores_case(column.collation);
  return is_any_case ? sql::equal_ignoring_case(a, b) : a == b;
}

bool has(const Column& column, const std::string& value) {
  return std::any_of(column.enum_values.begin(), column.enum_values.end(),
                     [&](const std::string& other) { return are_equal(other, value, column); });
}

/// Returns the name of a check that exists only while its table changes. An error of the server shows it.
std::string passing_name(const std::string& beginning, const std::string& column) {
  constexpr std::size_t most = 40;  // Of the 64 characters that a name can have.
  std::size_t end = std::min(column.size(), most);
  // The rest of a character of UTF-8.
  while (end < column.size() && end > 0 && (static_cast<unsigned char>(column[end]) & 0xC0U) == 0x80U) --end;
  return beginning + column.substr(0, end);
}

/// Returns whether the server replaces NULL by a value of its own, also in strict mode: by the current time or 0.
bool replaces_nulls(const AlterColumn& op) {
  return op.before.nullable && !op.after.nullable && !op.before.computed && !op.after.computed &&
         (op.after.type.name == "timestamp" || op.after.auto_increment);
}

/// Fails if the condition is false for a row, and keeps others from inserting such a row until the column changes.
/// Returns the part that ends this; it belongs into the statement that changes the column, and into its zone.
AlterPart require(Statements& statements, const model::Name& table, const std::string& name,
                  const std::string& condition, const Server& server) {
  // MariaDB verifies no checks of the rows in the history, but computes columns of theirs.
  if (statements.keeps_history(table)) {
    statements.alter_before(table,
                            "ADD COLUMN " + quote(name) + " tinyint AS (IF(NOT (" + condition + "), 1000, 0)) STORED");
    return {"DROP COLUMN " + quote(name), {}, Algorithm::copy};
  }
  statements.alter_before(table, "ADD CONSTRAINT " + quote(name) + " CHECK (" + condition + ')');
  return {drop_check_sql(name, server), {}, Algorithm::copy};
}

/// Returns the values that the enum loses, as a list of SQL; empty: it keeps all of them.
std::string removed_values(const AlterColumn& op) {
  std::string values;
  std::set<std::string> kept(op.after.enum_values.begin(), op.after.enum_values.end());
  for (const auto& [from, to] : op.renamed_values) kept.insert(from);
  for (const std::string& value : op.before.enum_values) {
    if (!kept.contains(value)) values += (values.empty() ? "" : ", ") + text(value);
  }
  return values;
}

/// Returns the condition that the column holds only values of its new enum; empty if it holds no others.
std::string is_in_enum(const AlterColumn& op) {
  if (op.after.enum_values.empty()) return {};
  const std::string exact = "CONVERT(" + quote(op.before.name) + " USING utf8mb4) COLLATE utf8mb4_bin ";
  if (!op.before.enum_values.empty()) {
    const std::string removed = removed_values(op);
    return removed.empty() ? "" : exact + "NOT IN (" + removed + ')';
  }
  if (!op.renamed_values.empty()) return {};  // They are checked when they are replaced.
  std::string values;
  for (const std::string& value : op.after.enum_values) values += (values.empty() ? "" : ", ") + text(value);
  return exact + "IN (" + values + ')';
}

/// The server replaces NULL in a timestamp or a counting column. It takes a value that is not in an enum for one that
/// is, if they are equal in its collation, or for the number of one, if it consists of digits.
std::optional<AlterPart> refuse_other_values(Statements& statements, const AlterColumn& op, const Server& server) {
  const std::string name = quote(op.before.name);
  if (const std::string condition = is_in_enum(op); !condition.empty()) {
    const std::string_view what = op.before.enum_values.empty() ? "not_in_enum_" : "removed_from_";
    return require(statements, op.table, passing_name("whimbrel_" + std::string(what), op.before.name), condition,
                   server);
  }
  if (op.backfill || !replaces_nulls(op)) return std::nullopt;
  return require(statements, op.table, passing_name("whimbrel_null_in_", op.before.name), name + " IS NOT NULL",
                 server);
}

/// Rows get the new values as texts. A text that is no value of the enum fails then, and a number would count its
/// values.
void store_otherwise(Statements& statements, const AlterColumn& op, const Server& server) {
  Column texts = op.before;
  texts.type = {"varchar", {255}};
  texts.enum_values.clear();
  texts.default_expression.reset();
  modify(statements, op.table, op.before, texts, server, Algorithm::copy);
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

bool only_changes_default(const AlterColumn& op) {
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
  if (only_changes_default(end)) return set_default(statements, end, server);
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
  AlterPart part{"ADD COLUMN " + definition, subject(column.name), best_algorithm(op, server), zone_of(column)};
  if (column.nullable || gives_values(op)) {
    statements.alter(op.table, std::move(part));
  } else {
    const std::string empty = passing_name("whimbrel_no_value_for_", column.name);
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

void alter_column(Statements& statements, const AlterColumn& op, const ColumnCheck& check, const Server& server) {
  std::optional<AlterPart> end_of_guard = refuse_other_values(statements, op, server);
  const Column* before = &op.before;
  Column nullable = op.after;
  const auto end_guard = [&](Zone zone) {
    if (!end_of_guard) return;
    end_of_guard->zone = zone;
    statements.alter(op.table, *std::exchange(end_of_guard, std::nullopt));
  };
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
  } else if (only_changes_default(op) && !check.changes) {
    return set_default(statements, op, server);
  }
  end_guard(zone_of_change(*before, op.after));
  modify(statements, op.table, *before, op.after, server,
         check.changes ? Algorithm::unknown : best_algorithm(op, server), check.check);
}

}  // namespace whimbrel::dialect::mysql
