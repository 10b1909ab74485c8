#include "dialect/sqlite/text/statement_text.h"

#include <algorithm>

#include "dialect/sqlite/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/characters.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// The words that are no names without quotes: https://www.sqlite.org/lang_keywords.html, TRUE and FALSE.
constexpr std::string_view keywords =
    " abort action add after all alter always analyze and as asc attach autoincrement before begin between by "
    "cascade case cast check collate column commit conflict constraint create cross current current_date "
    "current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop each "
    "else end escape except exclude exclusive exists explain fail false filter first following for foreign from "
    "full generated glob group groups having if ignore immediate in index indexed initially inner insert instead "
    "intersect into is isnull join key last left like limit match materialized natural no not nothing notnull "
    "null nulls of offset on or order others outer over partition plan pragma preceding primary query raise range "
    "recursive references regexp reindex release rename replace restrict returning right rollback row rows "
    "savepoint select set table temp temporary then ties to transaction trigger true unbounded union unique "
    "update using vacuum values view virtual when where window with within without ";

std::size_t blank_length(std::string_view sql) {
  if (sql::is_space(sql.front()) || sql.front() == ';') return 1;
  if (sql.substr(0, 3) == "\xef\xbb\xbf") return 3;
  if (sql.substr(0, 2) == "--") return std::min(sql.find('\n'), sql.size());
  if (sql.substr(0, 2) != "/*") return 0;
  const auto end = sql.find("*/", 2);
  return end == std::string_view::npos ? sql.size() : end + 2;
}

bool creates_trigger(const std::vector<sql::Token>& tokens) {
  const auto is = [&](std::size_t i, std::string_view keyword) { return i < tokens.size() && tokens[i].is(keyword); };
  const std::size_t place = is(1, "TEMP") || is(1, "TEMPORARY") ? 2 : 1;
  return is(0, "CREATE") && is(place, "TRIGGER");
}

}  // namespace

std::string_view skip_blank(std::string_view sql) {
  while (!sql.empty()) {
    const std::size_t length = blank_length(sql);
    if (length == 0) break;
    sql.remove_prefix(length);
  }
  return sql;
}

std::string_view trim_end(std::string_view sql) {
  while (!sql.empty() && (sql::is_space(sql.back()) || sql.back() == ';')) sql.remove_suffix(1);
  return sql;
}

// Semicolons in a trigger's body do not end it; the one after `; END` does.
// https://www.sqlite.org/c3ref/complete.html
std::string_view first_statement(std::string_view sql) {
  const std::vector<sql::Token> tokens = sql::tokenize(sql, sqlite_syntax);
  const bool trigger = creates_trigger(tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].is(";")) continue;
    if (trigger && !(i >= 2 && tokens[i - 1].is("END") && tokens[i - 2].is(";"))) continue;
    return trim_end(sql.substr(0, tokens[i].offset));
  }
  return trim_end(sql);
}

bool is_commit(std::string_view statement) {
  const std::vector<sql::Token> tokens = sql::tokenize(first_statement(statement), sqlite_syntax);
  return !tokens.empty() && (tokens.front().is("COMMIT") || tokens.front().is("END"));
}

bool is_same_token(const sql::Token& a, const sql::Token& b) {
  if (a.kind == b.kind && a.text == b.text) return true;
  const auto is_word = [](const sql::Token& token) { return token.kind == sql::TokenKind::word; };
  const auto is_name = [&](const sql::Token& token) {
    const bool is_keyword = keywords.find(' ' + sql::to_lower(token.text) + ' ') != std::string_view::npos;
    return token.kind == sql::TokenKind::quoted_identifier || (is_word(token) && !is_keyword);
  };
  const bool are_comparable = (is_word(a) && is_word(b)) || (is_name(a) && is_name(b));
  return are_comparable && sql::equal_ignoring_case(a.value(), b.value());
}

bool same_but_for_quotes(std::string_view a, std::string_view b) {
  const std::vector<sql::Token> left = sql::tokenize(a, sqlite_syntax);
  const std::vector<sql::Token> right = sql::tokenize(b, sqlite_syntax);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), is_same_token);
}

std::string_view text_of(const Value& value) {
  const auto* text = std::get_if<std::string>(&value.variant());
  return text ? std::string_view(*text) : std::string_view();
}

std::optional<std::string> compile_error(Connection& connection, const std::string& statement) {
  try {
    connection.run("EXPLAIN QUERY PLAN " + statement);
    return std::nullopt;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    return reason(error, connection);
  }
}

}  // namespace whimbrel::dialect::sqlite
