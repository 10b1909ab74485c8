#include "dialect/postgres/text/statement_text.h"

#include <algorithm>
#include <string>

#include "dialect/postgres/text/syntax.h"
#include "sql/characters.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

using sql::is_digit;
using sql::is_space;
using sql::is_word_part;
using sql::is_word_start;

/// Finds the ends of statements. Distinguishes only tokens that can hide a semicolon, by the server's rules:
/// https://www.postgresql.org/docs/current/sql-syntax-lexical.html
class Splitter {
 public:
  /// `for_psql`: parse the text like psql, which handles its own commands, and the rows that follow COPY.
  Splitter(std::string_view sql, bool for_psql) : sql_(sql), for_psql_(for_psql) {}

  std::vector<ScriptPart> split() {
    if (sql_.starts_with(sql::byte_order_mark)) at_ = sql::byte_order_mark.size();
    while (at_ < sql_.size()) step();
    finish();
    return std::move(parts_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

  void step() {
    const char c = peek();
    if (is_space(c)) {
      ++at_;
    } else if (skip_if_comment()) {
      return;
    } else if (c == ';' && parentheses_ == 0 && blocks_ == 0) {
      const bool has_rows = for_psql_ && is_copy_from_stdin();
      finish();
      ++at_;
      if (has_rows) skip_rows();
    } else if (c == '\\' && for_psql_) {
      const std::size_t begin = at_;
      at_ = std::min(sql_.find('\n', at_), sql_.size());
      parts_.push_back({sql_.substr(begin, at_ - begin), true});
    } else {
      if (begin_ == std::string_view::npos) begin_ = at_;
      skip_token(c);
      end_ = at_;
    }
  }

  void skip_token(char c) {
    const std::size_t begin = at_;
    skip_any_token(c);
    previous_ = sql_.substr(begin, at_ - begin);
  }

  void skip_any_token(char c) {
    if (is_word_start(c)) return skip_word();
    if (c == '\'' || c == '"') return skip_quoted(c);
    if (c == '$') return skip_dollar();
    if (c == '(') ++parentheses_;
    if (c == ')' && parentheses_ > 0) --parentheses_;
    // A number, so that the letters after it do not begin a word.
    if (is_digit(c)) {
      while (is_word_part(peek())) ++at_;
      return;
    }
    ++at_;
  }

  bool skip_if_comment() {
    if (peek() == '-' && peek(1) == '-') {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
      return true;
    }
    if (peek() != '/' || peek(1) != '*') return false;
    skip_comment();
    return true;
  }

  /// PostgreSQL's comments can be nested.
  void skip_comment() {
    int depth = 0;
    do {
      if (peek() == '/' && peek(1) == '*') {
        ++depth;
        at_ += 2;
      } else if (peek() == '*' && peek(1) == '/') {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0 && at_ < sql_.size());
    at_ = std::min(at_, sql_.size());
  }

  /// Moves past the closing quote; a doubled quote does not close it.
  void skip_quoted(char quote) {
    do {
      at_ = std::min(sql_.find(quote, at_ + 1), sql_.size() - 1) + 1;
    } while (peek() == quote);
  }

  /// E'…': a backslash escapes the next character, also in parts that continue on another line.
  void skip_escaped() {
    do {
      for (++at_; at_ < sql_.size() && peek() != '\''; ++at_) at_ += peek() == '\\' ? 1 : 0;
      at_ = std::min(at_ + 1, sql_.size());
    } while (peek() == '\'' || skip_to_continuation());
  }

  bool skip_to_continuation() {
    std::size_t next = at_;
    bool line_break = false;
    for (; next < sql_.size() && is_space(sql_[next]); ++next) line_break |= sql_[next] == '\n';
    if (!line_break || next == sql_.size() || sql_[next] != '\'') return false;
    at_ = next;
    return true;
  }

  /// $tag$…$tag$, a parameter or an operator.
  void skip_dollar() {
    std::size_t end = at_ + 1;
    if (end < sql_.size() && is_word_start(sql_[end])) {
      while (end < sql_.size() && is_word_part(sql_[end]) && sql_[end] != '$') ++end;
    }
    if (end >= sql_.size() || sql_[end] != '$') {
      ++at_;
      return;
    }
    const std::string_view tag = sql_.substr(at_, end + 1 - at_);
    const std::size_t closing = sql_.find(tag, end + 1);
    at_ = closing == std::string_view::npos ? sql_.size() : closing + tag.size();
  }

  void skip_word() {
    const std::size_t begin = at_;
    while (is_word_part(peek())) ++at_;
    const std::string_view word = sql_.substr(begin, at_ - begin);
    if (word.size() == 1 && (word == "e" || word == "E") && peek() == '\'') return skip_escaped();
    if (words_.size() < 4) words_.push_back(sql::to_lower(word));
    if (parentheses_ == 0 && creates_routine()) count_blocks(word);
  }

  [[nodiscard]] bool creates_routine() const {
    if (words_.front() != "create" || words_.size() < 2) return false;
    const std::size_t place = words_[1] == "or" ? 3 : 1;
    return words_.size() > place && (words_[place] == "function" || words_[place] == "procedure");
  }

  /// Semicolons between BEGIN ATOMIC and its END belong to the routine, which may also contain CASE … END. A routine or
  /// a type may be named begin.
  void count_blocks(std::string_view word) {
    const bool is_body = sql::equal_ignoring_case(word, "atomic") && sql::equal_ignoring_case(previous_, "begin");
    if (is_body || (blocks_ > 0 && sql::equal_ignoring_case(word, "case"))) ++blocks_;
    if (blocks_ > 0 && sql::equal_ignoring_case(word, "end")) --blocks_;
  }

  [[nodiscard]] bool is_copy_from_stdin() const {
    if (begin_ == std::string_view::npos || words_.empty() || words_.front() != "copy") return false;
    const std::vector<sql::Token> tokens = sql::tokenize(sql_.substr(begin_, end_ - begin_), postgres_syntax);
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      if (tokens[i].is("FROM")) return tokens[i + 1].is("STDIN");
    }
    return false;
  }

  /// The rows begin on the next line, and end with the line `\\.`.
  void skip_rows() {
    std::string_view line;
    do {
      at_ = std::min(sql_.find('\n', at_), sql_.size() - 1) + 1;
      line = sql_.substr(at_, std::min(sql_.find('\n', at_), sql_.size()) - at_);
      if (line.ends_with('\r')) line.remove_suffix(1);
    } while (line != "\\." && at_ < sql_.size());
    at_ += line.size();
  }

  void finish() {
    if (begin_ != std::string_view::npos) parts_.push_back({sql_.substr(begin_, end_ - begin_)});
    begin_ = std::string_view::npos;
    words_.clear();
    parentheses_ = 0;
    blocks_ = 0;
  }

  std::string_view sql_;
  bool for_psql_;
  std::size_t at_ = 0;
  std::size_t begin_ = std::string_view::npos;  ///< The first token of the statement.
  std::size_t end_ = 0;                         ///< The end of its last token.
  int parentheses_ = 0;
  int blocks_ = 0;
  std::string_view previous_;       ///< The previous token.
  std::vector<std::string> words_;  ///< The first words of the statement, in lower case.
  std::vector<ScriptPart> parts_;
};

}  // namespace

std::vector<std::string_view> split_statements(std::string_view sql) {
  std::vector<std::string_view> statements;
  for (const ScriptPart& part : Splitter(sql, false).split()) statements.push_back(part.text);
  return statements;
}

std::vector<ScriptPart> split_script(std::string_view script) { return Splitter(script, true).split(); }

int byte_of_character(std::string_view text, int number) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (begins_character && --number == 0) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace whimbrel::dialect::postgres
