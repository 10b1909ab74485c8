#include "dialect/mysql/inspect/create_table.h"

#include <algorithm>
#include <span>
#include <vector>

#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using sql::Token;
using sql::TokenKind;
using TokenSpan = std::span<const Token>;

/// Returns the place of the keyword outside of parentheses, or the end.
std::size_t find(TokenSpan tokens, std::string_view keyword, std::size_t from = 0) {
  int depth = 0;
  for (std::size_t i = from; i < tokens.size(); ++i) {
    depth += tokens[i].is("(") ? 1 : tokens[i].is(")") ? -1 : 0;
    if (depth == 0 && tokens[i].is(keyword)) return i;
  }
  return tokens.size();
}

std::string_view between(std::string_view text, const Token& first, const Token& last) {
  return text.substr(first.offset, last.end() - first.offset);
}

void read_column(std::string_view text, TokenSpan item, TableDetails& details) {
  details.columns.emplace(item.front().value(), between(text, item.front(), item.back()));
  const std::size_t at = find(item, "DEFAULT") + 1;
  if (at >= item.size()) return;
  const bool is_bits = item[at].is("b") && at + 1 < item.size() && item[at + 1].kind == TokenKind::string;
  const Token& last = item[is_bits ? at + 1 : at];
  details.defaults.emplace(item.front().value(), between(text, item[at], last));
}

void read_item(std::string_view text, TokenSpan item, TableDetails& details) {
  if (item.empty()) return;
  if (item.front().kind == TokenKind::quoted_identifier) return read_column(text, item, details);
  if (item.front().is("CONSTRAINT") && item.size() > 2 && item[2].is("CHECK")) {
    details.checks.emplace(item[1].value(), between(text, item.front(), item.back()));
  }
  if (item.front().is("FULLTEXT") && item.size() > 2) {
    const std::size_t at = find(item, "PARSER") + 1;
    if (at < item.size()) details.parsers.emplace(item[2].value(), item[at].value());
  }
  if (item.front().is("PERIOD") && item.size() > 4) {
    const std::size_t open = 3;
    const std::string clause(between(text, item.front(), item[open - 1]));
    details.periods[clause] = between(text, item[open + 1], item[item.size() - 2]);
  }
  // Options of the key may follow.
  const auto overlaps = std::find_if(item.begin(), item.end(), [](const Token& token) { return token.is("OVERLAPS"); });
  const bool is_of_key = item.front().is("PRIMARY") || item.front().is("UNIQUE");
  if (is_of_key && overlaps != item.end() && overlaps - item.begin() > 3) {
    const std::string key = item.front().is("PRIMARY") ? "PRIMARY" : item[2].value();
    details.no_overlaps[key] = between(text, *(overlaps - 2), *overlaps);
  }
}

/// MariaDB writes x'00FF' since version 11, MySQL 0x00FF.
std::string bytes_of(std::string_view literal) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  const bool is_quoted = literal.starts_with("x'") || literal.starts_with("X'");
  if (is_quoted || literal.starts_with("0x")) {
    std::string bytes;
    for (std::size_t i = 2; i + 1 < literal.size(); i += 2) {
      bytes += static_cast<char>(digit(literal[i]) * 16 + digit(literal[i + 1]));
    }
    return bytes;
  }
  const std::vector<Token> tokens = sql::tokenize(literal, mysql_syntax);
  return tokens.empty() ? std::string() : tokens.front().value();
}

}  // namespace

TableDetails read_details(std::string_view create_table) {
  TableDetails details;
  const std::vector<Token> all = sql::tokenize(create_table, mysql_syntax);
  const TokenSpan tokens = all;
  const auto open = static_cast<std::size_t>(
      std::find_if(all.begin(), all.end(), [](const Token& token) { return token.is("("); }) - all.begin());
  std::size_t at = open;
  std::size_t begin = open + 1;
  int depth = 0;
  for (; at < tokens.size(); ++at) {
    depth += tokens[at].is("(") ? 1 : tokens[at].is(")") ? -1 : 0;
    const bool ends = depth == 0 || (depth == 1 && tokens[at].is(","));
    if (ends && at > open) {
      read_item(create_table, tokens.subspan(begin, at - begin), details);
      begin = at + 1;
    }
    if (depth == 0) break;
  }
  const std::size_t clause = find(tokens, "PARTITION", std::min(at + 1, tokens.size()));
  if (clause + 2 < tokens.size() && tokens[clause + 1].is("BY")) {
    details.partitions = between(create_table, tokens[clause + 2], tokens.back());
  }
  return details;
}

std::string plain_bytes(std::string_view literal) {
  const std::string bytes = bytes_of(literal);
  const bool is_plain = std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (is_plain) return quote_text(bytes);
  std::string hex = "0x";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += "0123456789ABCDEF"[byte >> 4U];
    hex += "0123456789ABCDEF"[byte & 0xFU];
  }
  return hex;
}

}  // namespace whimbrel::dialect::mysql
