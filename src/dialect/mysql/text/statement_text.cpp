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

constexpr std::string_view open_quote = "it ends within quotes";
constexpr std::string_view open_comment = "it ends within a comment";

/// Finds the ends of statements. Distinguishes only tokens that can hide a semicolon, by the server's rules:
/// https://dev.mysql.com/doc/refman/8.4/en/language-structure.html
class Splitter {
 public:
  /// `for_shell`: parse the text like the mysql client, which handles DELIMITER.
  Splitter(std::string_view sql, bool for_shell) : sql_(sql), for_shell_(for_shell) {}

  std::vector<ScriptStatement> split() {
    if (sql_.starts_with(sql::byte_order_mark)) at_ = sql::byte_order_mark.size();
    while (at_ < sql_.size()) step();
    if (is_in_condition_) problem_ = open_comment;
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
      if (c == '\n' && is_line_command_) finish();
      ++at_;
    } else if (skip_if_comment() || read_own_delimiter()) {
      return;
    } else if (delimiter_.empty() ? c == ';' && compound_.can_end() : stands_here(delimiter_)) {
      finish();
      at_ += delimiter_.empty() ? 1 : delimiter_.size();
    } else if (for_shell_ && c == '\\') {
      read_command();
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
      if (for_shell_ && start == begin_)
        is_line_command_ = sql::equal_ignoring_case(sql_.substr(start, at_ - start), "USE");
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
    if (closing == std::string_view::npos) problem_ = open_quote;
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
    if (closing == std::string_view::npos && for_shell_) {
      begin();
      end_ = sql_.size();
      problem_ = open_comment;
    }
    at_ = closing == std::string_view::npos ? sql_.size() : closing + 2;
    return true;
  }

  /// Moves past the closing quote; a doubled quote does not close it, nor does one after a backslash in a string.
  void skip_quoted(char quote) {
    do {
      for (++at_; at_ < sql_.size() && peek() != quote; ++at_) at_ += peek() == '\\' && quote != '`' ? 1 : 0;
      if (at_ >= sql_.size()) problem_ = open_quote;
      at_ = std::min(at_ + 1, sql_.size());
    } while (peek() == quote);
  }

  /// A command of the shell that can stand anywhere but in quotes and comments; NULL is written as \N.
  void read_command() {
    const char letter = peek(1);
    if (letter == 'g' || letter == 'G') {
      finish();
    } else {
      begin();
      end_ = std::min(at_ + 2, sql_.size());
      if (letter != 'N') problem_ = "a backslash begins a command of the shell";
    }
    at_ = std::min(at_ + 2, sql_.size());
  }

  /// DELIMITER and the rest of its line, of which the shell reads the first word.
  bool read_delimiter() {
    constexpr std::string_view command = "DELIMITER";
    if (!sql::begins_with(sql_.substr(at_, command.size() + 1), command)) return false;
    const std::size_t line_end = std::min(sql_.find('\n', at_), sql_.size());
    std::string_view text = sql_.substr(at_ + command.size(), line_end - at_ - command.size());
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    const bool is_quoted = text.starts_with('\'') || text.starts_with('"') || text.starts_with('`');
    if (is_quoted) {
      text = text.substr(1, text.find(text.front(), 1) - 1);
    } else {
      text = text.substr(0, static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_space) - text.begin()));
    }
    delimiter_ = text == ";" ? std::string_view() : text;
    at_ = line_end;
    return true;
  }

  void finish() {
    if (begin_ != std::string_view::npos) statements_.push_back({sql_.substr(begin_, end_ - begin_), problem_});
    begin_ = std::string_view::npos;
    problem_ = {};
    is_line_command_ = false;
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
  bool is_line_command_ = false;                ///< The statement is USE, which ends with its line.
  std::string_view problem_;                    ///< Of the statement; empty: none.
  std::string_view delimiter_;                  ///< Empty: semicolons that are not in a body.
  std::string_view previous_;                   ///< The previous token.
  Compound compound_;
  std::vector<ScriptStatement> statements_;
};

}  // namespace

std::vector<std::string_view> split_statements(std::string_view sql) {
  std::vector<std::string_view> texts;
  for (const ScriptStatement& statement : Splitter(sql, false).split()) texts.push_back(statement.text);
  return texts;
}

std::vector<ScriptStatement> split_script(std::string_view script) { return Splitter(script, true).split(); }

}  // namespace whimbrel::dialect::mysql
