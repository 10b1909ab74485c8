#include "dialect/sqlite/text/scanner.h"

#include "sql/characters.h"

namespace whimbrel::dialect::sqlite {

using sql::is_space;
using sql::is_word_part;

std::string_view Scanner::next() {
  skip_blank();
  const std::size_t begin = at_;
  if (at_ == sql_.size()) return {};
  const char c = sql_[at_];
  if (is_word_part(c)) {
    while (at_ < sql_.size() && is_word_part(sql_[at_])) ++at_;
  } else if (c == '\'' || c == '"' || c == '`') {
    skip_quoted(c);
  } else if (c == '[') {
    skip_to_after("]", 1);
  } else {
    ++at_;
  }
  return sql_.substr(begin, at_ - begin);
}

void Scanner::skip_blank() {
  while (at_ < sql_.size()) {
    const char next = at_ + 1 < sql_.size() ? sql_[at_ + 1] : '\0';
    if (is_space(sql_[at_])) {
      ++at_;
    } else if (sql_[at_] == '-' && next == '-') {
      skip_to_after("\n", 2);
    } else if (sql_[at_] == '/' && next == '*') {
      ends_in_comment_ = !skip_to_after("*/", 2);
    } else {
      return;
    }
  }
}

void Scanner::skip_quoted(char quote) {
  do {
    skip_to_after(std::string_view(&quote, 1), 1);
  } while (at_ < sql_.size() && sql_[at_] == quote);
}

bool Scanner::skip_to_after(std::string_view end, std::size_t from) {
  const std::size_t found = sql_.find(end, at_ + from);
  at_ = found == std::string_view::npos ? sql_.size() : found + end.size();
  return found != std::string_view::npos;
}

}  // namespace whimbrel::dialect::sqlite
