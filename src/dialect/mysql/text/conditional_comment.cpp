#include "dialect/mysql/text/conditional_comment.h"

#include <algorithm>

#include "sql/characters.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Returns the place after the next occurrence of `end`; the end of the text if there is none.
std::size_t after(std::string_view text, std::string_view end, std::size_t from) {
  const std::size_t found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

std::size_t after_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at) at += text[at] == '\\' && quote != '`' ? 1 : 0;
  return std::min(at + 1, text.size());
}

/// Comments can be in such a comment, but not in these again.
std::size_t after_skipped(std::string_view text, std::size_t at) {
  while (at < text.size() && !text.substr(at).starts_with("*/")) {
    at = text.substr(at).starts_with("/*") ? after(text, "*/", at + 2) : at + 1;
  }
  return std::min(at + 2, text.size());
}

bool is_line_comment(std::string_view text) {
  return text.starts_with('#') || (text.starts_with("--") && (text.size() == 2 || sql::is_space(text[2])));
}

/// Returns the mark with which a conditional comment begins, with its version; empty: none begins.
std::string_view mark_of(std::string_view text) {
  if (!text.starts_with("/*!") && !text.starts_with("/*M!")) return {};
  std::size_t end = text.find('!') + 1;
  while (end < text.size() && sql::is_digit(text[end])) ++end;
  return text.substr(0, end);
}

}  // namespace

std::string without_skipped_comments(std::string_view statement,
                                     const std::function<bool(std::string_view mark)>& is_run) {
  std::string result;
  for (std::size_t at = 0; at < statement.size();) {
    const std::string_view rest = statement.substr(at);
    const std::string_view mark = mark_of(rest);
    const char c = rest.front();
    std::size_t end = at + 1;
    if (!mark.empty()) {
      end = at + mark.size();
      if (!is_run(mark)) {
        result += ' ';
        at = after_skipped(statement, end);
        continue;
      }
    } else if (c == '\'' || c == '"' || c == '`') {
      end = after_quoted(statement, at);
    } else if (is_line_comment(rest)) {
      end = after(statement, "\n", at);
    } else if (rest.starts_with("/*")) {
      end = after(statement, "*/", at + 2);
    }
    result += statement.substr(at, end - at);
    at = end;
  }
  return result;
}

}  // namespace whimbrel::dialect::mysql
