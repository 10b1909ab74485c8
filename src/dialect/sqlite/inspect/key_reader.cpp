#include "dialect/sqlite/inspect/key_reader.h"

#include <algorithm>
#include <initializer_list>

namespace whimbrel::dialect::sqlite {

namespace {

bool is_any_of(const sql::Token& token, std::initializer_list<std::string_view> keywords) {
  return std::any_of(keywords.begin(), keywords.end(), [&](std::string_view keyword) { return token.is(keyword); });
}

/// Returns whether an operand must follow the token, so that ASC or DESC there is a column name.
bool wants_operand(const sql::Token& token) {
  if (token.kind == sql::TokenKind::symbol) return token.text != ")";
  return is_any_of(token, {"AND", "OR", "NOT", "IS", "IN", "LIKE", "GLOB", "MATCH", "REGEXP", "BETWEEN", "ESCAPE",
                           "COLLATE", "DISTINCT", "FROM"});
}

/// Removes ASC or DESC from the end. Returns whether it was DESC.
bool take_order(Tokens& tokens) {
  if (tokens.size() < 2 || !is_any_of(tokens.back(), {"ASC", "DESC"}) || wants_operand(tokens[tokens.size() - 2])) {
    return false;
  }
  const bool descending = tokens.back().is("DESC");
  tokens = tokens.first(tokens.size() - 1);
  return descending;
}

/// Returns whether it is `CASE ... END` from the first token to the last.
bool is_case(Tokens tokens) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].is("CASE")) ++depth;
    if (tokens[i].is("END") && depth > 0) --depth;
    if (depth == 0) return i > 0 && i + 1 == tokens.size();
  }
  return false;
}

/// Returns whether COLLATE after these tokens applies to all of them: it binds tighter than any operator between two
/// operands. If in doubt it does not, and remains a part of the expression.
bool is_primary(Tokens tokens) {
  while (tokens.size() > 1 && is_any_of(tokens.front(), {"-", "+", "~"})) tokens = tokens.subspan(1);
  while (tokens.size() > 2 && tokens[tokens.size() - 2].is("COLLATE")) tokens = tokens.first(tokens.size() - 2);
  if (tokens.size() == 1 || are_enclosed(tokens) || is_case(tokens)) return true;
  const bool is_call = is_name(tokens.front()) && !tokens.front().is("NOT") && tokens.size() > 2;
  return is_call && (are_enclosed(tokens.subspan(1)) || (tokens.size() == 3 && tokens[1].is("(")));
}

bool is_collated(Tokens tokens) {
  const std::size_t size = tokens.size();
  return size > 2 && tokens[size - 2].is("COLLATE") && is_primary(tokens.first(size - 2));
}

/// Returns whether parentheses around these tokens are redundant, because they contain no operator.
bool is_bare(Tokens tokens) { return tokens.size() == 1 || are_enclosed(tokens) || is_collated(tokens); }

/// Returns the number of tokens in a part.
std::size_t part_size(Tokens tokens) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (depth == 0 && is_any_of(tokens[i], {",", ")", "AUTOINCREMENT", ""})) return i;
    if (tokens[i].is("(")) ++depth;
    if (tokens[i].is(")")) --depth;
  }
  return tokens.size() - 1;
}

model::KeyPart read_key_part(const Cursor& cursor, Tokens tokens) {
  model::KeyPart part;
  part.descending = take_order(tokens);
  while (true) {
    if (is_collated(tokens)) {
      if (part.collation.empty()) part.collation = tokens.back().value();
      tokens = tokens.first(tokens.size() - 2);
    } else if (are_enclosed(tokens) && is_bare(tokens.subspan(1, tokens.size() - 2))) {
      tokens = tokens.subspan(1, tokens.size() - 2);
    } else {
      break;
    }
  }
  if (tokens.size() == 1 && is_name(tokens.front())) {
    part.column = tokens.front().value();
  } else {
    part.expression = cursor.text(tokens);
  }
  return part;
}

}  // namespace

std::vector<model::KeyPart> read_key_parts(Cursor& cursor) {
  std::vector<model::KeyPart> parts;
  do {
    const Tokens tokens = cursor.rest().first(part_size(cursor.rest()));
    if (tokens.empty()) cursor.fail("a column");
    parts.push_back(read_key_part(cursor, tokens));
    cursor.skip(tokens.size());
  } while (cursor.accept(","));
  return parts;
}

}  // namespace whimbrel::dialect::sqlite
