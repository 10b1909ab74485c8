#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace whimbrel::sql {

/// A position in the tokens of a text.
class TokenReader {
 public:
  TokenReader(std::string_view sql, const Syntax& syntax) : tokens_(tokenize(sql, syntax)) {}

  [[nodiscard]] std::span<const Token> rest() const { return std::span(tokens_).subspan(at_); }
  [[nodiscard]] std::size_t left() const { return tokens_.size() - at_; }
  /// Returns whether the token at this distance is the keyword or symbol.
  [[nodiscard]] bool is(std::string_view keyword, std::size_t ahead = 0) const {
    return ahead < left() && tokens_[at_ + ahead].is(keyword);
  }
  [[nodiscard]] bool is_any(std::initializer_list<std::string_view> keywords) const {
    return std::any_of(keywords.begin(), keywords.end(), [&](std::string_view keyword) { return is(keyword); });
  }
  /// Returns whether the rest contains the keyword.
  [[nodiscard]] bool has(std::string_view keyword) const {
    const std::span<const Token> tokens = rest();
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) { return token.is(keyword); });
  }

  void skip(std::size_t count = 1) { at_ += std::min(count, left()); }
  /// Moves past the keyword if it is next.
  bool accept(std::string_view keyword) {
    const bool is_next = is(keyword);
    if (is_next) ++at_;
    return is_next;
  }
  void skip_any(std::initializer_list<std::string_view> keywords) {
    while (is_any(keywords)) ++at_;
  }

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace whimbrel::sql
