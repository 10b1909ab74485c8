#include <algorithm>
#include <array>
#include <unordered_set>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/table_options.h"
#include "dialect/postgres/inspect/catalog_state.h"
#include "dialect/postgres/inspect/queries.h"
#include "dialect/postgres/text/deparsed_text.h"
#include "dialect/postgres/text/syntax.h"
#include "operation/uses.h"
#include "plan/reference_order.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// The keys of Table::options.
void add_option(model::Table& table, const char* word, std::optional<std::string> value) {
  if (value) table.options[word] = std::move(*value);
}

std::optional<std::string> joined(std::optional<std::string> first, std::optional<std::string> second) {
  if (!first || !second) return first ? first : second;
  return *first + ", " + *second;
}

std::optional<std::string> row_security(bool is_enabled, bool is_forced) {
  if (is_enabled && is_forced) return "ENABLE, FORCE";
  if (is_forced) return "FORCE";
  return is_enabled ? std::optional<std::string>("ENABLE") : std::nullopt;
}

/// `a.b "C".d`
std::vector<model::Name> read_names(const std::string& text) {
  std::vector<std::string> words;
  for (const sql::Token& token : sql::tokenize(text, postgres_syntax)) {
    if (token.is(".")) continue;
    words.push_back(token.kind == sql::TokenKind::quoted_identifier ? token.value() : std::string(token.text));
  }
  std::vector<model::Name> names;
  for (std::size_t i = 1; i < words.size(); i += 2) names.emplace_back(words[i - 1], words[i]);
  return names;
}

/// The properties in a relation's row, besides the name.
struct RelationRow {
  explicit RelationRow(Fields& row)
      : is_unlogged(row.flag()),
        parameters(row.optional_text()),
        toast_parameters(row.optional_text()),
        comment(row.text()),
        partition_key(row.optional_text()),
        bound(row.optional_text()),
        tablespace(row.optional_text()),
        method(row.optional_text()),
        has_row_security(row.flag()),
        forces_row_security(row.flag()),
        replica_identity(row.letter()),
        query(row.text()),
        parents(row.numbers()),
        parent_names(read_names(row.text())),
        parts_elsewhere(row.text()),
        key_columns(row.numbers()),
        type(row.number()),
        type_name(row.text()),
        owner(row.text()) {}

  bool is_unlogged;
  std::optional<std::string> parameters;
  std::optional<std::string> toast_parameters;
  std::string comment;
  std::optional<std::string> partition_key;
  std::optional<std::string> bound;
  std::optional<std::string> tablespace;
  std::optional<std::string> method;
  bool has_row_security;
  bool forces_row_security;
  char replica_identity;
  std::string query;
  std::vector<std::int64_t> parents;
  std::vector<model::Name> parent_names;
  std::string parts_elsewhere;
  std::vector<std::int64_t> key_columns;
  std::int64_t type;
  std::string type_name;
  std::string owner;
};

model::Table make_table(const model::Name& name, RelationRow& row) {
  model::Table table;
  table.name = name;
  table.comment = std::move(row.comment);
  table.owner.value = std::move(row.owner);
  table.parts_elsewhere.value = std::move(row.parts_elsewhere);
  if (row.is_unlogged) table.options["UNLOGGED"];
  const auto parameters = joined(std::move(row.parameters), std::move(row.toast_parameters));
  if (parameters) table.options["WITH"] = storage_parameters_text(read_storage_parameters(*parameters));
  add_option(table, "PARTITION BY", std::move(row.partition_key));
  add_option(table, partition_bound, std::move(row.bound));
  add_option(table, "TABLESPACE", std::move(row.tablespace));
  add_option(table, "USING", std::move(row.method));
  add_option(table, "ROW LEVEL SECURITY", row_security(row.has_row_security, row.forces_row_security));
  if (row.replica_identity == 'f') table.options["REPLICA IDENTITY"] = "FULL";
  if (row.replica_identity == 'n') table.options["REPLICA IDENTITY"] = "NOTHING";
  return table;
}

model::View make_view(const model::Name& name, bool materialized, RelationRow& row) {
  model::View view;
  view.name = name;
  view.materialized = materialized;
  view.comment = std::move(row.comment);
  sql::Writer definition(postgres_syntax);
  definition.raw(materialized ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ").raw(quote(name));
  if (row.method) definition.raw(" USING ").identifier(*row.method);
  const std::optional<std::string> parameters = joined(std::move(row.parameters), std::move(row.toast_parameters));
  if (parameters) definition.raw(" WITH (").raw(*parameters).raw(")");
  if (row.tablespace) definition.raw(" TABLESPACE ").identifier(*row.tablespace);
  view.definition = definition.raw(" AS ").raw(plain_query(row.query)).take();
  return view;
}

OwnedSequence read_sequence(std::int64_t number, const model::Name& name, const RelationRow& relation, Fields& row) {
  OwnedSequence sequence;
  sequence.number = number;
  model::Sequence& facts = sequence.facts;
  facts.name = name;
  facts.comment = relation.comment;
  facts.unlogged = relation.is_unlogged;
  facts.owner.value = relation.owner;
  facts.reference = row.text();
  for (std::string* const text : {&facts.start, &facts.increment, &facts.least, &facts.greatest, &facts.cache}) {
    *text = row.text();
  }
  facts.cycles = row.flag();
  facts.type = row.text();
  sequence.owner = row.number();
  sequence.owner_column = row.number();
  sequence.is_identity = row.letter() == 'i';
  return sequence;
}

/// A table with its position and the tables that it inherits from.
struct Inheriting {
  std::size_t place;
  std::vector<std::int64_t> parents;
  std::vector<model::Name> names;  ///< The parents, with their schemas.
};

void name_parents(const Inheriting& table, CatalogState& state) {
  for (std::size_t i = 0; i < table.parents.size(); ++i) {
    const PgClass* const found = state.find(table.parents[i]);
    state.schema.tables[table.place].inherits.push_back(found != nullptr ? found->name : table.names[i]);
  }
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Returns the table as its parents would leave it, with all that it inherits from them.
model::Table without_parents(const model::Table& table, const model::Table& inherited, const PgClass& relation) {
  model::Table apart = table;
  apart.inherits.clear();
  apart.options.erase(partition_bound);
  apart.columns.clear();
  for (const std::string& name : relation.columns) {
    const model::Column* const own = table.find_column(name);
    const model::Column* const column = own != nullptr ? own : inherited.find_column(name);
    if (column != nullptr) apart.columns.push_back(*column);
  }
  if (!apart.primary_key) apart.primary_key = inherited.primary_key;
  append(apart.uniques, inherited.uniques);
  append(apart.checks, inherited.checks);
  append(apart.exclusions, inherited.exclusions);
  append(apart.foreign_keys, inherited.foreign_keys);
  append(apart.indexes, inherited.indexes);
  return apart;
}

void name_key_columns(CatalogState& state) {
  for (const auto& [number, relation] : state.relations) {
    if (relation.key_columns.empty()) continue;
    std::vector<std::string> names = relation.column_names(relation.key_columns);
    std::erase(names, "");
    state.find_table(number)->key_columns.value = std::move(names);
  }
}

void set_apart(CatalogState& state) {
  for (const auto& [number, relation] : state.relations) {
    model::Table* const table = state.find_table(number);
    if (table == nullptr || table->inherits.empty()) continue;
    table->apart.value =
        std::make_shared<const model::Table>(without_parents(*table, state.inherited[number], relation));
  }
}

}  // namespace

std::string PgClass::column(std::int64_t column_number) const {
  const auto index = static_cast<std::size_t>(column_number - 1);
  return column_number > 0 && index < columns.size() ? columns[index] : std::string();
}

std::vector<std::string> PgClass::column_names(const std::vector<std::int64_t>& numbers) const {
  std::vector<std::string> names;
  names.reserve(numbers.size());
  for (const std::int64_t one : numbers) names.push_back(column(one));
  return names;
}

std::vector<model::Reference> PgClass::used_columns(const std::vector<std::int64_t>& numbers) const {
  std::vector<model::Reference> used;
  used.reserve(numbers.size());
  for (std::string& used_column : column_names(numbers)) {
    if (!used_column.empty()) used.push_back({name, std::move(used_column), {}});
  }
  return operation::sorted_uses(std::move(used));
}

PgClass* CatalogState::find(std::int64_t number) {
  const auto found = relations.find(number);
  return found == relations.end() ? nullptr : &found->second;
}

model::Table* CatalogState::find_table(std::int64_t number) {
  const PgClass* const relation = find(number);
  return relation != nullptr && (relation->kind == 'r' || relation->kind == 'p') ? &schema.tables[relation->place]
                                                                                 : nullptr;
}

model::Table* CatalogState::find_table(std::int64_t number, bool is_inherited) {
  model::Table* const table = find_table(number);
  return table == nullptr || !is_inherited ? table : &inherited[number];
}

model::View* CatalogState::find_view(std::int64_t number) {
  const PgClass* const relation = find(number);
  return relation != nullptr && (relation->kind == 'v' || relation->kind == 'm') ? &schema.views[relation->place]
                                                                                 : nullptr;
}

const model::Index* CatalogState::find_constraint_index(std::int64_t number) const {
  const auto found = constraint_indexes.find(number);
  return found == constraint_indexes.end() ? nullptr : &found->second;
}

void read_relations(const Catalog& catalog, CatalogState& state) {
  state.relations.reserve(catalog.relations.values.size());
  std::vector<Inheriting> inheriting;
  for (const std::vector<Value>& values : catalog.relations.values) {
    Fields row(values);
    const std::int64_t number = row.number();
    PgClass relation;
    relation.number = number;
    relation.name.schema = row.text();
    relation.name.name = row.text();
    relation.kind = row.letter();
    relation.is_partition = row.flag();
    RelationRow rest(row);
    if (relation.kind == 'S') {
      relation.place = state.sequences.size();
      state.sequences.push_back(read_sequence(number, relation.name, rest, row));
    } else if (relation.kind == 'v' || relation.kind == 'm') {
      relation.place = state.schema.views.size();
      state.schema.views.push_back(make_view(relation.name, relation.kind == 'm', rest));
    } else {
      relation.place = state.schema.tables.size();
      relation.key_columns = std::move(rest.key_columns);
      relation.type = rest.type;
      relation.type_name = std::move(rest.type_name);
      state.schema.tables.push_back(make_table(relation.name, rest));
      inheriting.push_back({relation.place, std::move(rest.parents), std::move(rest.parent_names)});
    }
    state.relations.emplace(number, std::move(relation));
  }
  for (const Inheriting& table : inheriting) name_parents(table, state);
}

namespace {

model::Schema read_schema(const Catalog& catalog, const InspectScope& scope) {
  CatalogState state;
  read_relations(catalog, state);
  read_columns(catalog, state);
  read_indexes(catalog, state);
  read_constraints(catalog, state);
  read_triggers(catalog, state);
  read_enums(catalog, state);
  read_objects(catalog, scope.everything || scope.objects, state);
  read_comments(catalog, scope.everything, state);
  read_uses(catalog, state);
  name_key_columns(state);
  set_apart(state);
  plan::sort_by_needs(state.schema.tables, [](const model::Table& table) { return table.inherits; });
  return std::move(state.schema);
}

}  // namespace

model::Schema inspect(Connection& connection, const InspectScope& scope) {
  return read_schema(read_catalog(connection, scope, false), scope);
}

OwnedSchema inspect_owned(Connection& connection, const InspectScope& scope) {
  const Catalog catalog = read_catalog(connection, scope, true);
  return {read_schema(catalog, scope), read_privileges(catalog)};
}

std::vector<std::string> unsupported_objects(Connection& connection, const InspectScope& scope) {
  std::vector<std::string> words;
  for (const Rows::Data& rows : read_together(connection, {unsupported_objects_query(scope, connection.version())})) {
    for (const std::vector<Value>& row : rows.values) words.push_back(Fields(row).text());
  }
  return words;
}

}  // namespace whimbrel::dialect::postgres
