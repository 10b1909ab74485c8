#include "dialect/sqlite/inspect/stored_definition.h"

#include <algorithm>
#include <string>
#include <vector>

#include "dialect/sqlite/text/scanner.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

bool is(std::string_view token, std::string_view keyword) { return sql::equal_ignoring_case(token, keyword); }

/// Returns the name that a token represents.
std::string name_of(std::string_view token) {
  const bool is_bracketed = token.starts_with('[');
  if (token.size() < 2 || (!is_bracketed && token.find_first_of("'\"`") != 0)) return std::string(token);
  const char quote = token.front();
  std::string name;
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    name += token[i];
    if (!is_bracketed && token[i] == quote) ++i;
  }
  return name;
}

/// Reads the beginning of a definition, and finds its end.
class Definition {
 public:
  explicit Definition(std::string_view sql) : scanner_(sql), has_semicolon_(sql.find(';') != std::string_view::npos) {}

  [[nodiscard]] bool makes(std::string_view type, std::string_view name) {
    if (!accept("CREATE")) return false;
    if (!accept("TEMP")) static_cast<void>(accept("TEMPORARY"));
    if (!(type == "index" && accept("UNIQUE")) && type == "table") static_cast<void>(accept("VIRTUAL"));
    const bool is_known = type == "table" || type == "index" || type == "view" || type == "trigger";
    if (!is_known || !accept(type)) return false;
    is_trigger_ = type == "trigger";
    // IF alone can be the name.
    if (is(token(0), "IF") && is(token(1), "NOT") && is(token(2), "EXISTS")) at_ += 3;
    if (token(1) == ".") at_ += 2;
    return sql::equal_ignoring_case(name_of(token(0)), name);
  }

  /// Semicolons in a trigger's body do not end the statement; `END` after one of them does.
  [[nodiscard]] bool is_one_statement() {
    if (!is_trigger_ && !has_semicolon_) return true;
    while (read()) {
    }
    bool in_body = false;
    bool is_over = false;
    for (std::size_t i = at_; i < tokens_.size(); ++i) {
      const bool is_semicolon = tokens_[i] == ";";
      if (is_over && !is_semicolon) return false;
      if (!is_trigger_) {
        is_over = is_over || is_semicolon;
      } else if (is_semicolon) {
        if (!in_body) return false;
      } else if (is(tokens_[i], "BEGIN")) {
        in_body = true;
      } else if (in_body && is(tokens_[i], "END") && tokens_[i - 1] == ";") {
        is_over = true;
      }
    }
    return true;
  }

 private:
  bool read() {
    const std::string_view token = scanner_.next();
    if (!token.empty()) tokens_.push_back(token);
    return !token.empty();
  }
  /// Reads no further than it must: most definitions need only their first tokens.
  [[nodiscard]] std::string_view token(std::size_t ahead) {
    while (tokens_.size() <= at_ + ahead && read()) {
    }
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : std::string_view();
  }
  bool accept(std::string_view keyword) {
    if (!is(token(0), keyword)) return false;
    ++at_;
    return true;
  }

  Scanner scanner_;
  bool has_semicolon_;
  std::vector<std::string_view> tokens_;  ///< Those that were read.
  std::size_t at_ = 0;
  bool is_trigger_ = false;
};

/// Returns whether the text contains what the lexer treats as a string of another database, but SQLite does not. Parts
/// of such a text could not be extracted reliably.
bool is_ambiguous(std::string_view sql) {
  if (sql.find('\\') == std::string_view::npos && sql.find('$') == std::string_view::npos) return false;
  const std::vector<sql::Token> tokens = sql::tokenize(sql, sqlite_syntax);
  return std::any_of(tokens.begin(), tokens.end(), [](const sql::Token& token) {
    if (token.kind != sql::TokenKind::string) return false;
    const bool is_escaped = token.text.find_first_of("eE") == 0 && token.text.find('\\') != std::string_view::npos;
    return is_escaped || token.text.front() == '$';
  });
}

}  // namespace

void require_definition(std::string_view type, std::string_view name, std::string_view sql) {
  Definition definition(sql);
  if (definition.makes(type, name) && definition.is_one_statement() && !is_ambiguous(sql)) return;
  throw Error(ErrorKind::unsafe, "The database does not store a single statement that creates the " +
                                     std::string(type) + ' ' + sql::quote_identifier(name, sqlite_syntax) +
                                     ": its schema was edited by hand, so none of it is run or shown as SQL.")
      .with_statement(std::string(sql))
      .with_remedy("Do not trust the file. If it is yours, repair the row of sqlite_schema, or recreate the database.");
}

}  // namespace whimbrel::dialect::sqlite
