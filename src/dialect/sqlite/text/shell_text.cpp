#include "dialect/sqlite/text/shell_text.h"

#include <algorithm>

#include "dialect/sqlite/text/scanner.h"
#include "sql/characters.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

bool is_blank(std::string_view text) { return std::all_of(text.begin(), text.end(), sql::is_space); }

/// `gap`: the text between the token and the one before it.
bool is_first_on_line(std::string_view gap) {
  const std::size_t line_feed = gap.rfind('\n');
  return line_feed != std::string_view::npos && is_blank(gap.substr(line_feed + 1));
}

/// Returns whether it ends a statement if it is alone on a line, as in Oracle and SQL Server. In quotes it does not.
bool is_terminator(std::string_view token) { return token == "/" || sql::equal_ignoring_case(token, "go"); }

std::string with_doubled_carriage_returns(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token.substr(i, 2) == "\r\n") text += '\r';
    text += token[i];
  }
  return text;
}

}  // namespace

ShellText shell_text(std::string_view sql, CarriageReturns carriage_returns) {
  if (sql.find('\0') != std::string_view::npos) {
    throw Error(ErrorKind::unsafe, "A statement contains a NUL character, which cannot be passed to the sqlite3 shell.")
        .with_statement(std::string(sql))
        .with_remedy("Run it in a migration, or remove the NUL character from the schema.");
  }
  ShellText result;
  Scanner scanner(sql);
  std::size_t end = 0;
  for (std::string_view token = scanner.next(); !token.empty(); token = scanner.next()) {
    const auto begin = static_cast<std::size_t>(token.data() - sql.data());
    const std::string_view gap = sql.substr(end, begin - end);
    // A comment that ends the previous line would continue, so the gap is omitted with its comments.
    result.sql += is_terminator(token) && is_first_on_line(gap) ? " " : gap;
    const bool has_one = token.find("\r\n") != std::string_view::npos;
    result.has_carriage_returns = result.has_carriage_returns || has_one;
    if (has_one && carriage_returns == CarriageReturns::doubled) {
      result.sql += with_doubled_carriage_returns(token);
    } else {
      result.sql += token;
    }
    end = begin + token.size();
  }
  result.sql += sql.substr(end);
  if (scanner.ends_in_comment()) result.sql += " */";
  return result;
}

}  // namespace whimbrel::dialect::sqlite
