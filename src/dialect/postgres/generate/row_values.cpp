#include "dialect/postgres/generate/row_values.h"

#include <algorithm>
#include <array>
#include <set>
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
ValuePlaces split_values(const RowTokens& tokens, std::size_t begin, std::size_t end) {
  ValuePlaces values;
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

/// The places of tokens: from the first to before the second.
struct Stretch {
  std::size_t begin, end;
};

/// Returns the first place in the stretch, outside of parentheses, of one of the words; its end if there is none.
std::size_t find_word(const RowTokens& tokens, Stretch in, std::span<const std::string_view> words) {
  int depth = 0;
  for (std::size_t i = in.begin; i < in.end; ++i) {
    if (closes(tokens[i])) --depth;
    const bool is_of_aggregate = i > in.begin && tokens[i - 1].is("WITHIN");  // WITHIN GROUP (ORDER BY ...)
    if (depth == 0 && !is_of_aggregate && is_any_of(tokens[i], words)) return i;
    if (opens(tokens[i])) ++depth;
  }
  return in.end;
}

/// Adds the values of each row after VALUES.
void add_rows(const RowTokens& tokens, Stretch in, std::vector<ValuePlaces>& rows) {
  for (std::size_t i = in.begin; i < in.end; ++i) {
    if (!tokens[i].is("(")) continue;
    const std::size_t close = std::min(find_other(tokens, i).value_or(in.end), in.end);
    rows.push_back(split_values(tokens, i + 1, close));
    i = close;
  }
}

/// Adds what a SELECT returns, or each of those that UNION and the like combine, and the rows of VALUES. Adds an empty
/// list for what cannot be told.
void add_selected(const RowTokens& tokens, Stretch in, std::vector<ValuePlaces>& results) {
  static constexpr auto clauses = std::to_array<std::string_view>(
      {"FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR"});
  static constexpr auto sets = std::to_array<std::string_view>({"UNION", "INTERSECT", "EXCEPT"});
  static constexpr auto beginnings = std::to_array<std::string_view>({"SELECT", "VALUES"});
  static constexpr auto order = std::to_array<std::string_view>({"ORDER"});
  bool is_combined = false;
  for (std::size_t set = find_word(tokens, in, sets); set != in.end; set = find_word(tokens, in, sets)) {
    add_selected(tokens, {in.begin, set}, results);
    const bool is_all = set + 1 < in.end && tokens[set + 1].is("ALL");
    in.begin = set + (is_all ? 2U : 1U);
    is_combined = true;
  }
  const std::size_t first = find_word(tokens, in, beginnings);
  const bool is_select = first != in.end && tokens[first].is("SELECT");
  // The server writes numbers of columns there, except in a SELECT that is not combined.
  const bool has_numbers = (is_combined || !is_select) && find_word(tokens, in, order) != in.end;
  if (is_select && !has_numbers) {
    const std::size_t begin = after_distinct(tokens, first + 1);
    results.push_back(split_values(tokens, begin, find_word(tokens, {begin, in.end}, clauses)));
  } else if (first != in.end && !has_numbers) {
    add_rows(tokens, {first + 1, find_word(tokens, {first, in.end}, clauses)}, results);
  } else if (in.begin < in.end && tokens[in.begin].is("(") && !has_numbers) {
    add_selected(tokens, {in.begin + 1, std::min(find_other(tokens, in.begin).value_or(in.end), in.end)}, results);
  } else {
    results.emplace_back();
  }
}

/// Returns what the statement selects or returns; an empty list for what cannot be told.
std::vector<ValuePlaces> results_of(const RowTokens& tokens, std::size_t start) {
  static constexpr auto end = std::to_array<std::string_view>({";"});
  static constexpr auto beginnings =
      std::to_array<std::string_view>({"SELECT", "VALUES", "INSERT", "UPDATE", "DELETE", "MERGE"});
  static constexpr auto returning = std::to_array<std::string_view>({"RETURNING"});
  const Stretch in{start, find_word(tokens, {start, tokens.size()}, end)};
  const std::size_t first = find_word(tokens, in, beginnings);
  std::vector<ValuePlaces> results;
  if (first == in.end || tokens[first].is("SELECT") || tokens[first].is("VALUES")) {
    add_selected(tokens, in, results);
  } else {
    const std::size_t place = find_word(tokens, {first, in.end}, returning);
    results.push_back(split_values(tokens, std::min(place + 1, in.end), in.end));
  }
  return results;
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
    if (start) {
      for (ValuePlaces& values : results_of(tokens, *start)) rows.push_back({*type, std::move(values), true});
    }
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

std::string without_result_names(const std::string& definition) {
  const RowTokens tokens = sql::tokenize(definition, postgres_syntax);
  const std::optional<std::size_t> start = last_statement(tokens, 0);
  const auto is_record = [](const sql::Token& token) { return token.is("record"); };
  if (!start || std::any_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(*start), is_record)) {
    return definition;
  }
  std::set<std::size_t> ends;
  for (const ValuePlaces& values : results_of(tokens, *start)) {
    for (const auto& value : values) ends.insert(value.second);
  }
  std::string text;
  std::size_t copied = 0;
  for (std::size_t i = *start + 1; i < tokens.size(); ++i) {
    if (!tokens[i - 1].is("AS") || !ends.contains(tokens[i].end())) continue;
    text.append(definition, copied, tokens[i - 2].end() - copied);
    copied = tokens[i].end();
  }
  return text.append(definition, copied);
}

}  // namespace whimbrel::dialect::postgres
