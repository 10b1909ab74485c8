#include <algorithm>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

bool has(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

void add_values(Statements& statements, const operation::AlterEnum& op) {
  const std::vector<std::string>& after = op.after.values;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (has(op.before.values, after[i])) continue;
    const auto next = std::find_if(after.begin() + static_cast<std::ptrdiff_t>(i), after.end(),
                                   [&](const std::string& value) { return has(op.before.values, value); });
    std::string sql =
        "ALTER TYPE " + quote(op.before.name) + " ADD VALUE " + sql::quote_string(after[i], postgres_syntax);
    if (next != after.end()) sql += " BEFORE " + sql::quote_string(*next, postgres_syntax);
    statements.say(sql);
  }
}

std::string alter_column(const operation::EnumColumn& user) {
  return "ALTER COLUMN " + sql::quote_identifier(user.column.name, postgres_syntax) + ' ';
}

void drop_default(Statements& statements, const operation::EnumColumn& user) {
  statements.alter(user.table, alter_column(user) + "DROP DEFAULT");
}

void set_default(Statements& statements, const operation::EnumColumn& user) {
  const std::string value = default_sql(*user.column.default_expression);
  statements.alter(user.table, alter_column(user) + "SET DEFAULT " + value);
}

void convert(Statements& statements, const operation::EnumColumn& user, const std::string& type) {
  const std::string name = sql::quote_identifier(user.column.name, postgres_syntax);
  const bool is_array = user.column.type.name.ends_with("[]");
  const std::string dimensions = is_array ? "[]" : "";
  const std::string column = alter_column(user);
  if (user.before_has_default) drop_default(statements, user);
  statements.alter(user.table, column + "TYPE " + type + dimensions + " USING " + name + "::text" + dimensions +
                                   "::" + type + dimensions);
  if (user.column.default_expression) set_default(statements, user);
}

/// The server gives the default of a parent to all its children.
void restore_default(Statements& statements, const operation::EnumColumn& user) {
  user.column.default_expression ? set_default(statements, user) : drop_default(statements, user);
}

}  // namespace

bool only_adds_values(const model::Enum& before, const model::Enum& after) {
  auto place = after.values.begin();
  for (const std::string& value : before.values) {
    place = std::find(place, after.values.end(), value);
    if (place == after.values.end()) return false;
    ++place;
  }
  return true;
}

bool is_recreated(const operation::AlterEnum& op) {
  return op.recreated || !op.columns.empty() || !only_adds_values(op.before, op.after);
}

std::string create_enum_sql(const model::Enum& type) {
  sql::Writer writer(postgres_syntax);
  writer.raw("CREATE TYPE ").raw(quote(type.name)).raw(" AS ENUM(");
  writer.list(type.values, [&](const std::string& value) { writer.string(value); });
  return writer.raw(")").take();
}

void alter_enum(Statements& statements, const operation::AlterEnum& op) {
  if (!is_recreated(op)) return add_values(statements, op);
  const std::string type = quote(op.before.name);
  const std::string old_type = op.free_name.empty() ? with_suffix(op.before.name.name, "_old") : op.free_name;
  for (const operation::EnumColumn& user : op.columns) {
    if (user.inherited && user.before_has_default) drop_default(statements, user);
  }
  statements.say("ALTER TYPE " + type + " RENAME TO " + sql::quote_identifier(old_type, postgres_syntax));
  statements.say(create_enum_sql(op.after));
  for (const operation::EnumColumn& user : op.columns) {
    if (!user.inherited) convert(statements, user, type);
  }
  for (const operation::EnumColumn& user : op.columns) {
    if (user.inherited) restore_default(statements, user);
  }
  statements.say("DROP TYPE " + quote(model::Name(op.before.name.schema, old_type)));
}

}  // namespace whimbrel::dialect::postgres
