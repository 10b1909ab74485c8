#include "dialect/sqlite/compare/statement_words.h"

#include <vector>

#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

using Words = std::vector<sql::Token>;

bool can_name(const sql::Token& token) {
  return token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier;
}

/// Returns whether the token names a column of a result: its case matters to programs. That of a type in a CAST does
/// not.
bool is_result_name(const Words& tokens, std::size_t i) {
  if (i == 0 || !tokens[i - 1].is("AS") || !can_name(tokens[i])) return false;
  if (tokens[i].is("SELECT") || tokens[i].is("WITH") || tokens[i].is("VALUES")) return false;
  return i + 1 == tokens.size() || (!tokens[i + 1].is("(") && !tokens[i + 1].is(")"));
}

/// Returns whether the token is a string literal, or is one because nothing has its name.
bool is_string(const sql::Token& token, const Names& names) {
  if (token.kind == sql::TokenKind::string) return token.text.front() == '\'';
  const bool is_quoted = token.kind == sql::TokenKind::quoted_identifier && token.text.front() == '"';
  return is_quoted && !names.contains(token.value());
}

}  // namespace

Names names_in(Connection& connection) {
  Names names;
  try {
    const Rows::Data rows = connection.run(
        "SELECT name FROM sqlite_master UNION SELECT c.name FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c "
        "WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL TABLE %'");
    for (const auto& row : rows.values) names.insert(row.at(0).text());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;  // A definition that SQLite cannot read.
  }
  return names;
}

bool same_words(std::string_view a, std::string_view b, const Names& names) {
  const Words left = sql::tokenize(a, sqlite_syntax);
  const Words right = sql::tokenize(b, sqlite_syntax);
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const bool are_result_names = is_result_name(left, i) && can_name(right[i]);
    if (are_result_names || (is_string(left[i], names) && is_string(right[i], names))) {
      if (left[i].value() != right[i].value()) return false;
    } else if (!is_same_token(left[i], right[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace whimbrel::dialect::sqlite
