#include "dialect/postgres/generate/column_lists.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string_view>

#include "dialect/postgres/generate/row_values.h"
#include "dialect/postgres/text/syntax.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using model::Name;
using Tokens = std::vector<sql::Token>;

/// The names between the parentheses after an alias.
struct ColumnList {
  Name source;               ///< The table or function; empty: a join, or several functions.
  bool is_function = false;  ///< If true, its rows may have more columns than its result type: WITH ORDINALITY.
  std::vector<std::string> names;
  std::size_t begin = 0, end = 0;
};

/// The server writes keywords in upper case, and quotes identifiers that are not in lower case.
bool is_identifier(const sql::Token& token) {
  if (token.kind == sql::TokenKind::quoted_identifier) return true;
  return token.kind == sql::TokenKind::word &&
         std::none_of(token.text.begin(), token.text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Returns whether it may be an alias: the queries of entities also have keywords in lower case before a parenthesis.
bool is_alias(const sql::Token& token) {
  static const std::set<std::string_view> keywords = {"using", "in",   "values", "over",  "filter", "any",
                                                      "all",   "some", "exists", "check", "as",     "on"};
  return is_identifier(token) && !(token.kind == sql::TokenKind::word && keywords.contains(token.text));
}

/// Returns the identifier that ends at the place, with its schema.
Name name_at(const Tokens& tokens, std::size_t place) {
  const bool has_schema = place >= 2 && tokens[place - 1].is(".") && is_identifier(tokens[place - 2]);
  return {has_schema ? tokens[place - 2].value() : std::string(), tokens[place].value()};
}

/// Returns whether the columns in these parentheses are those that a query lists itself, in contrast to a join.
bool is_query(const Tokens& tokens, std::size_t open) {
  const sql::Token& first = tokens[open + 1];
  if (first.is("SELECT") || first.is("VALUES") || first.is("WITH")) return true;
  if (!first.is("(")) return false;
  const std::optional<std::size_t> close = find_other(tokens, open + 1);
  return close &&
         (tokens[*close + 1].is("UNION") || tokens[*close + 1].is("INTERSECT") || tokens[*close + 1].is("EXCEPT"));
}

/// Sets what has the alias that begins at the place. Returns false if that has no order of its own, or is no alias.
bool find_source(const Tokens& tokens, std::size_t alias, ColumnList& list) {
  std::size_t last = alias - 1;
  if (tokens[last].is("AS") && last >= 1) --last;
  if (tokens[last].is("ORDINALITY") && last >= 2) last -= 2;
  if (is_identifier(tokens[last])) {
    list.source = name_at(tokens, last);
    return true;
  }
  if (!tokens[last].is(")")) return false;
  const std::optional<std::size_t> open = find_other(tokens, last);
  if (!open || *open == 0) return false;
  if (is_identifier(tokens[*open - 1])) {
    list.source = name_at(tokens, *open - 1);
    list.is_function = true;
    return true;
  }
  return !is_query(tokens, *open);
}

/// Returns the names of the queries after WITH, which hide tables of these names.
std::set<std::string> names_of_queries(const Tokens& tokens) {
  std::set<std::string> names;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (!is_identifier(tokens[i])) continue;
    std::size_t next = i + 1;
    if (tokens[next].is("(")) next = find_other(tokens, next).value_or(tokens.size()) + 1;
    if (next >= tokens.size() || !tokens[next].is("AS")) continue;
    ++next;
    while (next < tokens.size() && (tokens[next].is("NOT") || tokens[next].is("MATERIALIZED"))) ++next;
    if (next < tokens.size() && tokens[next].is("(")) names.insert(tokens[i].value());
  }
  return names;
}

std::vector<ColumnList> find_lists(const std::string& definition) {
  const Tokens tokens = sql::tokenize(definition, postgres_syntax);
  const std::set<std::string> queries = names_of_queries(tokens);
  std::vector<ColumnList> lists;
  for (std::size_t i = 2; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].is("(") || !is_alias(tokens[i - 1]) || tokens[i - 1].end() != tokens[i].offset) continue;
    ColumnList list;
    std::size_t place = i + 1;
    while (place + 1 < tokens.size() && is_identifier(tokens[place])) {
      list.names.emplace_back(tokens[place].text);
      if (!tokens[++place].is(",")) break;
      ++place;
    }
    if (list.names.empty() || !tokens[place].is(")") || !find_source(tokens, i - 1, list)) continue;
    if (!list.is_function && list.source.schema.empty() && queries.contains(list.source.name)) continue;
    list.begin = tokens[i].end();
    list.end = tokens[place].offset;
    lists.push_back(std::move(list));
  }
  return lists;
}

/// Returns the tables whose columns the list may name.
std::set<Name> tables_of(const ColumnList& list, const ResultTypes& types) {
  if (!list.is_function) return {list.source};
  const auto found = types.find(list.source);
  return found == types.end() ? std::set<Name>() : found->second;
}

std::string in_order(const std::vector<std::string>& names, const std::vector<std::string>& from,
                     const std::vector<std::string>& to) {
  std::vector<std::string> ordered;
  std::size_t needed = 0;
  for (const std::string& column : to) {
    const auto place = static_cast<std::size_t>(std::find(from.begin(), from.end(), column) - from.begin());
    const bool has_name = place < from.size() && place < names.size();
    ordered.push_back(has_name ? names[place] : sql::quote_identifier(column, postgres_syntax));
    if (has_name) needed = ordered.size();
  }
  if (names.size() > from.size()) {
    ordered.insert(ordered.end(), names.begin() + static_cast<std::ptrdiff_t>(from.size()), names.end());
    needed = ordered.size();
  }
  std::string text;
  for (std::size_t i = 0; i < needed; ++i) text += (i == 0 ? "" : ", ") + ordered[i];
  return text;
}

[[noreturn]] void refuse_positions(const std::string& item) {
  throw Error(ErrorKind::unsafe, "The " + item +
                                     " names columns by their positions, and a table that it uses has its columns in "
                                     "another order in the other schema.")
      .with_remedy("Give the columns the same order, or name each where it is selected (`t.a AS b`) in both schemas.");
}

[[noreturn]] void refuse_row(const std::string& item, const Name& table) {
  throw Error(ErrorKind::unsafe, "The " + item + " makes rows of table \"" + to_string(table) +
                                     "\" of values in the order of its columns, and these are in another order in the "
                                     "other schema.")
      .with_remedy("Give the columns the same order, with new ones last.");
}

/// Returns whether the columns that are in both are in the same order.
bool have_same_order(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  const auto in_both = [](std::vector<std::string> columns, const std::vector<std::string>& others) {
    const std::set<std::string_view> names(others.begin(), others.end());
    std::erase_if(columns, [&](const std::string& column) { return !names.contains(column); });
    return columns;
  };
  return in_both(from, to) == in_both(to, from);
}

/// A built-in type can have the name of a table.
bool may_use(const model::Uses& uses, const Name& table) {
  return !uses.value || std::any_of(uses.value->begin(), uses.value->end(), [&](const model::Reference& used) {
    return used.kind.empty() && used.name == table;
  });
}

/// Writes the values of rows for the other order of columns.
std::string rows_in_order(const std::string& item, const std::string& definition, const model::Uses& uses,
                          const ColumnOrders& from, const ColumnOrders& to) {
  std::string text = definition;
  const std::vector<RowValues> rows = find_rows(definition);
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    const auto before = from.find(row->table);
    const auto after = to.find(row->table);
    if (before == from.end() || after == to.end() || have_same_order(before->second, after->second)) continue;
    if (!may_use(uses, row->table)) continue;
    const std::vector<std::string>& columns = before->second;
    const auto& values = row->values;
    if (values.size() == 1 && row->is_result) continue;  // It is the whole row.
    if (values.size() != columns.size() || values.size() != after->second.size() ||
        !std::is_permutation(columns.begin(), columns.end(), after->second.begin())) {
      refuse_row(item, row->table);
    }
    // The others stay where they are, because a row is as long in any order, and a row in it is written already.
    const std::size_t begin = values.front().first;
    const std::string former = text.substr(begin, values.back().second - begin);
    for (std::size_t i = values.size(); i-- > 0;) {
      const auto place = std::find(columns.begin(), columns.end(), after->second[i]) - columns.begin();
      const auto& value = values[static_cast<std::size_t>(place)];
      text.replace(values[i].first, values[i].second - values[i].first, former, value.first - begin,
                   value.second - value.first);
    }
  }
  return text;
}

}  // namespace

ColumnOrders column_orders(const model::Schema& schema) {
  ColumnOrders orders;
  for (const model::Table& table : schema.tables) {
    const model::Table& whole = table.apart.value != nullptr ? *table.apart.value : table;
    if (&whole == &table && !table.inherits.empty()) continue;  // Those of its parents are unknown here.
    std::vector<std::string>& columns = orders[table.name];
    for (const model::Column& column : whole.columns) columns.push_back(column.name);
  }
  return orders;
}

ResultTypes result_types(const model::Schema& schema) {
  ResultTypes types;
  for (const model::Object& object : schema.objects) {
    const auto name = operation::name_of_overloads(object.name.name);
    if (object.kind != "function" || !name) continue;
    const Tokens tokens = sql::tokenize(object.definition, postgres_syntax);
    std::size_t end = 0;
    if (std::optional<Name> type = result_type(tokens, end)) {
      types[{object.name.schema, std::string(*name)}].insert(std::move(*type));
    }
  }
  return types;
}

std::set<Name> listed_tables(const std::string& definition, const ResultTypes& types) {
  std::set<Name> tables;
  for (const ColumnList& list : find_lists(definition)) tables.merge(tables_of(list, types));
  for (const RowValues& row : find_rows(definition)) tables.insert(row.table);
  return tables;
}

namespace {

std::string in_column_order(const std::string& item, const std::string& definition, const model::Uses& uses,
                            const ResultTypes& types, const ColumnOrders& from, const ColumnOrders& to) {
  const auto is_other = [&](const Name& table) {
    const auto before = from.find(table);
    const auto after = to.find(table);
    return before != from.end() && after != to.end() && before->second != after->second;
  };
  const auto may_use_other = [&] {
    return !uses.value || std::any_of(uses.value->begin(), uses.value->end(), [&](const model::Reference& used) {
      return used.kind.empty() && is_other(used.name);
    });
  };
  std::string text = rows_in_order(item, definition, uses, from, to);
  const std::vector<ColumnList> lists = find_lists(text);
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) {
    if (list->source.name.empty() && may_use_other()) refuse_positions(item);
    std::set<Name> tables = tables_of(*list, types);
    // The server lists all columns of a function's rows, which tells overloads apart.
    std::erase_if(tables, [&](const Name& table) {
      const auto columns = from.find(table);
      return columns == from.end() || (list->is_function && list->names.size() < columns->second.size());
    });
    if (std::none_of(tables.begin(), tables.end(), is_other)) continue;
    const Name& table = *tables.begin();
    const std::vector<std::string>& columns = from.at(table);
    const bool has_more = list->names.size() > columns.size();
    if (tables.size() > 1 || (has_more && !list->is_function)) refuse_positions(item);
    text.replace(list->begin, list->end - list->begin, in_order(list->names, columns, to.at(table)));
  }
  return text;
}

}  // namespace

void write_in_order(model::View& view, const ResultTypes& types, const ColumnOrders& from, const ColumnOrders& to) {
  const std::string name = "view \"" + to_string(view.name) + '"';
  view.definition = in_column_order(name, view.definition, view.uses, types, from, to);
}

void write_in_order(model::Object& object, const ResultTypes& types, const ColumnOrders& from, const ColumnOrders& to) {
  const std::string name = object.kind + " \"" + to_string(object.name) + '"';
  const auto write = [&](std::string& sql) { sql = in_column_order(name, sql, object.uses, types, from, to); };
  write(object.definition);
  if (object.alteration.value) write(object.alteration.value->statement);
}

}  // namespace whimbrel::dialect::postgres
