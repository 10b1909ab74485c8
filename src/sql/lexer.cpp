#include "sql/lexer.h"

#include <algorithm>
#include <array>

#include "sql/keywords.h"
#include "sql/syntax.h"
#include "sql/writer.h"

namespace whimbrel::sql {

namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex_digit(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_word_start(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Words are most of a text: one look-up for each of their characters.
constexpr auto word_parts = [] {
  std::array<bool, 256> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const char c = static_cast<char>(i);
    parts[i] = is_word_start(c) || is_digit(c) || c == '$';
  }
  return parts;
}();
constexpr bool is_word_part(char c) { return word_parts[static_cast<unsigned char>(c)]; }

// Of those that begin alike, the longest first.
constexpr auto operators = std::to_array<std::string_view>(
    {"->>", "<=>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "==", "::", ":=", "&&"});

constexpr bool begins_operator(char c) { return std::string_view("-<>|=!:&").find(c) != std::string_view::npos; }

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Walks over a text, one token at a time.
class Scanner {
 public:
  explicit Scanner(std::string_view text, Syntax syntax = {}) : text_(text), syntax_(syntax) {}

  /// The next token; false at the end.
  bool next(Token& token) {
    skip_space_and_comments();
    if (at_ >= text_.size()) return false;
    token.offset = at_;
    token.kind = scan();
    token.text = text_.substr(token.offset, at_ - token.offset);
    previous_ = token;
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
    while (true) {
      skip_while(is_space);
      if (peek() == '-' && peek(1) == '-') {
        skip_to_after("\n");
      } else if (peek() == '/' && peek(1) == '*') {
        at_ += 2;
        skip_to_after("*/");
      } else if (peek() == byte_order_mark[0] && stands_here(byte_order_mark)) {
        at_ += byte_order_mark.size();
      } else {
        return;
      }
    }
  }

  /// Past the closing quote; a doubled one stands for itself.
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

  /// E'...': a backslash takes the next character with it.
  void skip_escaped() {
    do {
      for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) at_ += text_[at_] == '\\' ? 1 : 0;
      at_ = std::min(at_ + 1, text_.size());
    } while (peek() == '\'');
  }

  /// $tag$...$tag$; only where it is closed, since another database has parameters that begin so.
  bool skip_dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_word_part(text_[end]) && text_[end] != '$') ++end;
    if (end >= text_.size() || text_[end] != '$' || is_digit(peek(1))) return false;
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    const std::size_t closing = text_.find(tag, end + 1);
    if (closing == std::string_view::npos) return false;
    at_ = closing + tag.size();
    return true;
  }

  /// Does the bracket here hold elements or an index, and not an identifier? That it does behind what can be an array,
  /// without white space between them.
  [[nodiscard]] bool begins_index() const {
    if (!syntax_.has_arrays) return false;
    if (arrays_ > 0 || peek(1) == ']' || previous_.is("ARRAY")) return true;
    if (at_ == 0 || previous_.end() != at_) return false;
    if (previous_.kind == TokenKind::word) return !is_reserved(previous_.text);
    return previous_.is(")") || previous_.is("]") || previous_.kind == TokenKind::parameter ||
           (previous_.kind == TokenKind::quoted_identifier && previous_.text.front() != '[');
  }

  TokenKind scan_bracket() {
    if (begins_index()) {
      ++arrays_;
      ++at_;
      return TokenKind::symbol;
    }
    skip_to_after("]");
    return TokenKind::quoted_identifier;
  }

  TokenKind scan() {
    const char c = text_[at_];
    if ((c == 'x' || c == 'X') && peek(1) == '\'') {
      ++at_;
      skip_quoted('\'');
      return TokenKind::string;
    }
    if (syntax_.has_escaped_strings && (c == 'e' || c == 'E') && peek(1) == '\'') {
      ++at_;
      skip_escaped();
      return TokenKind::string;
    }
    if (is_word_start(c)) {
      skip_while(is_word_part);
      return TokenKind::word;
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return scan_number();
    switch (c) {
      case '\'':
        skip_quoted(c);
        return TokenKind::string;
      case '"':
      case '`':
        skip_quoted(c);
        return TokenKind::quoted_identifier;
      case '[':
        return scan_bracket();
      default:
        return scan_mark(c);
    }
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

  /// A parameter or an operator.
  TokenKind scan_mark(char c) {
    if (c == '?') {
      ++at_;
      skip_while(is_digit);
      return TokenKind::parameter;
    }
    if (syntax_.has_escaped_strings && c == '$' && skip_dollar_quoted()) return TokenKind::string;
    if (c == ']' && arrays_ > 0) --arrays_;
    if ((c == ':' || c == '@' || c == '$') && is_word_part(peek(1))) {
      ++at_;
      skip_while(is_word_part);
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
  Syntax syntax_;
  std::size_t at_ = 0;
  Token previous_;
  int arrays_ = 0;  ///< Open brackets that hold elements or an index.
};

bool is_named(const Token& token, std::string_view identifier) {
  if (token.kind == TokenKind::word) return equal_ignoring_case(token.text, identifier);
  return token.kind == TokenKind::quoted_identifier && equal_ignoring_case(token.value(), identifier);
}

bool is_same_token(const Token& a, const Token& b) {
  if (a.kind == b.kind && a.text == b.text) return true;
  const auto is_word = [](const Token& token) { return token.kind == TokenKind::word; };
  const auto is_name = [](const Token& token) {
    return token.kind == TokenKind::quoted_identifier || (token.kind == TokenKind::word && !is_reserved(token.text));
  };
  const bool are_comparable = (is_word(a) && is_word(b)) || (is_name(a) && is_name(b));
  return are_comparable && equal_ignoring_case(a.value(), b.value());
}

// Not with capitals: there are databases that read a bare name in small letters.
bool can_stand_bare(std::string_view identifier) {
  return !identifier.empty() && !is_digit(identifier.front()) &&
         std::all_of(identifier.begin(), identifier.end(),
                     [](char c) { return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z'); }) &&
         !is_reserved(identifier);
}

/// In place of the token: quoted as it was.
std::string in_style_of(const Token& token, std::string_view identifier) {
  if (token.kind == TokenKind::word && can_stand_bare(identifier)) return std::string(identifier);
  if (token.text.front() == '`') return quote_identifier(identifier, '`');
  const bool bracketed = token.text.front() == '[' && identifier.find(']') == std::string_view::npos;
  return bracketed ? '[' + std::string(identifier) + ']' : quote_identifier(identifier);
}

}  // namespace

std::string Token::value() const {
  const bool is_quoted = kind == TokenKind::quoted_identifier || (kind == TokenKind::string && text.front() == '\'');
  if (!is_quoted) return std::string(text);
  const char quote = text.front() == '[' ? ']' : text.front();
  const std::size_t closing = text.find(quote, 1);
  if (closing + 1 == text.size()) return std::string(text.substr(1, text.size() - 2));
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote && ++i == text.size()) break;
    result += text[i];
  }
  return result;
}

std::vector<Token> tokenize(std::string_view sql) { return tokenize(sql, {}); }

std::vector<Token> tokenize(std::string_view sql, Syntax syntax) {
  std::vector<Token> tokens;
  tokens.reserve(sql.size() / 4 + 2);
  Scanner scanner(sql, syntax);
  for (Token token; scanner.next(token);) tokens.push_back(token);
  return tokens;
}

bool same_but_for_quotes(std::string_view a, std::string_view b) {
  const std::vector<Token> left = tokenize(a);
  const std::vector<Token> right = tokenize(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), is_same_token);
}

bool mentions(std::string_view sql, std::string_view identifier) {
  Scanner scanner(sql);
  for (Token token; scanner.next(token);) {
    if (is_named(token, identifier)) return true;
  }
  return false;
}

std::string replace_identifier(std::string_view sql, std::string_view from, std::string_view to) {
  std::string result;
  result.reserve(sql.size());
  std::size_t copied = 0;
  Scanner scanner(sql);
  for (Token token; scanner.next(token);) {
    if (!is_named(token, from)) continue;
    result += sql.substr(copied, token.offset - copied);
    result += in_style_of(token, to);
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

}  // namespace whimbrel::sql
