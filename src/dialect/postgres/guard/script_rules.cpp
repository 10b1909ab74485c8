#include "dialect/postgres/guard/script_rules.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "dialect/postgres/text/statement_text.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// The statement's tokens, and a place in them.
class Words {
 public:
  explicit Words(std::string_view statement) : text_(without_comments(statement)), tokens_(sql::tokenize(text_)) {}
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;
  ~Words() = default;

  [[nodiscard]] bool is(std::string_view word, std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].is(word);
  }
  [[nodiscard]] bool is_any(std::initializer_list<std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return is(word); });
  }
  [[nodiscard]] bool accept(std::string_view word) {
    if (!is(word)) return false;
    ++at_;
    return true;
  }
  void skip() { ++at_; }
  void skip_any(std::initializer_list<std::string_view> words) {
    while (is_any(words)) ++at_;
  }
  [[nodiscard]] bool is_string(std::size_t ahead) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].kind == sql::TokenKind::string;
  }
  [[nodiscard]] bool begins(std::string_view beginning) const {
    return at_ < tokens_.size() && sql::to_lower(tokens_[at_].text).starts_with(beginning);
  }
  [[nodiscard]] std::string text(std::size_t ahead) const {
    return at_ + ahead < tokens_.size() ? std::string(tokens_[at_ + ahead].text) : std::string();
  }
  [[nodiscard]] std::size_t left() const { return tokens_.size() - at_; }
  /// Is what is left `... OWNER TO name`, and not the new name of something that was called owner?
  [[nodiscard]] bool ends_with_owner() const {
    if (left() < 4 || !is("OWNER", left() - 3) || !is("TO", left() - 2)) return false;
    const auto before = [&](std::string_view word) { return is(word, left() - 4); };
    return !before("RENAME") && !before("COLUMN") && !before("ATTRIBUTE") && !before("CONSTRAINT");
  }
  [[nodiscard]] bool has(std::string_view word) const {
    for (std::size_t i = 0; i < left(); ++i) {
      if (is(word, i)) return true;
    }
    return false;
  }
  /// Do the two words follow each other anywhere in what is left?
  [[nodiscard]] bool has(std::string_view first, std::string_view second) const {
    for (std::size_t i = 0; i + 1 < left(); ++i) {
      if (is(first, i) && is(second, i + 1)) return true;
    }
    return false;
  }

 private:
  std::string text_;
  std::vector<sql::Token> tokens_;
  std::size_t at_ = 0;
};

/// What CREATE, ALTER, DROP and COMMENT ON are about.
Treatment treatment_of_object(const Words& words) {
  if (words.is_any({"TABLE",     "VIEW",      "INDEX",   "SEQUENCE",  "TYPE",       "DOMAIN",     "SCHEMA",
                    "FUNCTION",  "PROCEDURE", "ROUTINE", "TRIGGER",   "RULE",       "AGGREGATE",  "OPERATOR",
                    "CAST",      "COLLATION", "POLICY",  "TEXT",      "STATISTICS", "CONVERSION", "EXTENSION",
                    "TRANSFORM", "LANGUAGE",  "COLUMN",  "CONSTRAINT"})) {
    return Treatment::run;
  }
  // None of it is compared, and some of it only a superuser may make.
  if (words.is_any({"DATABASE", "PUBLICATION", "EVENT", "LARGE", "ACCESS"})) return Treatment::leave_out;
  return Treatment::refuse;
}

Treatment treatment_of_create(Words& words) {
  words.skip_any({"OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "RECURSIVE",
                  "MATERIALIZED", "TRUSTED", "PROCEDURAL", "DEFAULT"});
  // The statement that makes a schema may give privileges in it as well.
  if (words.is("SCHEMA") && words.has("GRANT")) return Treatment::refuse;
  return treatment_of_object(words);
}

Treatment treatment_of_alter(Words& words) {
  words.skip_any({"MATERIALIZED", "PROCEDURAL"});
  if (words.is("DEFAULT") || words.ends_with_owner()) return Treatment::leave_out;
  return treatment_of_object(words);
}

Treatment treatment_of_comment(Words& words) {
  static_cast<void>(words.accept("ON"));
  words.skip_any({"MATERIALIZED", "PROCEDURAL"});
  // Whoever loads the file need not own an extension that was there.
  if (words.is("EXTENSION")) return Treatment::leave_out;
  return treatment_of_object(words) == Treatment::run ? Treatment::run : Treatment::leave_out;
}

/// SET and RESET. Who loads the file is nobody's choice but the caller's.
Treatment treatment_of_setting(Words& words) {
  words.skip_any({"LOCAL"});
  if (words.is("ROLE")) return Treatment::leave_out;
  const bool is_user = words.is("SESSION") && words.is("AUTHORIZATION", 1);
  if (is_user || words.is("session_authorization")) return Treatment::leave_out;
  static_cast<void>(words.accept("SESSION"));
  return words.is("ROLE") ? Treatment::leave_out : Treatment::run;
}

/// pg_dump sets the path so, the positions of sequences, and makes large objects.
Treatment treatment_of_select(Words& words) {
  if (!words.accept("pg_catalog") || !words.accept(".")) return Treatment::code;
  if (words.is("setval") || words.begins("lo")) return Treatment::leave_out;
  constexpr std::size_t size = 8;
  const bool sets = words.is("set_config") && words.left() == size && words.is("(", 1) && words.is_string(2) &&
                    words.is(",", 3) && words.is_string(4) && words.is(",", 5) &&
                    (words.is("false", 6) || words.is("true", 6)) && words.is(")", 7);
  return sets ? Treatment::run : Treatment::code;
}

Treatment treatment_of_copy(const Words& words) {
  return words.has("FROM", "STDIN") || words.has("TO", "STDOUT") ? Treatment::leave_out : Treatment::refuse;
}

}  // namespace

Treatment treatment_of(std::string_view statement) {
  Words words(statement);
  if (words.accept("CREATE")) return treatment_of_create(words);
  if (words.accept("ALTER") || words.accept("DROP")) return treatment_of_alter(words);
  if (words.accept("COMMENT")) return treatment_of_comment(words);
  if (words.accept("SET") || words.accept("RESET")) return treatment_of_setting(words);
  if (words.accept("SELECT")) return treatment_of_select(words);
  if (words.accept("COPY")) return treatment_of_copy(words);
  if (words.is_any({"WITH", "VALUES", "DO", "CALL"})) return Treatment::code;
  if (words.is_any({"GRANT", "REVOKE", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "REFRESH", "LOCK", "ANALYZE",
                    "VACUUM", "CLUSTER", "REINDEX", "SECURITY"})) {
    return Treatment::leave_out;
  }
  if (words.is_any({"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"})) {
    return words.is("PREPARED", 1) ? Treatment::refuse : Treatment::run;
  }
  return Treatment::refuse;
}

bool makes_routine(std::string_view statement) {
  Words words(statement);
  if (!words.accept("CREATE")) return false;
  words.skip_any({"OR", "REPLACE"});
  return words.is_any({"FUNCTION", "PROCEDURE"});
}

std::string trigger_function(std::string_view statement) {
  Words words(statement);
  if (!words.accept("CREATE")) return {};
  words.skip_any({"OR", "REPLACE", "CONSTRAINT"});
  if (!words.accept("TRIGGER")) return {};
  while (words.left() > 0 && !(words.is("EXECUTE") && (words.is("FUNCTION", 1) || words.is("PROCEDURE", 1)))) {
    words.skip();
  }
  if (words.left() < 3) return {};
  return words.text(2) + (words.is(".", 3) ? '.' + words.text(4) : "");
}

std::string_view connected_to(std::string_view command) {
  for (const std::string_view name : {"\\connect", "\\c"}) {
    if (!command.starts_with(name)) continue;
    const std::string_view rest = command.substr(name.size());
    if (rest.empty() || rest.front() == ' ' || rest.front() == '\t') return rest;
  }
  return {};
}

// https://www.postgresql.org/docs/current/app-psql.html
Treatment treatment_of_command(std::string_view command) {
  const std::string_view name = command.substr(1, command.find_first_of(" \t\r") - 1);
  constexpr std::string_view harmless[] = {"connect", "c",    "restrict", "unrestrict", "set",  "unset",    "echo",
                                           "qecho",   "warn", "pset",     "timing",     "copy", "encoding", "conninfo"};
  return std::find(std::begin(harmless), std::end(harmless), name) == std::end(harmless) ? Treatment::refuse
                                                                                         : Treatment::leave_out;
}

}  // namespace whimbrel::dialect::postgres
