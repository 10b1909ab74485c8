#pragma once

#include <string>

#include "dialect/mysql/dialect.h"
#include "unit/dialect/mysql/open.h"

namespace whimbrel::test::mysql {

/// Everything that a column says, in one line.
inline std::string described(const model::Column& column) {
  std::string text = to_string(column.type);
  for (std::size_t i = 0; i < column.enum_values.size(); ++i) {
    text += (i == 0 ? " [" : "|") + column.enum_values[i];
  }
  if (!column.enum_values.empty()) text += "]";
  if (!column.nullable) text += " not null";
  if (column.auto_increment) text += " auto_increment";
  if (column.default_expression) text += " default " + *column.default_expression;
  if (!column.on_update.empty()) text += " on update " + column.on_update;
  if (column.computed) text += " as " + column.computed->expression + (column.computed->stored ? " stored" : "");
  if (!column.charset.empty()) text += " charset " + column.charset;
  if (!column.collation.empty()) text += " collate " + column.collation;
  if (!column.comment.empty()) text += " comment " + column.comment;
  return text;
}

inline std::string described(const model::Check& check) {
  return "check " + check.name.text + (check.name.derived.value ? " (of the column)" : "") + ": " + check.expression;
}

/// Reads the whole database.
inline model::Schema read(dialect::Connection& connection, const dialect::InspectScope& scope = {}) {
  return dialect::mysql::inspect(connection, dialect::mysql::read_server(connection.server()), scope);
}

inline bool is_mariadb(dialect::Connection& connection) {
  return dialect::mysql::read_server(connection.server()).is_mariadb;
}

}  // namespace whimbrel::test::mysql
