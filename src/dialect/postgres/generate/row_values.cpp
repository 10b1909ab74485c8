#include "dialect/postgres/generate/row_values.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "dialect/postgres/text/syntax.h"

namespace whimbrel::dialect::postgres {

namespace {

using RowTokens = std::vector<sql::Token>;

bool is_any_of(const sql::Token& token, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is(word); });
}

bool opens(const sql::Token& token) { return token.is("(") || token.is("["); }
bool closes(const sql::Token& token) { return token.is(")") || token.is("]"); }

/// Returns the expressions between commas in a list of tokens.
std::vector<std::pair<std::size_t, std::size_t>> split_values(const RowTokens& tokens, std::size_t begin,
                                                              std::size_t end) {
  std::vector<std::pair<std::size_t, std::size_t>> values;
  int depth = 0;
  std::size_t first = begin;
  for (std::size_t i = begin; i <= end && begin < end; ++i) {
    if (i < end && opens(tokens[i])) ++depth;
    if (i < end && closes(tokens[i])) --depth;
    if (i < end && (depth != 0 || !tokens[i].is(","))) continue;
    if (i > first) values.emplace_back(tokens[first].offset, tokens[i - 1].end());
    first = i + 1;
  }
  return values;
}

/// Returns the name at the place, with its schema.
model::Name type_name(const RowTokens& tokens, std::size_t place) {
  if (place + 2 < tokens.size() && tokens[place + 1].is(".")) return {tokens[place].value(), tokens[place + 2].value()};
  return {std::string(), tokens[place].value()};
}

/// Returns the place of the first token of the last statement of the body; nullopt if it has none.
std::optional<std::size_t> last_statement(const RowTokens& tokens, std::size_t place) {
  while (place + 1 < tokens.size() && !(tokens[place].is("BEGIN") && tokens[place + 1].is("ATOMIC"))) {
    if (tokens[place].is("AS") || tokens[place].is("RETURN")) return std::nullopt;
    ++place;
  }
  std::size_t start = place + 2;
  for (std::size_t i = start; i + 2 < tokens.size(); ++i) {
    if (tokens[i].is(";") && !tokens[i + 1].is("END")) start = i + 1;
  }
  return start < tokens.size() ? std::optional(start) : std::nullopt;
}

/// Returns the place after DISTINCT, or DISTINCT ON (...), if it is there.
std::size_t after_distinct(const RowTokens& tokens, std::size_t place) {
  if (place >= tokens.size() || !tokens[place].is("DISTINCT")) return place;
  ++place;
  if (place + 1 >= tokens.size() || !tokens[place].is("ON")) return place;
  const std::optional<std::size_t> close = find_other(tokens, place + 1);
  return close ? *close + 1 : place;
}

/// Returns what the statement selects or returns; nothing if that cannot be told.
std::vector<std::pair<std::size_t, std::size_t>> selected_values(const RowTokens& tokens, std::size_t start) {
  static constexpr auto clauses = std::to_array<std::string_view>(
      {"FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR"});
  static constexpr auto sets = std::to_array<std::string_view>({"UNION", "INTERSECT", "EXCEPT"});
  static constexpr auto changes = std::to_array<std::string_view>({"INSERT", "UPDATE", "DELETE"});
  bool is_change = false;
  std::optional<std::size_t> begin;
  std::optional<std::size_t> end;
  int depth = 0;
  std::size_t i = start;
  for (; i < tokens.size() && !tokens[i].is(";"); ++i) {
    if (opens(tokens[i])) ++depth;
    if (closes(tokens[i])) --depth;
    if (depth != 0) continue;
    if (!begin && !is_change && is_any_of(tokens[i], changes)) is_change = true;
    if (!begin && tokens[i].is(is_change ? "RETURNING" : "SELECT")) begin = after_distinct(tokens, i + 1);
    if (!begin || is_change) continue;
    if (is_any_of(tokens[i], sets)) return {};
    if (!end && i >= *begin && is_any_of(tokens[i], clauses)) end = i;
  }
  if (!begin) return {};
  return split_values(tokens, *begin, end.value_or(i));
}

}  // namespace

std::optional<std::size_t> find_other(const std::vector<sql::Token>& tokens, std::size_t place) {
  const bool is_open = tokens[place].is("(");
  int depth = 0;
  for (std::size_t i = place; i < tokens.size(); is_open ? ++i : --i) {
    if (tokens[i].is("(")) ++depth;
    if (tokens[i].is(")")) --depth;
    if (depth == 0) return i;
  }
  return std::nullopt;
}

std::optional<model::Name> result_type(const std::vector<sql::Token>& tokens, std::size_t& end) {
  const auto open = std::find_if(tokens.begin(), tokens.end(), [](const sql::Token& token) { return token.is("("); });
  if (open == tokens.end()) return std::nullopt;
  const std::optional<std::size_t> close = find_other(tokens, static_cast<std::size_t>(open - tokens.begin()));
  if (!close || *close + 1 >= tokens.size() || !tokens[*close + 1].is("RETURNS")) return std::nullopt;
  std::size_t place = *close + 2;
  if (place < tokens.size() && tokens[place].is("SETOF")) ++place;
  if (place >= tokens.size() || tokens[place].is("TABLE") || tokens[place].is("record")) return std::nullopt;
  const model::Name name = type_name(tokens, place);
  end = place + (name.schema.empty() ? 1 : 3);
  if (end < tokens.size() && tokens[end].is("[")) return std::nullopt;
  return name;
}

std::vector<RowValues> find_rows(const std::string& definition) {
  const RowTokens tokens = sql::tokenize(definition, postgres_syntax);
  std::vector<RowValues> rows;
  std::size_t place = 0;
  const bool is_function = std::any_of(tokens.begin(), tokens.begin() + std::min<std::ptrdiff_t>(4, std::ssize(tokens)),
                                       [](const sql::Token& token) { return token.is("FUNCTION"); });
  if (const std::optional<model::Name> type = is_function ? result_type(tokens, place) : std::nullopt) {
    const std::optional<std::size_t> start = last_statement(tokens, place);
    if (start) rows.push_back({*type, selected_values(tokens, *start), true});
  }
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].is("ROW") || !tokens[i + 1].is("(")) continue;
    const std::optional<std::size_t> close = find_other(tokens, i + 1);
    if (!close || *close + 2 >= tokens.size() || !tokens[*close + 1].is("::")) continue;
    if (tokens[*close + 2].is("record")) continue;
    rows.push_back({type_name(tokens, *close + 2), split_values(tokens, i + 2, *close)});
  }
  return rows;
}

}  // namespace whimbrel::dialect::postgres
