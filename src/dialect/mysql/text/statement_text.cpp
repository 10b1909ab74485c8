#include "dialect/mysql/text/statement_text.h"

#include <algorithm>
#include <string>

#include "dialect/mysql/text/compound.h"
#include "sql/characters.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using sql::is_digit;
using sql::is_space;
using sql::is_word_part;
using sql::is_word_start;

/// Finds the ends of statements. Distinguishes only tokens that can hide a semicolon, by the server's rules:
/// https://dev.mysql.com/doc/refman/8.4/en/language-structure.html
class Splitter {
 public:
  /// `for_shell`: parse the text like the mysql client, which handles DELIMITER.
  Splitter(std::string_view sql, bool for_shell) : sql_(sql), for_shell_(for_shell) {}

  std::vector<std::string_view> split() {
    if (sql_.starts_with(sql::byte_order_mark)) at_ = sql::byte_order_mark.size();
    while (at_ < sql_.size()) step();
    finish();
    return std::move(statements_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }
  [[nodiscard]] bool stands_here(std::string_view text) const { return sql_.substr(at_, text.size()) == text; }

  [[nodiscard]] bool read_own_delimiter() { return for_shell_ && begin_ == std::string_view::npos && read_delimiter(); }

  void step() {
    const char c = peek();
    if (is_space(c)) {
      ++at_;
    } else if (skip_if_comment() || read_own_delimiter()) {
      return;
    } else if (delimiter_.empty() ? c == ';' && compound_.can_end() : stands_here(delimiter_)) {
      finish();
      at_ += delimiter_.empty() ? 1 : delimiter_.size();
    } else {
      begin();
      skip_token(c);
      end_ = at_;
    }
  }

  void begin() {
    if (begin_ == std::string_view::npos) begin_ = at_;
  }

  void skip_token(char c) {
    const std::size_t start = at_;
    const bool is_body = c == '$' && sql::equal_ignoring_case(previous_, "as");
    if (is_word_start(c)) {
      skip_word();
      compound_.add(sql_.substr(start, at_ - start));
    } else {
      if (!is_body || !skip_dollar_quoted()) skip_other(c);
      compound_.add(sql_.substr(start, 1));
    }
    previous_ = sql_.substr(start, at_ - start);
  }

  /// The shell finds its delimiter anywhere but in quotes and comments.
  void skip_word() {
    while (is_word_part(peek()) && (delimiter_.empty() || !stands_here(delimiter_))) ++at_;
  }

  void skip_other(char c) {
    if (c == '\'' || c == '"' || c == '`') return skip_quoted(c);
    // A number, so that the letters after it do not begin a word; @name and a name that begins with $ likewise.
    if (is_digit(c) || c == '@' || c == '$') {
      ++at_;
      return skip_word();
    }
    ++at_;
  }

  /// The text of a routine in another language: AS $$...$$.
  bool skip_dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && is_word_part(sql_[end]) && sql_[end] != '$') ++end;
    if (end >= sql_.size() || sql_[end] != '$') return false;
    const std::string_view tag = sql_.substr(at_, end + 1 - at_);
    const std::size_t closing = sql_.find(tag, end + 1);
    at_ = closing == std::string_view::npos ? sql_.size() : closing + tag.size();
    return true;
  }

  [[nodiscard]] bool begins_line_comment() const {
    if (peek() == '#') return true;
    return stands_here("--") && (at_ + 2 == sql_.size() || is_space(peek(2)));
  }

  /// The text of a conditional comment belongs to the statement, with its marks.
  bool skip_if_comment() {
    if (begins_line_comment()) {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
      return true;
    }
    if (is_in_condition_ && stands_here("*/")) {
      at_ += 2;
      end_ = at_;
      is_in_condition_ = false;
      return true;
    }
    if (!stands_here("/*")) return false;
    // The first line of a dump, after which old clients stop.
    const bool is_for_none = stands_here("/*M!999999");
    if (!is_for_none && (peek(2) == '!' || stands_here("/*M!"))) {
      begin();
      at_ += peek(2) == '!' ? 3 : 4;
      while (is_digit(peek())) ++at_;
      end_ = at_;
      is_in_condition_ = true;
      return true;
    }
    const std::size_t closing = sql_.find("*/", at_ + 2);
    at_ = closing == std::string_view::npos ? sql_.size() : closing + 2;
    return true;
  }

  /// Moves past the closing quote; a doubled quote does not close it, nor does one after a backslash in a string.
  void skip_quoted(char quote) {
    do {
      for (++at_; at_ < sql_.size() && peek() != quote; ++at_) at_ += peek() == '\\' && quote != '`' ? 1 : 0;
      at_ = std::min(at_ + 1, sql_.size());
    } while (peek() == quote);
  }

  /// DELIMITER and the rest of its line.
  bool read_delimiter() {
    constexpr std::string_view command = "DELIMITER";
    if (!sql::begins_with(sql_.substr(at_, command.size() + 1), command)) return false;
    const std::size_t line_end = std::min(sql_.find('\n', at_), sql_.size());
    std::string_view text = sql_.substr(at_ + command.size(), line_end - at_ - command.size());
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    delimiter_ = text == ";" ? std::string_view() : text;
    at_ = line_end;
    return true;
  }

  void finish() {
    if (begin_ != std::string_view::npos) statements_.push_back(sql_.substr(begin_, end_ - begin_));
    begin_ = std::string_view::npos;
    compound_ = {};
    previous_ = {};
    is_in_condition_ = false;
  }

  std::string_view sql_;
  bool for_shell_;
  std::size_t at_ = 0;
  std::size_t begin_ = std::string_view::npos;  ///< The first token of the statement.
  std::size_t end_ = 0;                         ///< The end of its last token.
  bool is_in_condition_ = false;                ///< A conditional comment is open.
  std::string_view delimiter_;                  ///< Empty: semicolons that are not in a body.
  std::string_view previous_;                   ///< The previous token.
  Compound compound_;
  std::vector<std::string_view> statements_;
};

}  // namespace

std::vector<std::string_view> split_statements(std::string_view sql) { return Splitter(sql, false).split(); }

std::vector<std::string_view> split_script(std::string_view script) { return Splitter(script, true).split(); }

}  // namespace whimbrel::dialect::mysql
