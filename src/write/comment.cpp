#include "write/comment.h"

#include <algorithm>

#include "write/literal.h"

namespace whimbrel::write {

namespace {

constexpr std::size_t comment_width = 117;

// A sentence must stay in its comment, whatever names it quotes: a backslash at the end of a line would continue the
// comment on the next line.
std::string comment_text(std::string_view sentence) {
  std::string text(sentence);
  if (!is_plain_text(text)) {
    const auto is_ascii = [](char c) { return c >= 0x20 && c < 0x7F; };
    std::replace_if(
        text.begin(), text.end(), [&](char c) { return c != '\n' && !is_ascii(c); }, '?');
  }
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return text;
}

void append_comment_line(std::string& result, std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  const bool continues = line.ends_with('\\') || line.ends_with("\?\?/");
  result += "// " + line + (continues ? "." : "") + '\n';
}

}  // namespace

void append_comment(std::string& result, std::string_view sentence) {
  std::string text = comment_text(sentence);
  while (text.size() > comment_width) {
    std::size_t end = text.rfind(' ', comment_width);
    if (end == text.npos || end == 0) end = text.find(' ', comment_width);
    if (end == text.npos) break;
    append_comment_line(result, text.substr(0, end));
    text.erase(0, end + 1);
  }
  append_comment_line(result, text);
}

}  // namespace whimbrel::write
