#include "dialect/mysql/generate/replacement.h"

#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

// MySQL has no OR REPLACE for them: https://dev.mysql.com/doc/refman/9.4/en/create-procedure.html
bool can_replace(const operation::AlterObject& op, const Server& server) {
  const bool is_routine = op.after.kind == "function" || op.after.kind == "procedure";
  return server.is_mariadb && is_routine && op.before.kind == op.after.kind &&
         sql::equal_ignoring_case(op.before.name.name, op.after.name.name);
}

std::string replacing(std::string_view definition) {
  const std::vector<sql::Token> tokens = sql::tokenize(definition, mysql_syntax);
  const std::size_t end = tokens.empty() ? 0 : tokens.front().end();
  return std::string(definition.substr(0, end)) + " OR REPLACE" + std::string(definition.substr(end));
}

}  // namespace whimbrel::dialect::mysql
