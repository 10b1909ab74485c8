#include "sql/lexer.h"

#include <algorithm>
#include <array>

#include "sql/characters.h"
#include "sql/keywords.h"
#include "sql/writer.h"

namespace whimbrel::sql {

namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr bool is_hex_digit(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

// Words make up most of a text, so each character takes a single look-up.
template <class Predicate>
constexpr std::array<bool, 256> characters(Predicate predicate) {
  std::array<bool, 256> result{};
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = predicate(static_cast<char>(i));
  return result;
}
constexpr bool is_in(const std::array<bool, 256>& set, char c) { return set[static_cast<unsigned char>(c)]; }

constexpr auto word_parts = characters(is_word_part);
constexpr bool continues_word(char c) { return is_in(word_parts, c); }

// Longer ones come before their prefixes.
constexpr auto operators = std::to_array<std::string_view>(
    {"->>", "<=>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "==", "::", ":=", "&&"});

constexpr bool has_mark(std::string_view marks, char c) { return marks.find(c) != std::string_view::npos; }

constexpr auto operator_starts = characters([](char c) { return has_mark("-<>|=!:&", c); });
constexpr bool begins_operator(char c) { return is_in(operator_starts, c); }

// Symbols in every database.
constexpr auto separators = characters([](char c) { return has_mark("(),;", c); });

// With any other character a token begins.
constexpr auto skipped_starts =
    characters([](char c) { return is_space(c) || has_mark("-#/*", c) || c == byte_order_mark.front(); });

/// Scans a text token by token.
class Scanner {
 public:
  Scanner(std::string_view text, const Syntax& syntax) : text_(text), syntax_(syntax) {}

  /// Reads the next token. Returns false at the end.
  bool next(Token& token) {
    skip_space_and_comments();
    if (at_ >= text_.size()) return false;
    token.offset = at_;
    token.kind = scan();
    token.text = text_.substr(token.offset, at_ - token.offset);
    token.has_backslash_escapes = syntax_.has_backslash_escapes && token.kind == TokenKind::string;
    return true;
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool stands_here(std::string_view text) const { return text_.substr(at_, text.size()) == text; }

  template <class Predicate>
  void skip_while(Predicate holds) {
    while (at_ < text_.size() && holds(text_[at_])) ++at_;
  }

  void skip_to_after(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  void skip_space_and_comments() {
    while (at_ < text_.size() && is_in(skipped_starts, text_[at_]) &&
           (is_space(text_[at_]) || skip_comment() || skip_mark())) {
      skip_while(is_space);
    }
  }

  bool skip_comment() {
    if (begins_line_comment()) {
      skip_to_after("\n");
      return true;
    }
    if (!stands_here("/*")) return false;
    if (syntax_.has_conditional_comments && (peek(2) == '!' || stands_here("/*M!"))) {
      at_ += peek(2) == '!' ? 3 : 4;
      skip_while(is_digit);
      is_in_condition_ = true;
      return true;
    }
    skip_block_comment();
    return true;
  }

  [[nodiscard]] bool begins_line_comment() const {
    if (syntax_.has_hash_comments && peek() == '#') return true;
    if (peek() != '-' || peek(1) != '-') return false;
    return !syntax_.dashes_need_space || at_ + 2 == text_.size() || is_space(peek(2));
  }

  void skip_block_comment() {
    at_ += 2;
    if (!syntax_.has_nested_comments) return skip_to_after("*/");
    for (int depth = 1; depth > 0 && at_ < text_.size();) {
      const bool opens = stands_here("/*");
      const bool closes = stands_here("*/");
      depth += opens ? 1 : closes ? -1 : 0;
      at_ += opens || closes ? 2 : 1;
    }
  }

  /// Skips text that is neither a token nor a comment: a byte order mark, the end of a conditional comment.
  bool skip_mark() {
    if (stands_here(byte_order_mark)) {
      at_ += byte_order_mark.size();
      return true;
    }
    if (!is_in_condition_ || !stands_here("*/")) return false;
    at_ += 2;
    is_in_condition_ = false;
    return true;
  }

  /// Moves past the closing quote; a doubled quote does not close it.
  void skip_quoted(char quote) {
    do {
      const std::size_t found = text_.find(quote, at_ + 1);
      if (found == std::string_view::npos) {
        at_ = text_.size();
        return;
      }
      at_ = found + 1;
    } while (peek() == quote);
  }

  /// Like skip_quoted(), but a backslash escapes the next character.
  void skip_escaped(char quote) {
    do {
      for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
      at_ = std::min(at_ + 1, text_.size());
    } while (peek() == quote);
  }

  /// A string continues in one that begins on a later line, if there is only white space between them.
  bool skip_to_continuation() {
    std::size_t next = at_;
    bool has_line_break = false;
    for (; next < text_.size() && is_space(text_[next]); ++next) has_line_break |= text_[next] == '\n';
    if (!has_line_break || next == text_.size() || text_[next] != '\'') return false;
    at_ = next;
    return true;
  }

  TokenKind scan_string(char quote) {
    if (syntax_.has_backslash_escapes) {
      skip_escaped(quote);
    } else {
      skip_quoted(quote);
    }
    return TokenKind::string;
  }

  /// $tag$...$tag$, only if it is closed.
  bool skip_dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && continues_word(text_[end]) && text_[end] != '$') ++end;
    if (end >= text_.size() || text_[end] != '$' || is_digit(peek(1))) return false;
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    const std::size_t closing = text_.find(tag, end + 1);
    if (closing == std::string_view::npos) return false;
    at_ = closing + tag.size();
    return true;
  }

  TokenKind scan_name(char quote) {
    if (quote == '[') {
      skip_to_after("]");
    } else {
      skip_quoted(quote);
    }
    return TokenKind::quoted_identifier;
  }

  TokenKind scan() {
    const char c = text_[at_];
    if ((c == 'x' || c == 'X') && peek(1) == '\'') {
      ++at_;
      skip_quoted('\'');
      return TokenKind::string;
    }
    if (syntax_.has_escape_strings && (c == 'e' || c == 'E') && peek(1) == '\'') {
      ++at_;
      do skip_escaped('\'');
      while (skip_to_continuation());
      return TokenKind::string;
    }
    if (is_word_start(c)) {
      skip_while(continues_word);
      return TokenKind::word;
    }
    if (is_in(separators, c)) {
      ++at_;
      return TokenKind::symbol;
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return scan_number();
    if (has_mark(syntax_.string_quotes, c)) return scan_string(c);
    if (has_mark(syntax_.name_quotes, c)) return scan_name(c);
    return scan_mark(c);
  }

  TokenKind scan_number() {
    const auto is_digit_or_separator = [](char c) { return is_digit(c) || c == '_'; };
    if (peek() == '0' && lower(peek(1)) == 'x' && is_hex_digit(peek(2))) {
      at_ += 2;
      skip_while([](char c) { return is_hex_digit(c) || c == '_'; });
      return TokenKind::number;
    }
    skip_while(is_digit_or_separator);
    if (peek() == '.') {
      ++at_;
      skip_while(is_digit_or_separator);
    }
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (lower(peek()) == 'e' && is_digit(peek(1 + sign))) {
      at_ += 1 + sign;
      skip_while(is_digit_or_separator);
    }
    return TokenKind::number;
  }

  /// Scans a parameter, a dollar-quoted string or an operator.
  TokenKind scan_mark(char c) {
    if (syntax_.has_dollar_strings && c == '$' && skip_dollar_quoted()) return TokenKind::string;
    if (has_mark(syntax_.parameter_marks, c) && (c == '?' || continues_word(peek(1)))) {
      ++at_;
      c == '?' ? skip_while(is_digit) : skip_while(continues_word);
      return TokenKind::parameter;
    }
    if (!begins_operator(c)) {
      ++at_;
      return TokenKind::symbol;
    }
    const auto found = std::find_if(operators.begin(), operators.end(),
                                    [this](std::string_view candidate) { return stands_here(candidate); });
    at_ += found == operators.end() ? 1 : found->size();
    return TokenKind::symbol;
  }

  std::string_view text_;
  const Syntax& syntax_;
  std::size_t at_ = 0;
  bool is_in_condition_ = false;  ///< If true, a conditional comment is open.
};

bool is_named(const Token& token, std::string_view identifier) {
  if (token.kind == TokenKind::word) return equal_ignoring_case(token.text, identifier);
  return token.kind == TokenKind::quoted_identifier && equal_ignoring_case(token.value(), identifier);
}

// Not with capitals, because some databases fold a bare name to lower case.
bool can_stand_bare(std::string_view identifier) {
  return !identifier.empty() && !is_digit(identifier.front()) &&
         std::all_of(identifier.begin(), identifier.end(),
                     [](char c) { return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z'); }) &&
         !is_reserved(identifier);
}

/// Returns the identifier quoted like the token that it replaces.
std::string in_style_of(const Token& token, std::string_view identifier, const Syntax& syntax) {
  if (token.kind == TokenKind::word) {
    return can_stand_bare(identifier) ? std::string(identifier) : quote_identifier(identifier, syntax);
  }
  if (token.text.front() != '[') return quoted(identifier, token.text.front());
  const bool can_be_in_brackets = identifier.find(']') == std::string_view::npos;
  return can_be_in_brackets ? '[' + std::string(identifier) + ']' : quote_identifier(identifier, syntax);
}

/// Returns the character that an escape stands for. https://dev.mysql.com/doc/refman/8.4/en/string-literals.html
std::string unescaped(char c) {
  constexpr std::string_view letters = "0bnrtZ";
  constexpr std::string_view meanings("\0\b\n\r\t\x1a", letters.size());
  if (c == '%' || c == '_') return {'\\', c};
  const std::size_t place = letters.find(c);
  return {place == std::string_view::npos ? c : meanings[place]};
}

}  // namespace

std::string Token::value() const {
  const bool has_quote = kind == TokenKind::quoted_identifier ||
                         (kind == TokenKind::string && (text.front() == '\'' || text.front() == '"'));
  if (!has_quote) return std::string(text);
  const char quote = text.front() == '[' ? ']' : text.front();
  const bool is_plain = !has_backslash_escapes || text.find('\\') == std::string_view::npos;
  if (is_plain && text.find(quote, 1) + 1 == text.size()) return std::string(text.substr(1, text.size() - 2));
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool is_escape = has_backslash_escapes && text[i] == '\\';
    if ((is_escape || text[i] == quote) && ++i == text.size()) break;
    result += is_escape ? unescaped(text[i]) : std::string(1, text[i]);
  }
  return result;
}

std::vector<Token> tokenize(std::string_view sql, const Syntax& syntax) {
  std::vector<Token> tokens;
  tokens.reserve(sql.size() / 4 + 2);
  Scanner scanner(sql, syntax);
  for (Token token; scanner.next(token);) tokens.push_back(token);
  return tokens;
}

bool mentions(std::string_view sql, std::string_view identifier, const Syntax& syntax) {
  Scanner scanner(sql, syntax);
  for (Token token; scanner.next(token);) {
    if (is_named(token, identifier)) return true;
  }
  return false;
}

std::set<std::string> mentioned_names(std::string_view sql, const Syntax& syntax) {
  std::set<std::string> names;
  Scanner scanner(sql, syntax);
  for (Token token; scanner.next(token);) {
    if (token.kind == TokenKind::word) names.insert(to_lower(token.text));
    if (token.kind == TokenKind::quoted_identifier) names.insert(to_lower(token.value()));
  }
  return names;
}

std::string replace_identifier(std::string_view sql, std::string_view from, std::string_view to, const Syntax& syntax) {
  std::string result;
  result.reserve(sql.size());
  std::size_t copied = 0;
  Scanner scanner(sql, syntax);
  for (Token token; scanner.next(token);) {
    if (!is_named(token, from)) continue;
    result += sql.substr(copied, token.offset - copied);
    result += in_style_of(token, to, syntax);
    copied = token.end();
  }
  result += sql.substr(copied);
  return result;
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool begins_with(std::string_view statement, std::string_view word) {
  return equal_ignoring_case(statement.substr(0, word.size()), word) &&
         (statement.size() == word.size() || !is_word_part(statement[word.size()]));
}

}  // namespace whimbrel::sql
