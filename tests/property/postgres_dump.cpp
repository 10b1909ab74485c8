#include "property/postgres_dump.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"
#include "support/postgres_server.h"

namespace whimbrel::test {

namespace {

/// A statement whose lines between the parentheses of CREATE TABLE are sorted: columns may stand in another order.
std::string normalised(const std::string& statement) {
  std::vector<std::string> lines{""};
  for (const char c : statement) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  if (lines.front().starts_with("CREATE TABLE") || lines.front().starts_with("CREATE UNLOGGED TABLE")) {
    for (std::string& line : lines) {
      if (line.ends_with(',')) line.pop_back();
    }
    std::sort(lines.begin(), lines.end());
  }
  std::string result;
  for (const std::string& line : lines) result += line + '\n';
  return result;
}

bool names_schema(const sql::Token& token) {
  return token.text.size() > 1 && token.text.front() == 'p' &&
         std::all_of(token.text.begin() + 1, token.text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Dump dump_schemas(const std::string& url) {
  Dump result;
  for (const std::string& statement : dumped_statements(url)) {
    const std::vector<sql::Token> tokens = sql::tokenize(statement, dialect::postgres::postgres_syntax);
    const auto schema = std::find_if(tokens.begin(), tokens.end(), names_schema);
    if (schema != tokens.end()) result[std::string(schema->text)].insert(normalised(statement));
  }
  return result;
}

void require_same(const std::multiset<std::string>& found, const std::multiset<std::string>& expected) {
  std::vector<std::string> missing;
  std::vector<std::string> surplus;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(surplus));
  CAPTURE(missing);
  CAPTURE(surplus);
  REQUIRE(missing.empty());
  REQUIRE(surplus.empty());
}

}  // namespace whimbrel::test
