#include "sql/null_literal.h"

#include <span>

#include "sql/lexer.h"

namespace whimbrel::sql {

bool is_null_literal(std::string_view expression, const Syntax& syntax) {
  const std::vector<Token> tokens = tokenize(expression, syntax);
  std::span<const Token> rest(tokens);
  while (rest.size() > 2 && rest.front().is("(") && rest.back().is(")")) rest = rest.subspan(1, rest.size() - 2);
  return rest.size() == 1 && rest.front().is("NULL");
}

}  // namespace whimbrel::sql
