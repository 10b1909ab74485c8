#include "dialect/mysql/text/names.h"

#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

bool may_use(std::string_view sql, std::string_view name) { return sql::mentions(sql, name, mysql_syntax); }

std::string with_renamed_column(std::string_view expression, std::string_view from, std::string_view to) {
  return sql::replace_identifier(expression, from, to, mysql_syntax);
}

}  // namespace whimbrel::dialect::mysql
