#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/inspect/catalog_state.h"
#include "dialect/postgres/text/deparsed_text.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Returns the end of the name at the beginning, which may be qualified.
std::size_t name_end(std::string_view text) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') is_quoted = !is_quoted;
    if (!is_quoted && text[i] == ' ') return i;
  }
  return text.size();
}

/// Returns the end of the indexed item: a column, a function call, or an expression in parentheses.
std::size_t key_end(std::string_view text, bool is_column) {
  if (is_column) return name_end(text);
  const std::size_t open = find_outside(text, "(");
  return open == text.size() ? open : find_closing(text, open) + 1;
}

bool skip(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// Returns a collation as an unqualified name, or as `"schema"."name"`.
std::string collation_name(std::string_view text) {
  std::vector<std::string> names(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_double = is_quoted && text.substr(i).starts_with("\"\"");
    if (is_double) ++i;
    if (text[i] == '"' && !is_double) {
      is_quoted = !is_quoted;
    } else if (text[i] == '.' && !is_quoted) {
      names.emplace_back();
    } else {
      names.back() += text[i];
    }
  }
  if (names.size() == 1) return names.front();
  return sql::quote_identifier(names[0], postgres_syntax) + '.' + sql::quote_identifier(names[1], postgres_syntax);
}

/// Parses one part in the parentheses of CREATE INDEX, as pg_get_indexdef() writes it: collation, operator class and
/// order are omitted if they are the default.
/// https://www.postgresql.org/docs/current/sql-createindex.html
model::KeyPart read_part(std::string_view text, const std::string& column) {
  model::KeyPart part(column);
  const std::size_t end = key_end(text, !column.empty());
  if (column.empty()) part.expression = without_parentheses(std::string(text.substr(0, end)));
  text.remove_prefix(std::min(end, text.size()));
  while (skip(text, " ")) {
    if (skip(text, "COLLATE ")) {
      part.collation = collation_name(text.substr(0, name_end(text)));
      text.remove_prefix(name_end(text));
    } else if (skip(text, "DESC")) {
      part.descending = true;
    } else if (skip(text, "NULLS FIRST")) {
      part.nulls = model::NullOrder::first;
    } else if (skip(text, "NULLS LAST")) {
      part.nulls = model::NullOrder::last;
    } else {
      std::size_t length = name_end(text);
      if (text.substr(length).starts_with(" (")) length = find_closing(text, length + 1) + 1;
      part.operator_class = text.substr(0, length);
      text.remove_prefix(std::min(length, text.size()));
    }
  }
  return part;
}

/// Parses CREATE INDEX from the first parenthesis on.
void read_definition(model::Index& index, const std::vector<std::string>& columns, std::string_view text) {
  const std::size_t closing = find_closing(text, 0);
  const std::vector<std::string_view> parts = split_list(text.substr(1, closing - 1));
  for (std::size_t i = 0; i < parts.size() && i < columns.size(); ++i) {
    index.columns.push_back(read_part(parts[i], columns[i]));
  }
  const std::string_view rest = text.substr(std::min(closing, text.size()));
  constexpr std::string_view where = " WHERE ";
  const std::size_t place = find_outside(rest, where);
  if (place < rest.size()) index.where = without_parentheses(std::string(rest.substr(place + where.size())));
}

std::vector<std::string> cut(std::vector<std::string>& names, std::size_t count) {
  std::vector<std::string> rest(names.begin() + static_cast<std::ptrdiff_t>(std::min(count, names.size())),
                                names.end());
  names.resize(std::min(count, names.size()));
  return rest;
}

void read_index(const std::vector<Value>& values, CatalogState& state) {
  Fields row(values);
  const std::int64_t number = row.number();
  PgClass* const relation = state.find(row.number());
  if (relation == nullptr) return;
  model::Index index;
  index.name = row.text();
  const std::string method = row.text();
  index.unique = row.flag();
  index.invalid = !row.flag();
  index.nulls_not_distinct = row.flag();
  const bool is_identity = row.flag();
  const auto key_count = static_cast<std::size_t>(row.number());
  const std::vector<std::int64_t> column_numbers = row.numbers();
  std::vector<std::string> columns = relation->column_names(column_numbers);
  index.included = cut(columns, key_count);
  const bool is_of_constraint = row.flag();
  const bool is_inherited = row.flag();
  index.storage_parameters = row.text();
  const std::string definition = row.text();
  const bool is_plain = row.is_null();
  std::vector<std::int64_t> used = row.numbers();
  if (is_plain) used = column_numbers;
  index.uses.value = relation->used_columns(used);
  model::Table* const table = state.find_table(relation->number);
  if (table != nullptr && is_identity) {
    table->options["REPLICA IDENTITY"] = "USING INDEX " + sql::quote_identifier(index.name.text, postgres_syntax);
  }
  if (is_of_constraint) {
    state.constraint_indexes.emplace(number, std::move(index));
    return;
  }
  const std::size_t open = find_outside(definition, "(");
  read_definition(index, columns, std::string_view(definition).substr(open));
  sql::Writer writer(postgres_syntax);
  writer.raw(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ").identifier(index.name.text);
  writer.raw(" ON ").raw(quote(relation->name)).raw(" USING ").raw(method).raw(" ").raw(definition.substr(open));
  index.definition.value = writer.take();
  if (method != "btree") index.method = method;
  model::View* const view = state.find_view(relation->number);
  if (table == nullptr && view == nullptr) return;
  std::vector<model::Index>& indexes =
      table != nullptr ? state.find_table(relation->number, is_inherited)->indexes : view->indexes;
  state.parts[{"pg_class", number}] = {relation->number, 'i', indexes.size(), is_inherited};
  indexes.push_back(std::move(index));
}

}  // namespace

void read_indexes(const Catalog& catalog, CatalogState& state) {
  for (const std::vector<Value>& values : catalog.indexes.values) read_index(values, state);
}

}  // namespace whimbrel::dialect::postgres
