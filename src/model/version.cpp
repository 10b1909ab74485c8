#include "model/version.h"

#include <charconv>

namespace whimbrel::model {

std::string version_text(int version) {
  const int minor = version / 100 % 100;
  const int patch = version % 100;
  std::string text = std::to_string(version / 10000);
  if (minor != 0 || patch != 0) text += '.' + std::to_string(minor);
  return patch == 0 ? text : text + '.' + std::to_string(patch);
}

std::optional<int> read_version(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  int version = 0;
  for (const int unit : {10000, 100, 1}) {
    unsigned number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc{} || number > 99) return std::nullopt;
    version += static_cast<int>(number) * unit;
    at = next;
    if (at == end) return version;
    if (*at++ != '.') return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace whimbrel::model
