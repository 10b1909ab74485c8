#include "toy_database/client/parser.h"

#include "toy_database/dialect.h"
#include "whimbrel/error.h"

namespace whimbrel::toy {

Parser::Parser(std::string_view sql, const std::vector<Value>* parameters)
    : sql_(sql), parameters_(parameters), tokens_(sql::tokenize(sql, syntax())) {}

bool Parser::accept(std::string_view word) {
  if (is_at_end() || !tokens_[place_].is(word)) return false;
  ++place_;
  return true;
}

bool Parser::accept(std::string_view first, std::string_view second) {
  if (place_ + 1 >= tokens_.size() || !tokens_[place_].is(first) || !tokens_[place_ + 1].is(second)) return false;
  place_ += 2;
  return true;
}

bool Parser::accept_one() {
  if (is_at_end() || tokens_[place_].text != "1") return false;
  ++place_;
  return true;
}

void Parser::expect(std::string_view word) {
  if (!accept(word)) fail(std::string(word) + " is missing");
}

void Parser::expect_end() {
  if (!is_at_end()) fail("the statement should be at its end");
}

std::string Parser::name() {
  const sql::Token& token = next();
  if (token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier) return token.value();
  --place_;
  fail("a name is missing");
}

std::vector<std::string> Parser::names() {
  std::vector<std::string> result;
  expect("(");
  do result.push_back(name());
  while (accept(","));
  expect(")");
  return result;
}

Value Parser::value() {
  if (accept("NULL")) return {};
  if (accept("now")) return "2026-01-31 12:00:00";
  const bool is_negative = accept("-");
  const sql::Token& token = next();
  if (token.kind == sql::TokenKind::string) return token.value();
  if (token.kind == sql::TokenKind::parameter) {
    if (parameters_ != nullptr && parameter_ < parameters_->size()) return (*parameters_)[parameter_++];
    fail("there is no parameter for it");
  }
  if (token.kind != sql::TokenKind::number) {
    --place_;
    fail("a value is missing");
  }
  const std::string digits = (is_negative ? "-" : "") + std::string(token.text);
  if (digits.find_first_of(".eE") != std::string::npos) return std::stod(digits);
  return std::stoll(digits);
}

std::size_t Parser::number() { return static_cast<std::size_t>(value().integer()); }

model::Column Parser::column() {
  model::Column column;
  column.name = name();
  column.type.name = name();
  column.nullable = !accept("NOT", "NULL");
  column.auto_increment = accept("COUNTED");
  if (accept("DEFAULT")) {
    const std::size_t begin = is_at_end() ? sql_.size() : tokens_[place_].offset;
    static_cast<void>(value());
    column.default_expression = sql_.substr(begin, tokens_[place_ - 1].end() - begin);
  }
  return column;
}

void Parser::fail(const std::string& what) const {
  const std::size_t offset = is_at_end() ? sql_.size() : tokens_[place_].offset;
  throw Error(ErrorKind::statement, "toy database: " + what)
      .with_statement(std::string(sql_), static_cast<int>(offset));
}

const sql::Token& Parser::next() {
  if (is_at_end()) fail("the statement ends too early");
  return tokens_[place_++];
}

std::vector<std::string_view> split_statements(std::string_view script) {
  std::vector<std::string_view> statements;
  std::size_t begin = std::string_view::npos;
  std::size_t end = 0;
  for (const sql::Token& token : sql::tokenize(script, syntax())) {
    if (!token.is(";")) {
      if (begin == std::string_view::npos) begin = token.offset;
      end = token.end();
      continue;
    }
    if (begin != std::string_view::npos) statements.push_back(script.substr(begin, end - begin));
    begin = std::string_view::npos;
  }
  if (begin != std::string_view::npos) statements.push_back(script.substr(begin, end - begin));
  return statements;
}

}  // namespace whimbrel::toy
