#include "dialect/mysql/text/table_places.h"

#include <algorithm>
#include <initializer_list>

namespace whimbrel::dialect::mysql {

namespace {

using sql::Token;
using sql::TokenKind;

bool is_keyword_of(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is(word); });
}

}  // namespace

bool TablePlaces::can_be_table() const {
  const Place place = levels_.back().place;
  return place == Place::table || place == Place::joined_table || is_name_of_sequence();
}

void TablePlaces::pass() {
  const Token& token = tokens_[at_];
  Level& level = levels_.back();
  if (token.is("(")) {
    open();
  } else if (token.is(")")) {
    if (levels_.size() > 1) levels_.pop_back();
  } else if (token.is(";")) {
    levels_.assign(1, Level{});
  } else if (token.is(",")) {
    if (level.place == Place::condition) level.place = Place::table;
  } else if (token.kind == TokenKind::word) {
    // After these it is a name, whatever it is.
    const bool is_name = at_ > 0 && (tokens_[at_ - 1].text.ends_with('.') || tokens_[at_ - 1].text.ends_with('@'));
    if (!is_name) pass_keyword(token);
  }
  ++at_;
}

/// A condition in parentheses has no tables after its commas.
void TablePlaces::open() {
  const Place place = levels_.back().place;
  levels_.push_back({place == Place::condition ? Place::expression : place, false, false});
}

void TablePlaces::pass_keyword(const Token& token) {
  Level& level = levels_.back();
  if (token.is("SELECT")) {
    level = {Place::expression, true, false};
  } else if (token.is("FROM")) {
    // Not EXTRACT(YEAR FROM a.b).
    if (level.has_select || levels_.size() == 1) level.place = Place::table;
  } else if (is_keyword_of(token, {"WHERE", "HAVING"})) {
    level.place = Place::expression;
  } else if (token.is("BY")) {
    // Not USE INDEX FOR ORDER BY (a), after which a table can follow.
    const bool is_of_hint = at_ >= 2 && tokens_[at_ - 2].is("FOR");
    if (level.has_select && !is_of_hint) level.place = Place::expression;
  } else if (token.is("SET")) {
    if (level.is_update) level.place = Place::expression;
  } else if (token.is("UPDATE")) {
    level = {Place::table, false, begins_statement()};
  } else if (is_keyword_of(token, {"JOIN", "STRAIGHT_JOIN"})) {
    level.place = Place::joined_table;
  } else if (token.is("ON")) {
    if (level.place == Place::joined_table) level.place = Place::condition;
  } else if (is_keyword_of(token, {"INTO", "UNION", "EXCEPT", "INTERSECT", "TABLE", "FOR", "DELETE", "RENAME",
                                   "REFERENCES", "CALL", "USING"})) {
    level.place = Place::table;
  }
}

/// Not ON UPDATE SET NULL.
bool TablePlaces::begins_statement() const {
  return at_ == 0 || is_keyword_of(tokens_[at_ - 1], {";", ")", "BEGIN", "THEN", "ELSE", "DO", "ROW"});
}

/// They are functions whose argument is a table.
bool TablePlaces::is_name_of_sequence() const {
  if (at_ < 2 || !tokens_[at_ - 1].is("(")) return false;
  const std::string function = sql::to_lower(tokens_[at_ - 2].value());
  return function == "nextval" || function == "lastval" || function == "setval";
}

bool is_qualified_by_database(std::span<const Token> tokens, std::size_t at, bool is_place) {
  // A number can begin with the dot: `a.1b`.
  if (is_place || at + 3 > tokens.size() || !tokens[at + 1].is(".")) return true;
  return at + 3 < tokens.size() && (tokens[at + 3].text.starts_with('.') || tokens[at + 3].is("("));
}

}  // namespace whimbrel::dialect::mysql
