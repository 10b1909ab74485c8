#include "dialect/mysql/generate/time_zone.h"

#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

using model::Column;

bool is_timestamp(const Column& column) { return column.type.name == "timestamp"; }

Zone zone_of(const Column& column) {
  const bool has_time =
      is_timestamp(column) && column.default_expression && !is_current_timestamp(*column.default_expression);
  return has_time ? Zone::utc : Zone::table;
}

// The server does not say whether an expression depends on the zone.
Zone zone_of_addition(const Column& column) {
  if (!column.default_expression || is_literal(*column.default_expression)) return zone_of(column);
  return is_timestamp(column) && is_current_timestamp(*column.default_expression) ? Zone::table : Zone::server;
}

Zone zone_of_change(const Column& before, const Column& after) {
  const bool converts = (is_timestamp(before) || is_timestamp(after)) && before.type != after.type;
  return converts ? Zone::utc : zone_of(after);
}

// A literal is meant as in a default. A quoted name is a column whose values are copied (rewrite/columns.h), and
// converted like those of one whose type changes.
Zone zone_of_value(const std::string& value, const Column& column) {
  const std::vector<sql::Token> tokens = sql::tokenize(value, mysql_syntax);
  const bool is_copy = tokens.size() == 1 && tokens.front().kind == sql::TokenKind::quoted_identifier;
  if (is_literal(value) || is_copy) return is_timestamp(column) ? Zone::utc : Zone::table;
  return is_timestamp(column) && is_current_timestamp(value) ? Zone::table : Zone::server;
}

bool is_filled_by_default(const operation::AddColumn& op, bool keeps_history, bool depends_on_zone) {
  if (!op.backfill || op.column.computed || op.column.auto_increment) return false;
  return keeps_history || (depends_on_zone && is_timestamp(op.column) && is_literal(*op.backfill));
}

bool needs_utc(const operation::Operation& operation) {
  const auto gives_time = [](const std::optional<std::string>& backfill, const Column& column) {
    return backfill && zone_of_value(*backfill, column) == Zone::utc;
  };
  if (const auto* const op = std::get_if<operation::AddColumn>(&operation)) {
    return zone_of_addition(op->column) == Zone::utc || gives_time(op->backfill, op->column);
  }
  const auto* const op = std::get_if<operation::AlterColumn>(&operation);
  return op != nullptr && (zone_of_change(op->before, op->after) == Zone::utc || gives_time(op->backfill, op->after));
}

}  // namespace whimbrel::dialect::mysql
