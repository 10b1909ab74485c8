#include "dialect/postgres/generate/definition.h"

#include <algorithm>

#include "dialect/ansi.h"
#include "dialect/postgres/generate/table_options.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using ansi::action_sql;
using ansi::deferral_sql;
using sql::Writer;

void write_collation(Writer& writer, const std::string& collation) {
  if (!collation.empty()) writer.raw(" ").raw(collation_sql(collation));
}

void write_nulls(Writer& writer, model::NullOrder nulls) {
  if (nulls == model::NullOrder::first) writer.raw(" NULLS FIRST");
  if (nulls == model::NullOrder::last) writer.raw(" NULLS LAST");
}

void write_parts(Writer& writer, const std::vector<model::KeyPart>& parts) {
  writer.raw("(").list(parts, [&](const model::KeyPart& part) {
    if (part.column.empty()) {
      writer.raw("(").raw(part.expression).raw(")");
    } else {
      writer.identifier(part.column);
    }
    write_collation(writer, part.collation);
    if (!part.operator_class.empty()) writer.raw(" ").raw(part.operator_class);
    if (part.descending) writer.raw(" DESC");
    write_nulls(writer, part.nulls);
  });
  writer.raw(")");
}

void write_included(Writer& writer, const std::vector<std::string>& columns) {
  if (!columns.empty()) writer.raw(" INCLUDE (").identifiers(columns).raw(")");
}

/// `table_a_b_key`
std::string made_name(const model::Name& table, const std::vector<std::string>& columns, const std::string& suffix) {
  std::string name = table.name;
  for (const std::string& column : columns) name += '_' + column;
  return with_suffix(std::move(name), suffix);
}

std::string given_or(const model::ConstraintName& name, const std::string& made) {
  return name.text.empty() ? made : name.text;
}

/// `CONSTRAINT "name" `
template <class T>
Writer begin_constraint(const model::Name& table, const T& constraint) {
  Writer writer(postgres_syntax);
  ansi::write_name(writer, constraint_name(table, constraint));
  return writer;
}

bool ends_call(const std::vector<sql::Token>& tokens) {
  int depth = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].is("(")) ++depth;
    if (tokens[i].is(")") && --depth == 0) return i + 1 == tokens.size();
  }
  return false;
}

bool is_simple(const std::string& expression) {
  const std::vector<sql::Token> tokens = sql::tokenize(expression, postgres_syntax);
  if (tokens.size() == 1) return true;
  if (tokens.size() == 2) return tokens.front().is("-") && tokens.back().kind == sql::TokenKind::number;
  return tokens.size() > 2 && tokens[0].kind == sql::TokenKind::word && tokens[1].is("(") && ends_call(tokens);
}

std::string implied_sequence(const model::Name& table, const model::Column& column) {
  return made_name(table, {column.name}, "_seq");
}

const char* serial_type(const model::Column& column) {
  if (column.type.name == "smallint") return "smallserial";
  return column.type.name == "bigint" ? "bigserial" : "SERIAL";
}

/// A partition has the columns of its table.
std::string table_body(const model::Table& table) {
  Writer writer(postgres_syntax);
  bool first = true;
  const auto add = [&](const std::string& text) {
    writer.raw(first ? "" : ", ").raw(text);
    first = false;
  };
  if (!is_partition(table)) {
    for (const model::Column& column : table.columns) add(column_sql(table.name, column));
  }
  for (const model::Unique& unique : table.uniques) add(constraint_sql(table.name, unique));
  for (const model::Check& check : table.checks) add(constraint_sql(table.name, check));
  for (const model::Exclusion& exclusion : table.exclusions) add(constraint_sql(table.name, exclusion));
  for (const model::ForeignKey& key : table.foreign_keys) add(constraint_sql(table.name, key));
  if (table.primary_key) add(constraint_sql(table.name, *table.primary_key));
  return writer.take();
}

}  // namespace

std::string quote(const model::Name& name) {
  const std::string own = sql::quote_identifier(name.name, postgres_syntax);
  return name.schema.empty() ? own : sql::quote_identifier(name.schema, postgres_syntax) + '.' + own;
}

std::string with_suffix(std::string name, std::string_view suffix) {
  name.resize(name_limit.beginning(name, name_limit.length - suffix.size()).size());
  return name.append(suffix);
}

std::string collation_sql(const std::string& collation) {
  return "COLLATE " + (collation.front() == '"' ? collation : sql::quote_identifier(collation, postgres_syntax));
}

std::string comment_sql(const std::string& what, const std::string& comment) {
  return "COMMENT ON " + what + " IS " + (comment.empty() ? "NULL" : sql::quote_string(comment, postgres_syntax));
}

std::string comment_sql(const model::Name& table, const model::Column& column) {
  return comment_sql("COLUMN " + quote(table) + '.' + sql::quote_identifier(column.name, postgres_syntax),
                     column.comment);
}

std::string default_sql(const std::string& expression) {
  return is_simple(expression) ? expression : '(' + expression + ')';
}

model::Name sequence_name(const model::Name& table, const model::Column& column) {
  return {table.schema, column.sequence.value ? column.sequence.value->name.name : implied_sequence(table, column)};
}

bool needs_sequence(const model::Name& table, const model::Column& column) {
  if (!column.auto_increment || column.identity) return false;
  return !column.sequence_options.empty() || sequence_name(table, column).name != implied_sequence(table, column);
}

std::string identity_sql(const model::Name& table, const model::Column& column) {
  std::string text = column.identity_always ? "GENERATED ALWAYS AS IDENTITY" : "GENERATED BY DEFAULT AS IDENTITY";
  std::string options;
  const model::Name name = sequence_name(table, column);
  if (name.name != implied_sequence(table, column)) options = "SEQUENCE NAME " + quote(name);
  if (!column.sequence_options.empty()) options += (options.empty() ? "" : " ") + column.sequence_options;
  return options.empty() ? text : text + " (" + options + ')';
}

std::string column_sql(const model::Name& table, const model::Column& column) {
  Writer writer(postgres_syntax);
  writer.identifier(column.name).raw(" ");
  const bool is_serial = column.auto_increment && !column.identity && !needs_sequence(table, column);
  writer.raw(is_serial ? serial_type(column) : to_string(column.type));
  write_collation(writer, column.collation);
  if (column.auto_increment && column.identity) writer.raw(" ").raw(identity_sql(table, column));
  if (!column.nullable) writer.raw(" NOT NULL");
  if (column.default_expression) writer.raw(" DEFAULT ").raw(default_sql(*column.default_expression));
  if (column.computed) {
    writer.raw(" GENERATED ALWAYS AS (").raw(column.computed->expression);
    writer.raw(column.computed->stored ? ") STORED" : ") VIRTUAL");
  }
  return writer.take();
}

std::string constraint_name(const model::Name& table, const model::PrimaryKey& key) {
  return given_or(key.name, made_name(table, {}, "_pkey"));
}
std::string constraint_name(const model::Name& table, const model::Unique& unique) {
  return given_or(unique.name, made_name(table, model::column_names(unique.columns), "_key"));
}
std::string constraint_name(const model::Name& table, const model::Check& check) {
  std::vector<std::string> words;
  for (const sql::Token& token : sql::tokenize(check.expression, postgres_syntax)) {
    if (token.kind == sql::TokenKind::word) words.push_back(sql::to_lower(token.text));
    if (token.kind == sql::TokenKind::quoted_identifier) words.push_back(token.value());
  }
  return given_or(check.name, made_name(table, words, "_check"));
}
std::string constraint_name(const model::Name& table, const model::Exclusion& exclusion) {
  return given_or(exclusion.name, made_name(table, {}, "_excl"));
}
std::string constraint_name(const model::Name& table, const model::ForeignKey& key) {
  return given_or(key.name, made_name(table, key.columns, "_fkey"));
}
std::string constraint_name(const model::Name& table, const model::Index& index) {
  std::vector<std::string> columns;
  for (const model::KeyPart& part : index.columns) columns.push_back(part.column.empty() ? "expr" : part.column);
  return given_or(index.name, made_name(table, columns, "_idx"));
}

std::string constraint_sql(const model::Name& table, const model::PrimaryKey& key) {
  Writer writer = begin_constraint(table, key);
  writer.raw("PRIMARY KEY ");
  write_parts(writer, key.columns);
  write_included(writer, key.included);
  return writer.raw(deferral_sql(key.deferral)).take();
}

std::string constraint_sql(const model::Name& table, const model::Unique& unique) {
  Writer writer = begin_constraint(table, unique);
  writer.raw("UNIQUE ");
  if (unique.nulls_not_distinct) writer.raw("NULLS NOT DISTINCT ");
  write_parts(writer, unique.columns);
  write_included(writer, unique.included);
  return writer.raw(deferral_sql(unique.deferral)).take();
}

std::string constraint_sql(const model::Name& table, const model::Check& check) {
  Writer writer = begin_constraint(table, check);
  writer.raw("CHECK (").raw(check.expression).raw(")");
  if (check.no_inherit) writer.raw(" NO INHERIT");
  if (check.not_valid) writer.raw(" NOT VALID");
  return writer.take();
}

std::string constraint_sql(const model::Name& table, const model::Exclusion& exclusion) {
  Writer writer = begin_constraint(table, exclusion);
  return writer.raw("EXCLUDE ").raw(exclusion.definition).raw(deferral_sql(exclusion.deferral)).take();
}

std::string constraint_sql(const model::Name& table, const model::ForeignKey& key) {
  Writer writer = begin_constraint(table, key);
  writer.raw("FOREIGN KEY (").identifiers(key.columns).raw(") REFERENCES ").raw(quote(key.referenced_table));
  if (!key.referenced_columns.empty()) writer.raw("(").identifiers(key.referenced_columns).raw(")");
  if (!key.match.empty()) writer.raw(" MATCH ").raw(key.match);
  writer.raw(" ON DELETE ").raw(action_sql(key.on_delete));
  if (!key.set_columns.empty()) writer.raw(" (").identifiers(key.set_columns).raw(")");
  writer.raw(" ON UPDATE ").raw(action_sql(key.on_update)).raw(deferral_sql(key.deferral));
  return writer.raw(key.not_valid ? " NOT VALID" : "").take();
}

std::string create_index_sql(const model::Name& table, const model::Index& index, bool concurrently) {
  Writer writer(postgres_syntax);
  writer.raw(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ").raw(concurrently ? "CONCURRENTLY " : "");
  writer.identifier(constraint_name(table, index));
  writer.raw(" ON ").raw(quote(table)).raw(" ");
  if (!index.method.empty()) writer.raw("USING ").raw(index.method).raw(" ");
  write_parts(writer, index.columns);
  write_included(writer, index.included);
  if (index.nulls_not_distinct) writer.raw(" NULLS NOT DISTINCT");
  if (!index.storage_parameters.empty()) writer.raw(" WITH (").raw(index.storage_parameters).raw(")");
  if (!index.where.empty()) writer.raw(" WHERE ").raw(index.where);
  return writer.take();
}

std::string create_table_sql(const model::Table& table) {
  const auto option = [&](const char* name) -> const std::string* {
    const auto found = table.options.find(name);
    return found == table.options.end() ? nullptr : &found->second;
  };
  Writer writer(postgres_syntax);
  writer.raw(option("UNLOGGED") ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ").raw(quote(table.name));
  const std::string body = table_body(table);
  if (is_partition(table)) {
    writer.raw(" PARTITION OF ").raw(quote(table.inherits.front()));
    if (!body.empty()) writer.raw(" (").raw(body).raw(")");
    writer.raw(" ").raw(*option(partition_bound));
  } else {
    writer.raw(" (").raw(body).raw(")");
    if (!table.inherits.empty()) {
      writer.raw(" INHERITS (").list(table.inherits, [&](const model::Name& parent) { writer.raw(quote(parent)); });
      writer.raw(")");
    }
  }
  if (const std::string* key = option("PARTITION BY")) writer.raw(" PARTITION BY ").raw(*key);
  if (const std::string* method = option("USING")) writer.raw(" USING ").raw(*method);
  if (const std::string* parameters = option("WITH")) writer.raw(" WITH (").raw(*parameters).raw(")");
  if (const std::string* space = option("TABLESPACE")) writer.raw(" TABLESPACE ").identifier(*space);
  return writer.take();
}

}  // namespace whimbrel::dialect::postgres
