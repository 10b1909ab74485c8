#include "cli/style.h"

#include <unistd.h>

#include <cstdlib>

namespace whimbrel::cli {

Style Style::of(std::FILE* stream) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool wanted = no_color == nullptr || *no_color == '\0';
  const bool able = terminal != nullptr && std::string_view(terminal) != "dumb";
  return Style(wanted && able && ::isatty(::fileno(stream)) == 1);
}

std::size_t Style::sequence_length(std::string_view text) {
  for (const std::string_view sequence : {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[32m", "\x1b[33m"}) {
    if (text.starts_with(sequence)) return sequence.size();
  }
  return 0;
}

std::string Style::paint(const char* code, std::string_view text) const {
  if (!enabled_) return std::string(text);
  return "\x1b[" + std::string(code) + 'm' + std::string(text) + "\x1b[0m";
}

}  // namespace whimbrel::cli
