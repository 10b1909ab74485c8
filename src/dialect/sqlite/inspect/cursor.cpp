#include "dialect/sqlite/inspect/cursor.h"

#include "dialect/sqlite/text/syntax.h"
#include "sql/syntax.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

bool is_symbol(const sql::Token& token, char symbol) {
  return token.kind == sql::TokenKind::symbol && token.text.size() == 1 && token.text.front() == symbol;
}

/// Returns the number of tokens from the first one, a parenthesis that is not counted, to the one that closes it; all
/// if none does.
std::size_t distance_to_match(Tokens tokens) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_symbol(tokens[i], '(')) ++depth;
    if (is_symbol(tokens[i], ')') && --depth == 0) return i;
  }
  return tokens.size();
}

}  // namespace

// Uses SQLite's tokens: brackets contain only names, and an `e` before a string is a name.
Cursor::Cursor(std::string_view sql) : sql_(sql), tokens_(sql::tokenize(sql, sqlite_syntax)), subject_("the schema") {
  tokens_.push_back({sql::TokenKind::symbol, sql.substr(sql.size()), sql.size()});
}

void Cursor::expect(std::string_view keyword) {
  if (!accept(keyword)) fail(keyword);
}

std::string Cursor::name(std::string_view what) {
  if (!is_name(peek())) fail(what);
  return tokens_[at_++].value();
}

Tokens Cursor::parenthesised() {
  if (!is_at("(")) fail("(");
  const std::size_t distance = distance_to_match(rest());
  if (distance == rest().size()) {
    at_ = tokens_.size() - 1;
    fail(")");
  }
  const Tokens inner = rest().subspan(1, distance - 1);
  at_ += 1;
  if (inner.empty()) fail("an expression");
  at_ += distance;
  return inner;
}

void Cursor::expect_end() {
  while (accept(";")) {
  }
  if (!is_at_end()) fail("the end");
}

std::string_view Cursor::text(Tokens tokens) const {
  const std::size_t begin = tokens.front().offset;
  return sql_.substr(begin, tokens.back().end() - begin);
}

void Cursor::fail(std::string_view expected) const {
  const std::string found = is_at_end() ? "the end" : sql::quote_identifier(peek().text, sqlite_syntax);
  throw Error(ErrorKind::statement,
              "cannot parse the definition of " + subject_ + ": expected " + std::string(expected) + ", found " + found)
      .with_statement(std::string(sql_), static_cast<int>(peek().offset))
      .with_remedy("If SQLite itself can open the database, please report this statement as a bug in whimbrel.");
}

bool is_name(const sql::Token& token) {
  switch (token.kind) {
    case sql::TokenKind::word:
    case sql::TokenKind::quoted_identifier:
      return true;
    case sql::TokenKind::string:
      return token.text.front() == '\'';
    case sql::TokenKind::number:
    case sql::TokenKind::parameter:
    case sql::TokenKind::symbol:
      return false;
  }
  return false;
}

bool are_enclosed(Tokens tokens) {
  return tokens.size() > 2 && is_symbol(tokens.front(), '(') && distance_to_match(tokens) == tokens.size() - 1;
}

}  // namespace whimbrel::dialect::sqlite
