#include "dialect/mysql/text/program_session.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "dialect/mysql/text/session_settings.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Returns the value that is assigned to the variable; empty: none is.
std::string assigned(std::string_view session, std::string_view variable) {
  const std::vector<sql::Token> tokens = sql::tokenize(session, mysql_syntax);
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (tokens[i].is(variable)) return tokens[i + 2].value();
  }
  return {};
}

bool is_excluded(std::string_view mode) {
  return std::find(std::begin(excluded_modes), std::end(excluded_modes), mode) != std::end(excluded_modes);
}

/// Returns the modes in which the same text means something else.
std::set<std::string> reading_modes(std::string_view session) {
  const std::string modes = assigned(session, "sql_mode");
  std::set<std::string> found;
  for (const sql::Token& token : sql::tokenize(modes, mysql_syntax)) {
    if (is_excluded(token.text)) found.insert(std::string(token.text));
  }
  return found;
}

/// The catalog stores one of them under another name than the one by which it is set.
std::string settable_modes(std::string_view sql_mode) {
  std::string modes;
  for (const sql::Token& token : sql::tokenize(sql_mode, mysql_syntax)) {
    modes += token.is("INVALID_DATES") ? "ALLOW_INVALID_DATES" : token.text;
  }
  return modes;
}

std::string assignment(const char* variable, std::string_view value) {
  return std::string(variable) + " = " + sql::quote_string(value, mysql_syntax);
}

}  // namespace

std::string program_session(std::string_view sql_mode, std::string_view time_zone, std::string_view collation) {
  std::string session = assignment("sql_mode", settable_modes(sql_mode));
  if (!time_zone.empty()) session += ", " + assignment("time_zone", time_zone);
  if (!collation.empty()) session += ", " + view_session(collation);
  return session;
}

std::string view_session(std::string_view collation) {
  return collation.empty() ? std::string() : assignment("collation_connection", collation);
}

std::string plain_session() { return "NAMES utf8mb4, " + program_session(script_modes, script_time_zone, {}); }

std::string readable_modes(std::string_view sql_mode) {
  std::string modes;
  for (const sql::Token& token : sql::tokenize(sql_mode, mysql_syntax)) {
    if (token.kind != sql::TokenKind::word || is_excluded(token.text)) continue;
    if (!modes.empty()) modes += ',';
    modes += token.text;
  }
  return modes;
}

bool means_the_same(std::string_view session, std::string_view other) {
  return session == other || (reading_modes(session) == reading_modes(other) &&
                              assigned(session, "time_zone") == assigned(other, "time_zone"));
}

bool has_backslash_in_double_quotes(std::string_view text) {
  const std::vector<sql::Token> tokens = sql::tokenize(text, mysql_syntax);
  return std::any_of(tokens.begin(), tokens.end(), [](const sql::Token& token) {
    return token.text.starts_with('"') && token.text.find('\\') != std::string_view::npos;
  });
}

std::string unreadable_mode(std::string_view session, std::string_view definition) {
  const std::set<std::string> modes = reading_modes(session);
  if (modes.contains("ORACLE")) return "ORACLE";
  if (modes.contains("NO_BACKSLASH_ESCAPES") && definition.find('\\') != std::string_view::npos) {
    return "NO_BACKSLASH_ESCAPES";
  }
  if (modes.contains("ANSI_QUOTES") && has_backslash_in_double_quotes(definition)) return "ANSI_QUOTES";
  return {};
}

bool quotes_names(std::string_view session) { return reading_modes(session).contains("ANSI_QUOTES"); }

}  // namespace whimbrel::dialect::mysql
