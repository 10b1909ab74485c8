#include "dialect/url.h"

#include <algorithm>

#include "sql/lexer.h"

namespace whimbrel::dialect {

namespace {

// From the first colon after the user's name to the last @, so that a password with either in it is hidden whole.
void hide_password(std::string& url) {
  std::size_t begin = url.find(':');
  if (begin == std::string::npos) return;
  begin += url.compare(begin, 3, "://") == 0 ? 3 : 1;
  const std::size_t at = url.rfind('@');
  if (at == std::string::npos || at < begin || url[begin] == '/') return;
  const std::size_t colon = url.find(':', begin);
  if (colon < at) url.replace(colon + 1, at - colon - 1, "***");
}

// `parameters` begins with the question mark, or is empty.
std::string hide_secrets(std::string_view parameters) {
  std::string result;
  while (!parameters.empty()) {
    const std::string_view one = parameters.substr(0, parameters.find('&', 1));
    parameters.remove_prefix(one.size());
    const std::size_t equals = one.find('=');
    const std::string key = sql::to_lower(one.substr(0, equals));
    const bool is_secret = key.find("pass") != std::string::npos || key.find("pwd") != std::string::npos;
    result += is_secret && equals != std::string_view::npos ? std::string(one.substr(0, equals)) + "=***" : one;
  }
  return result;
}

}  // namespace

std::string without_password(std::string_view url) {
  std::string result(url);
  hide_password(result);
  const std::size_t question = std::min(result.find('?'), result.size());
  return result.substr(0, question) + hide_secrets(std::string_view(result).substr(question));
}

}  // namespace whimbrel::dialect
