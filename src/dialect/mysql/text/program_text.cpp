#include "dialect/mysql/text/program_text.h"

#include <algorithm>
#include <span>
#include <vector>

#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/token_reader.h"

namespace whimbrel::dialect::mysql {

namespace {

using Tokens = std::vector<sql::Token>;

/// Returns the place of the kind of object: what comes before are options.
std::size_t end_of_options(const Tokens& tokens) {
  const auto found = std::find_if(tokens.begin(), tokens.end(), [](const sql::Token& token) {
    return token.is("VIEW") || token.is("TRIGGER") || token.is("FUNCTION") || token.is("PROCEDURE") ||
           token.is("EVENT") || token.is("TABLE") || token.is("SEQUENCE");
  });
  return static_cast<std::size_t>(found - tokens.begin());
}

}  // namespace

std::string definer_clause(std::string_view statement) {
  const Tokens tokens = sql::tokenize(statement, mysql_syntax);
  const std::size_t end = end_of_options(tokens);
  for (std::size_t i = 0; i + 2 < end; ++i) {
    if (!tokens[i].is("DEFINER") || !tokens[i + 1].is("=")) continue;
    std::size_t last = i + 2;
    if (last + 2 < end && tokens[last + 1].is("@")) last += 2;
    return std::string(statement.substr(tokens[i].offset, tokens[last].end() - tokens[i].offset));
  }
  return {};
}

std::string with_definer(std::string_view statement, const std::string& clause) {
  const Tokens tokens = sql::tokenize(statement, mysql_syntax);
  if (clause.empty() || tokens.size() < 2) return std::string(statement);
  // ALGORITHM=MERGE comes before it.
  const std::size_t place = tokens[1].is("ALGORITHM") && tokens.size() > 4 ? 4 : 1;
  const std::size_t at = tokens[place].offset;
  return std::string(statement.substr(0, at)) + clause + ' ' + std::string(statement.substr(at));
}

std::string followed_trigger(std::string_view definition) {
  const Tokens tokens = sql::tokenize(definition, mysql_syntax);
  for (std::size_t i = 0; i + 4 < tokens.size(); ++i) {
    if (!tokens[i].is("FOR") || !tokens[i + 1].is("EACH") || !tokens[i + 2].is("ROW")) continue;
    return tokens[i + 3].is("FOLLOWS") ? tokens[i + 4].value() : std::string();
  }
  return {};
}

bool is_on_update(std::string_view trigger_definition) {
  sql::TokenReader words(trigger_definition, mysql_syntax);
  while (words.left() > 0 && !words.is_any({"BEFORE", "AFTER"})) words.skip();
  return words.is("UPDATE", 1);
}

}  // namespace whimbrel::dialect::mysql
