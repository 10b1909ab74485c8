#include "dialect/mysql/generate/definition.h"

#include <algorithm>
#include <array>

#include "dialect/ansi.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/type_text.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

using model::Column;
using sql::Writer;

/// Returns the type with the values of an enum, without the attributes.
std::string type_sql(const Column& column) {
  if (column.enum_values.empty()) return model::to_string(split_attributes(column.type).type);
  Writer writer(mysql_syntax);
  writer.raw("enum(");
  bool first = true;
  for (const std::string& value : column.enum_values) {
    writer.raw(first ? "" : ",").string(value);
    first = false;
  }
  return writer.raw(")").take();
}

bool is_large(const model::Type& type) {
  static constexpr std::array<std::string_view, 10> names = {
      "json",       "geometry",        "point",        "linestring",         "polygon",
      "multipoint", "multilinestring", "multipolygon", "geometrycollection", "vector"};
  return type.name.ends_with("text") || type.name.ends_with("blob") ||
         std::find(names.begin(), names.end(), type.name) != names.end();
}

/// A timestamp without NULL can mean NOT NULL, depending on explicit_defaults_for_timestamp.
std::string_view null_sql(const Column& column) {
  if (!column.nullable) return " NOT NULL";
  return column.type.name == "timestamp" ? " NULL" : "";
}

void write_collation(Writer& writer, const Column& column) {
  if (!column.charset.empty()) writer.raw(" CHARACTER SET ").raw(column.charset);
  if (!column.collation.empty()) writer.raw(" COLLATE ").raw(column.collation);
}

std::string create_column_sql(const model::Table& table, const Column& column, const Server& server) {
  std::string sql = column_sql(column, server);
  const auto check = std::find_if(table.checks.begin(), table.checks.end(), [&](const model::Check& candidate) {
    return is_part_of_column(candidate, column, server);
  });
  if (check != table.checks.end()) sql += " CHECK (" + check->expression + ')';
  return sql;
}

void write_method(Writer& writer, const model::Index& index) {
  if (!index.method.empty() && index.method != "FULLTEXT" && index.method != "SPATIAL") {
    writer.raw(" USING ").raw(index.method);
  }
}

}  // namespace

std::string quote(const std::string& name) { return quote_name(name); }

std::string quote(const model::Name& name) {
  return (name.schema.empty() ? "" : quote(name.schema) + '.') + quote(name.name);
}

bool takes_only_expression(const Column& column, const Server& server) {
  return !server.is_mariadb && is_large(column.type);
}

std::string default_sql(const Column& column, const Server& server) {
  const std::string& expression = *column.default_expression;
  if (is_current_timestamp(expression)) return expression;
  const bool is_plain = is_literal(expression) && !takes_only_expression(column, server);
  return is_plain ? expression : '(' + expression + ')';
}

std::string column_sql(const Column& column, const Server& server) {
  Writer writer(mysql_syntax);
  writer.identifier(column.name).raw(" ").raw(type_sql(column));
  write_collation(writer, column);
  if (column.computed && column.computed->expression.starts_with("ROW ")) {
    // A column of a system-versioned table of MariaDB. https://mariadb.com/kb/en/system-versioned-tables/
    writer.raw(" GENERATED ALWAYS AS ").raw(column.computed->expression);
  } else if (column.computed) {
    writer.raw(" GENERATED ALWAYS AS (").raw(column.computed->expression);
    writer.raw(column.computed->stored ? ") STORED" : ") VIRTUAL");
    if (!server.is_mariadb) writer.raw(null_sql(column));
  } else {
    writer.raw(null_sql(column));
    if (column.default_expression) writer.raw(" DEFAULT ").raw(default_sql(column, server));
    if (!column.on_update.empty()) writer.raw(" ON UPDATE ").raw(column.on_update);
    if (column.auto_increment) writer.raw(" AUTO_INCREMENT");
  }
  const std::string attributes = split_attributes(column.type).attributes;
  if (!attributes.empty()) writer.raw(" ").raw(attributes);
  if (!column.comment.empty()) writer.raw(" COMMENT ").string(column.comment);
  return writer.take();
}

bool is_period(const model::KeyPart& part) { return part.expression.ends_with(without_overlaps); }

bool has_period(const std::vector<model::KeyPart>& key) { return std::any_of(key.begin(), key.end(), is_period); }

std::string key_sql(const std::vector<model::KeyPart>& parts) {
  Writer writer(mysql_syntax);
  writer.raw("(").list(parts, [&](const model::KeyPart& part) {
    if (part.expression.empty()) {
      writer.identifier(part.column);
    } else if (is_period(part)) {
      writer.raw(part.expression);
    } else {
      writer.raw("(").raw(part.expression).raw(")");
    }
    if (part.length) writer.raw("(").raw(std::to_string(*part.length)).raw(")");
    if (part.descending) writer.raw(" DESC");
  });
  return writer.raw(")").take();
}

std::string part_sql(const model::PrimaryKey& key) { return "PRIMARY KEY " + key_sql(key.columns); }

std::string part_sql(const model::Unique& unique) {
  return "UNIQUE KEY " + (unique.name.text.empty() ? "" : quote(unique.name.text) + ' ') + key_sql(unique.columns);
}

std::string part_sql(const model::Check& check) {
  Writer writer(mysql_syntax);
  ansi::write_name(writer, check.name);
  writer.raw("CHECK (").raw(check.expression).raw(")");
  if (check.not_valid) writer.raw(" NOT ENFORCED");
  return writer.take();
}

std::string drop_check_sql(const std::string& name, const Server& server) {
  return (server.is_mariadb ? "DROP CONSTRAINT " : "DROP CHECK ") + quote(name);
}

std::string part_sql(const model::ForeignKey& key) {
  Writer writer(mysql_syntax);
  ansi::write_name(writer, key.name);
  writer.raw("FOREIGN KEY (").identifiers(key.columns).raw(") REFERENCES ").raw(quote(key.referenced_table));
  writer.raw(" (").identifiers(key.referenced_columns).raw(")");
  // The servers store which of NO ACTION and RESTRICT is given, and TypeORM compares it.
  const auto write_action = [&](std::string_view event, model::ReferentialAction action, bool is_restricted) {
    using enum model::ReferentialAction;
    writer.raw(event).raw(ansi::action_sql(action == no_action && is_restricted ? restrict : action));
  };
  write_action(" ON DELETE ", key.on_delete, key.restricted.value.on_delete);
  write_action(" ON UPDATE ", key.on_update, key.restricted.value.on_update);
  return writer.take();
}

std::string part_sql(const model::Index& index) {
  Writer writer(mysql_syntax);
  const bool is_special = index.method == "FULLTEXT" || index.method == "SPATIAL";
  if (is_special) writer.raw(index.method).raw(" ");
  if (index.unique) writer.raw("UNIQUE ");
  writer.raw("KEY ");
  if (!index.name.text.empty()) writer.identifier(index.name.text).raw(" ");
  writer.raw(key_sql(index.columns));
  write_method(writer, index);
  if (!index.parser.empty()) writer.raw(" WITH PARSER ").raw(index.parser);
  if (!index.storage_parameters.empty()) writer.raw(" ").raw(index.storage_parameters);
  return writer.take();
}

bool is_part_of_column(const model::Check& check, const Column& column, const Server& server) {
  return server.is_mariadb && check.name.derived.value && sql::equal_ignoring_case(check.name.text, column.name);
}

std::string option_sql(const std::string& name, const std::string& value) {
  if (name.starts_with("PERIOD FOR ")) return {};  // It is among the columns.
  if (name == "PARTITION BY") return ' ' + name + ' ' + value;
  return ' ' + name + (value.empty() ? "" : '=' + value);
}

std::string create_table_sql(const model::Table& table, const Server& server) {
  Writer writer(mysql_syntax);
  writer.raw("CREATE TABLE ").raw(quote(table.name)).raw(" (");
  writer.list(table.columns, [&](const Column& column) { writer.raw(create_column_sql(table, column, server)); });
  if (table.primary_key) writer.raw(", ").raw(part_sql(*table.primary_key));
  for (const model::Unique& unique : table.uniques) writer.raw(", ").raw(part_sql(unique));
  for (const model::Index& index : table.indexes) writer.raw(", ").raw(part_sql(index));
  for (const model::ForeignKey& key : table.foreign_keys) writer.raw(", ").raw(part_sql(key));
  for (const model::Check& check : table.checks) {
    const bool is_written = std::any_of(table.columns.begin(), table.columns.end(),
                                        [&](const Column& column) { return is_part_of_column(check, column, server); });
    if (!is_written) writer.raw(", ").raw(part_sql(check));
  }
  for (const auto& [name, value] : table.options) {
    if (name.starts_with("PERIOD FOR ")) writer.raw(", ").raw(name).raw(" (").raw(value).raw(")");
  }
  writer.raw(")");
  // The collation follows its character set, and PARTITION BY everything else.
  for (const auto& [name, value] : table.options) {
    if (name != "PARTITION BY") writer.raw(option_sql(name, value));
  }
  if (!table.comment.empty()) writer.raw(" COMMENT=").string(table.comment);
  const auto partitions = table.options.find("PARTITION BY");
  if (partitions != table.options.end()) writer.raw(option_sql(partitions->first, partitions->second));
  return writer.take();
}

}  // namespace whimbrel::dialect::mysql
