#include "dialect/postgres/guard/script_rules.h"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"
#include "sql/token_reader.h"

namespace whimbrel::dialect::postgres {

namespace {

/// The tokens of a statement, and a position in them.
class Words : public sql::TokenReader {
 public:
  explicit Words(std::string_view statement) : TokenReader(statement, postgres_syntax) {}

  /// Returns the name in lower case, unless it is quoted.
  [[nodiscard]] std::string name(std::size_t ahead = 0) const {
    if (ahead >= left()) return {};
    const sql::Token& token = rest()[ahead];
    return token.kind == sql::TokenKind::word ? sql::to_lower(token.text) : token.value();
  }
  [[nodiscard]] bool begins(std::string_view beginning) const {
    return left() > 0 && sql::to_lower(rest().front().text).starts_with(beginning);
  }
  [[nodiscard]] std::string text(std::size_t ahead) const {
    return ahead < left() ? std::string(rest()[ahead].text) : std::string();
  }
  /// Returns whether the rest is only `... OWNER TO name`, and not the new name of something named owner.
  [[nodiscard]] bool only_changes_owner() const {
    if (left() < 4 || !is("OWNER", left() - 3) || !is("TO", left() - 2) || has_outside(",")) return false;
    const auto before = [&](std::string_view word) { return is(word, left() - 4); };
    return !before("RENAME") && !before("COLUMN") && !before("ATTRIBUTE") && !before("CONSTRAINT");
  }
  /// Returns whether the rest contains the word outside of parentheses.
  [[nodiscard]] bool has_outside(std::string_view word) const {
    int depth = 0;
    for (std::size_t i = 0; i < left(); ++i) {
      if (depth == 0 && is(word, i)) return true;
      depth += is("(", i) ? 1 : is(")", i) ? -1 : 0;
    }
    return false;
  }
  /// Returns whether the rest is a single call of a name, without calls in its arguments.
  [[nodiscard]] bool is_plain_call() const {
    if (left() < 3 || !is("(", 1) || !is(")", left() - 1)) return false;
    for (std::size_t i = 2; i + 1 < left(); ++i) {
      if (is("(", i) || is(")", i)) return false;
    }
    return true;
  }
  /// Returns the position of the words if the statement ends with them; otherwise `otherwise`.
  [[nodiscard]] std::size_t end_before(std::initializer_list<std::string_view> last, std::size_t otherwise) const {
    if (last.size() > left()) return otherwise;
    const std::span<const sql::Token> end = rest().last(last.size());
    const bool ends = std::equal(last.begin(), last.end(), end.begin(),
                                 [](std::string_view word, const sql::Token& token) { return token.is(word); });
    return ends ? end.front().offset : otherwise;
  }
  /// Returns whether the rest contains the two words in sequence.
  [[nodiscard]] bool has_pair(std::string_view first, std::string_view second) const {
    for (std::size_t i = 0; i + 1 < left(); ++i) {
      if (is(first, i) && is(second, i + 1)) return true;
    }
    return false;
  }
};

/// Decides by the object of CREATE, ALTER, DROP and COMMENT ON.
Treatment treatment_of_object(const Words& words) {
  if (words.is_any({"TABLE",     "VIEW",      "INDEX",   "SEQUENCE",  "TYPE",       "DOMAIN",     "SCHEMA",
                    "FUNCTION",  "PROCEDURE", "ROUTINE", "TRIGGER",   "RULE",       "AGGREGATE",  "OPERATOR",
                    "CAST",      "COLLATION", "POLICY",  "TEXT",      "STATISTICS", "CONVERSION", "EXTENSION",
                    "TRANSFORM", "LANGUAGE",  "COLUMN",  "CONSTRAINT"})) {
    return Treatment::run;
  }
  // These are not compared, and some can be created only by a superuser.
  if (words.is_any({"DATABASE", "PUBLICATION", "EVENT", "LARGE", "ACCESS"})) return Treatment::leave_out;
  return Treatment::refuse;
}

Treatment treatment_of_create(Words& words) {
  words.skip_any({"OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "RECURSIVE",
                  "MATERIALIZED", "TRUSTED", "PROCEDURAL", "DEFAULT"});
  // CREATE SCHEMA can also grant privileges in it.
  if (words.is("SCHEMA") && words.has("GRANT")) return Treatment::refuse;
  return treatment_of_object(words);
}

Treatment treatment_of_alter(Words& words) {
  words.skip_any({"MATERIALIZED", "PROCEDURAL"});
  if (words.is("DEFAULT") || words.only_changes_owner()) return Treatment::leave_out;
  return treatment_of_object(words);
}

Treatment treatment_of_comment(Words& words) {
  words.accept("ON");
  words.skip_any({"MATERIALIZED", "PROCEDURAL"});
  // The role that loads the file need not own an existing extension.
  if (words.is("EXTENSION")) return Treatment::leave_out;
  return treatment_of_object(words) == Treatment::run ? Treatment::run : Treatment::leave_out;
}

/// In these encodings, ASCII bytes have no other meaning. In SJIS, BIG5 and the like, the server could treat a
/// backslash as half of a character.
bool is_transparent_encoding(std::string_view value) {
  std::string name;
  for (const char c : sql::to_lower(value)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) name += c;
  }
  constexpr std::string_view beginnings[] = {"utf",       "unicode", "latin", "iso8859", "win12",
                                             "windows12", "koi8",    "euc",   "sqlascii"};
  return std::any_of(std::begin(beginnings), std::end(beginnings),
                     [&](std::string_view beginning) { return name.starts_with(beginning); });
}

/// Decides by the name of a setting and its value.
Treatment treatment_of_value(const std::string& name, const std::string& spelled) {
  const std::string value = sql::to_lower(spelled);
  if (name == "client_encoding") return is_transparent_encoding(value) ? Treatment::session : Treatment::code;
  if (name != "standard_conforming_strings") return Treatment::session;
  const bool is_on = value == "on" || value == "true" || value == "yes" || value == "1";
  return is_on ? Treatment::session : Treatment::code;
}

/// Decides for SET and RESET. Only the caller chooses the role that loads the file, however the setting is spelled.
Treatment treatment_of_setting(Words& words) {
  if (words.is("SESSION") && words.is("CHARACTERISTICS", 1)) return Treatment::session;
  if (words.is("LOCAL") || (words.is("SESSION") && !words.is("AUTHORIZATION", 1))) words.skip();
  if (words.is("SESSION") && words.is("AUTHORIZATION", 1)) return Treatment::leave_out;
  const std::string name = sql::to_lower(words.name());
  if (name == "role" || name == "session_authorization") return Treatment::leave_out;
  if (words.is("NAMES")) return treatment_of_value("client_encoding", words.name(1));
  if (words.is("TIME", 0) && words.is("ZONE", 1)) return Treatment::session;
  if (words.is("XML", 0) && words.is("OPTION", 1)) return Treatment::session;
  if (words.is_any({"TRANSACTION", "CONSTRAINTS", "SCHEMA", "ALL"})) return Treatment::session;
  if (words.left() == 1) return treatment_of_value(name, {});
  if (words.is("=", 1) || words.is("TO", 1)) return treatment_of_value(name, words.name(2));
  return words.is(".", 1) ? Treatment::session : Treatment::refuse;
}

/// pg_dump sets the search path and the values of sequences in this way, and creates large objects.
Treatment treatment_of_select(Words& words) {
  if (!words.accept("pg_catalog") || !words.accept(".") || !words.is_plain_call()) return Treatment::code;
  if (words.is("setval") || words.begins("lo")) return Treatment::leave_out;
  return words.is("set_config") && words.text(2) == "'search_path'" ? Treatment::session : Treatment::code;
}

Treatment treatment_of_copy(const Words& words) {
  return words.has_pair("FROM", "STDIN") || words.has_pair("TO", "STDOUT") ? Treatment::leave_out : Treatment::refuse;
}

/// Without ON, it makes a role a member of another.
Treatment treatment_of_grant(Words& words) {
  while (words.left() > 0 && !words.accept("ON")) words.skip();
  const bool is_outside =
      words.left() == 0 || words.is_any({"DATABASE", "FOREIGN", "LANGUAGE", "LARGE", "PARAMETER", "TABLESPACE"});
  return is_outside ? Treatment::leave_out : Treatment::privilege;
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
  if (words.accept("GRANT") || words.accept("REVOKE")) return treatment_of_grant(words);
  if (words.is_any({"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "REFRESH", "LOCK", "ANALYZE", "VACUUM",
                    "CLUSTER", "REINDEX", "SECURITY"})) {
    return Treatment::leave_out;
  }
  if (words.is_any({"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"})) {
    return words.is("PREPARED", 1) ? Treatment::refuse : Treatment::session;
  }
  return Treatment::refuse;
}

bool sets_time_limit(std::string_view statement) {
  Words words(statement);
  if (!words.accept("SET")) return false;
  words.skip_any({"SESSION", "LOCAL"});
  return words.name().ends_with("_timeout");
}

std::string without_rows(std::string_view statement) {
  Words words(statement);
  if (!words.accept("CREATE")) return std::string(statement);
  words.skip_any({"GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED"});
  const bool is_of_query = (words.is("TABLE") && words.has_outside("AS")) || words.is("MATERIALIZED");
  if (!is_of_query) return std::string(statement);
  const std::size_t end =
      words.end_before({"WITH", "NO", "DATA"}, words.end_before({"WITH", "DATA"}, statement.size()));
  return std::string(statement.substr(0, end)) + "\nWITH NO DATA";
}

std::string_view named_of(std::string_view statement, const std::set<std::string>& names) {
  const sql::Token* before = nullptr;
  const std::vector<sql::Token> tokens = sql::tokenize(statement, postgres_syntax);
  for (const sql::Token& token : tokens) {
    const bool is_word = token.kind == sql::TokenKind::word;
    const bool is_quoted = token.kind == sql::TokenKind::quoted_identifier;
    const bool is_escaped = is_quoted && before != nullptr && before->is("&") && before->end() == token.offset;
    const std::string name = is_word ? sql::to_lower(token.text) : is_quoted ? token.value() : std::string();
    if (is_escaped || names.contains(name)) return token.text;
    before = &token;
  }
  return {};
}

bool makes_routine(std::string_view statement) {
  Words words(statement);
  if (!words.accept("CREATE")) return false;
  words.skip_any({"OR", "REPLACE"});
  return words.is_any({"FUNCTION", "PROCEDURE"});
}

bool changes_extension(std::string_view statement) {
  Words words(statement);
  return (words.accept("CREATE") || words.accept("ALTER")) && words.is("EXTENSION");
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
