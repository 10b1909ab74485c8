#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace whimbrel::cli {

/// Colors for a terminal.
class Style {
 public:
  explicit Style(bool enabled) : enabled_(enabled) {}
  /// Uses colors if the stream is a terminal that supports them and NO_COLOR is not set. https://no-color.org
  [[nodiscard]] static Style of(std::FILE* stream);

  [[nodiscard]] bool is_enabled() const { return enabled_; }
  /// Returns the length of the sequence at the start of the text if this class writes it; otherwise 0.
  [[nodiscard]] static std::size_t sequence_length(std::string_view text);

  [[nodiscard]] std::string bold(std::string_view text) const { return paint("1", text); }
  [[nodiscard]] std::string faint(std::string_view text) const { return paint("2", text); }
  [[nodiscard]] std::string red(std::string_view text) const { return paint("1;31", text); }
  [[nodiscard]] std::string green(std::string_view text) const { return paint("32", text); }
  [[nodiscard]] std::string yellow(std::string_view text) const { return paint("33", text); }

 private:
  [[nodiscard]] std::string paint(const char* code, std::string_view text) const;

  bool enabled_;
};

}  // namespace whimbrel::cli
