#include <algorithm>

#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/create_options.h"
#include "dialect/mysql/inspect/lost_characters.h"
#include "dialect/mysql/inspect/program_row.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

bool has_bytes(const model::Column& column) {
  return column.type.name.ends_with("binary") || column.type.name.ends_with("blob");
}

/// MySQL reports a time in the zone of the session that last changed the table, and shows it in that of this one.
bool is_given_time(const model::Column& column, const Server& server) {
  return !server.is_mariadb && column.type.name == "timestamp" && is_literal(*column.default_expression);
}

/// Returns whether the check may be that of a period: `a` < `b`.
bool may_be_of_period(const model::Check& check) {
  const std::vector<sql::Token> tokens = sql::tokenize(check.expression, mysql_syntax);
  return tokens.size() == 3 && tokens[1].is("<");
}

/// Returns whether information_schema leaves out the parser of an index, a period, bytes of a default, or characters,
/// or the zone of a time.
bool needs_details(const model::Table& table, const Server& server) {
  if (may_lack_characters(table)) return true;
  if (server.is_mariadb && std::any_of(table.checks.begin(), table.checks.end(), may_be_of_period)) return true;
  for (const model::Index& index : table.indexes) {
    if (index.method == "FULLTEXT") return true;
  }
  for (const model::Column& column : table.columns) {
    if (column.default_expression && (has_bytes(column) || is_given_time(column, server))) return true;
    if (column.computed && column.computed->expression == "ROW START") return true;
  }
  return false;
}

/// The last two columns of the key are those of the period, in reverse. The invisible end of a row version, which has a
/// place, but no name, comes before them.
void replace_period(std::vector<model::KeyPart>& parts, const std::string& period) {
  std::erase_if(parts, [](const model::KeyPart& part) { return part.column.empty() && part.expression.empty(); });
  if (parts.size() < 2) return;
  parts.resize(parts.size() - 2);
  parts.emplace_back().expression = period;
}

/// A period is reported as a check of its name.
void add_periods(const TableDetails& details, model::Table& table) {
  for (const auto& [clause, columns] : details.periods) table.options[clause] = columns;
  std::erase_if(table.checks, [&](const model::Check& check) {
    return details.periods.contains("PERIOD FOR " + quote_name(check.name.text)) && may_be_of_period(check);
  });
  for (const auto& [key, period] : details.no_overlaps) {
    if (key == "PRIMARY" && table.primary_key) replace_period(table.primary_key->columns, period);
    for (model::Unique& unique : table.uniques) {
      if (unique.name.text == key) replace_period(unique.columns, period);
    }
    for (model::Index& index : table.indexes) {
      if (index.name.text == key) replace_period(index.columns, period);
    }
  }
}

void add_details(const TableDetails& details, model::Table& table, const Server& server) {
  restore_expressions(details, table);
  for (model::Index& index : table.indexes) {
    const auto parser = details.parsers.find(index.name.text);
    if (parser != details.parsers.end()) index.parser = parser->second;
  }
  for (model::Column& column : table.columns) {
    if (!column.default_expression || (!has_bytes(column) && !is_given_time(column, server))) continue;
    const auto literal = details.defaults.find(column.name);
    const bool is_literal_there = literal != details.defaults.end() && is_literal(literal->second);
    if (is_literal_there)
      column.default_expression = has_bytes(column) ? plain_bytes(literal->second) : literal->second;
  }
  if (!details.partitions.empty()) table.options["PARTITION BY"] = details.partitions;
  add_periods(details, table);
}

/// The tables whose rows are in partitions.
std::set<std::string> partitioned_tables(const Catalog& catalog) {
  constexpr std::size_t create_options = 4;
  std::set<std::string> names;
  for (const std::vector<Value>& row : catalog.tables.values) {
    if (is_partitioned(text_of(row.at(create_options)))) names.insert(text_of(row.at(0)));
  }
  return names;
}

bool has_objects(const InspectScope& scope) { return scope.everything || scope.objects; }

}  // namespace

std::set<Shown> to_show(const Catalog& catalog, const InspectScope& scope, const CatalogState& state) {
  std::set<Shown> shown;
  const std::set<std::string> partitioned = partitioned_tables(catalog);
  for (const model::Table& table : state.schema.tables) {
    if (partitioned.contains(table.name.name) || needs_details(table, state.server))
      shown.insert({"TABLE", table.name.name});
  }
  for (const std::string& view : state.views) shown.insert({"VIEW", view});
  for (const std::vector<Value>& values : catalog.programs.values) {
    const ProgramRow row(values);
    const bool is_read = row.is_object() || (state.places.contains(row.table) && row.needs_statement());
    if (is_read) shown.insert({row.kind, row.name});
  }
  if (!has_objects(scope)) return shown;
  for (const std::string& sequence : state.sequences) shown.insert({"SEQUENCE", sequence});
  return shown;
}

void add_details(const ShownStatements& shown, CatalogState& state) {
  for (model::Table& table : state.schema.tables) {
    const std::string statement = shown.find("TABLE", table.name.name);
    if (!statement.empty()) add_details(read_details(statement), table, state.server);
  }
}

model::Schema inspect(Connection& connection, const Server& server, const InspectScope& scope) {
  const Catalog catalog = read_catalog(connection, server, scope);
  CatalogState state{server, catalog.database, catalog.user};
  read_tables(catalog, scope, state);
  read_columns(catalog, state);
  read_indexes(catalog, state);
  read_foreign_keys(catalog, state);
  read_checks(catalog, state);
  const ShownStatements shown(connection, server, to_show(catalog, scope, state));
  add_details(shown, state);
  restore_literals(connection, server, state.schema);
  read_triggers(catalog, shown, state);
  read_views(catalog, shown, scope, state);
  read_objects(catalog, shown, state);
  return std::move(state.schema);
}

}  // namespace whimbrel::dialect::mysql
