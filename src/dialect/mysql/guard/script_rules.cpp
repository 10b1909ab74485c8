#include "dialect/mysql/guard/script_rules.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "dialect/mysql/text/session_settings.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/table_places.h"
#include "sql/lexer.h"
#include "sql/token_reader.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using Words = sql::TokenReader;

void skip_options(Words& words) {
  while (words.left() > 0) {
    if (words.is("OR") && words.is("REPLACE", 1)) {
      words.skip(2);
    } else if (words.is("ALGORITHM") || (words.is("SQL") && words.is("SECURITY", 1))) {
      words.skip(words.is("=", 1) ? 3 : words.is("SQL") ? 3 : 2);
    } else if (words.is("DEFINER")) {
      words.skip(words.is("=", 1) ? 3 : 2);  // The user may be CURRENT_USER().
      if (words.is("(") && words.is(")", 1)) words.skip(2);
      if (words.accept("@")) words.skip();
    } else if (words.is_any(
                   {"TEMPORARY", "UNIQUE", "FULLTEXT", "SPATIAL", "ONLINE", "OFFLINE", "IGNORE", "AGGREGATE"})) {
      words.skip();
    } else {
      return;
    }
  }
}

/// After CREATE, ALTER, DROP or RENAME.
Treatment treatment_of_object(Words& words) {
  skip_options(words);
  if (words.is_any({"TABLE", "TABLES", "VIEW", "TRIGGER", "PROCEDURE", "EVENT", "INDEX", "SEQUENCE", "PACKAGE"})) {
    return Treatment::run;
  }
  // A function of a library can do anything.
  if (words.is("FUNCTION")) return words.has("SONAME") ? Treatment::refuse : Treatment::run;
  if (words.is_any({"DATABASE", "SCHEMA", "USER", "ROLE"})) return Treatment::leave_out;
  if (words.is("PREPARE")) return Treatment::run;
  return Treatment::refuse;
}

/// SET, whichever of its assignments it is.
Treatment treatment_of_setting(const Words& words) {
  if (words.is_any({"PASSWORD", "ROLE", "DEFAULT", "RESOURCE"})) return Treatment::leave_out;
  if (words.is("STATEMENT")) return Treatment::refuse;  // MariaDB's, which runs any statement.
  // A password and a role can also be set after other assignments.
  const auto is_of_server = [](const sql::Token& token) {
    return token.is("GLOBAL") || token.is("PERSIST") || token.is("PERSIST_ONLY") || token.is("sql_log_bin") ||
           token.is("PASSWORD") || token.is("ROLE");
  };
  const auto tokens = words.rest();
  const bool is_outside = std::any_of(tokens.begin(), tokens.end(), is_of_server);
  return is_outside ? Treatment::leave_out : Treatment::session;
}

}  // namespace

Treatment treatment_of(std::string_view statement) {
  Words words(statement, mysql_syntax);
  if (words.left() == 0) return Treatment::leave_out;
  if (words.accept("CREATE") || words.accept("ALTER") || words.accept("DROP") || words.accept("RENAME")) {
    return treatment_of_object(words);
  }
  // Ours, for tables that keep the history of their rows.
  if (words.is("SET") && words.is("STATEMENT", 1) && words.is("system_versioning_alter_history", 2)) {
    while (words.left() > 0 && !words.accept("FOR")) words.skip();
    return words.accept("ALTER") ? treatment_of_object(words) : Treatment::refuse;
  }
  if (words.accept("SET")) return treatment_of_setting(words);
  if (words.is_any({"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES", "TRUNCATE", "DO", "(", "TABLE",
                    "EXPLAIN", "DESCRIBE", "DESC", "SHOW", "CHECK", "ANALYZE", "OPTIMIZE", "CHECKSUM"})) {
    return Treatment::rows;
  }
  if (words.is("CALL")) return Treatment::program;
  if (words.accept("BEGIN")) {
    words.skip_any({"WORK"});
    return words.left() == 0 ? Treatment::session : Treatment::program;
  }
  if (words.is_any({"START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"})) {
    const bool is_replication = words.is("START") && !words.is("TRANSACTION", 1);
    return is_replication ? Treatment::refuse : Treatment::session;
  }
  if (words.is_any({"USE", "GRANT", "REVOKE", "LOCK", "UNLOCK", "FLUSH", "CHANGE"})) return Treatment::leave_out;
  // What a dump asks about settings of its own. Their text may be any statement.
  if (words.is_any({"PREPARE", "EXECUTE", "DEALLOCATE"})) return Treatment::leave_out;
  return Treatment::refuse;
}

// Reserved words, which are names only after a dot.
bool lacks_end(std::string_view statement) {
  Words words(statement, mysql_syntax);
  if (words.is("GRANT") || words.is("REVOKE")) {
    while (words.left() > 0 && !words.is("TO") && !words.is("FROM")) words.skip();
  }
  words.skip(words.is("SHOW") ? 2 : 1);
  const auto tokens = words.rest();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool begins =
        tokens[i].is("CREATE") || tokens[i].is("ALTER") || tokens[i].is("DROP") || tokens[i].is("RENAME");
    const bool is_name = i > 0 && (tokens[i - 1].is(".") || tokens[i - 1].is("@"));
    const bool is_histogram = i + 1 < tokens.size() && tokens[i + 1].is("HISTOGRAM");
    if (begins && !is_name && !is_histogram) return true;
  }
  return false;
}

std::string_view dynamic_text(std::string_view statement) {
  Words words(statement, mysql_syntax);
  const bool is_prepared = words.is("PREPARE") && words.is("FROM", 2);
  if (!is_prepared && !(words.is("EXECUTE") && words.is("IMMEDIATE", 1))) return {};
  words.skip(is_prepared ? 3 : 2);
  if (words.left() == 0) return {};
  const std::size_t begin = words.rest().front().offset;
  return statement.substr(begin, words.rest().back().end() - begin);
}

std::string named_database(std::string_view statement) {
  Words words(statement, mysql_syntax);
  if (words.accept("USE")) return words.left() == 0 ? "" : words.rest().front().value();
  if (!words.accept("CREATE")) return {};
  skip_options(words);
  if (!words.accept("DATABASE") && !words.accept("SCHEMA")) return {};
  words.skip_any({"IF", "NOT", "EXISTS"});
  return words.left() == 0 ? "" : words.rest().front().value();
}

namespace {

/// The server may read the text of such a comment, or skip it.
bool has_conditional_comment(std::string_view statement) {
  return statement.find("/*!") != std::string_view::npos || statement.find("/*M!") != std::string_view::npos;
}

/// Double quotes can enclose names, if the statement comes from such a session.
bool may_be_name(const sql::Token& token) {
  return token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier ||
         token.text.starts_with('"');
}

/// Returns whether the name stands somewhere by itself, as that of a table and an alias do.
bool has_relation(const std::vector<sql::Token>& tokens, const std::string& name) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_qualifier = i + 1 < tokens.size() && tokens[i + 1].text.starts_with('.');
    if (!is_qualifier && may_be_name(tokens[i]) && sql::equal_ignoring_case(tokens[i].value(), name)) return true;
  }
  return false;
}

/// Returns whether the word is a name because of what follows it, which cannot continue a statement that begins so.
bool is_name_before(const sql::Token& word, const sql::Token* next) {
  if (next == nullptr) return !word.is("SHUTDOWN");
  constexpr auto after_names = std::to_array<std::string_view>(
      {",",     ")",     "=",     "<",     ">",   "<=",   ">=",   "<>",   "!=",   "+",     "*",      "/",      "%",
       "AS",    "FROM",  "WHERE", "AND",   "OR",  "IS",   "IN",   "NOT",  "ON",   "LIKE",  "JOIN",   "INNER",  "LEFT",
       "RIGHT", "GROUP", "ORDER", "LIMIT", "ASC", "DESC", "THEN", "ELSE", "WHEN", "UNION", "HAVING", "BETWEEN"});
  return std::any_of(after_names.begin(), after_names.end(), [&](std::string_view text) { return next->is(text); });
}

bool is_word_of(const sql::Token& token, std::initializer_list<std::string_view> words) {
  return token.kind == sql::TokenKind::word &&
         std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is(word); });
}

}  // namespace

std::string database_in(std::string_view statement, const std::set<std::string>& databases) {
  const std::vector<sql::Token> tokens = sql::tokenize(statement, mysql_syntax);
  const bool is_certain = !has_conditional_comment(statement);
  TablePlaces places(tokens);
  for (std::size_t i = 0; i + 1 < tokens.size(); places.pass(), ++i) {
    const bool is_first = i == 0 || !tokens[i - 1].is(".");
    if (!is_first || !may_be_name(tokens[i]) || !tokens[i + 1].text.starts_with('.')) continue;
    std::string name = tokens[i].value();
    if (!databases.contains(sql::to_lower(name))) continue;
    const bool is_column = is_certain && !is_qualified_by_database(tokens, i, places.can_be_table());
    if (!is_column || !has_relation(tokens, name)) return name;
  }
  return {};
}

bool has_hidden_reach(std::string_view statement) {
  const std::vector<sql::Token> tokens = sql::tokenize(statement, mysql_syntax);
  const bool is_certain = !has_conditional_comment(statement);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    // Reserved words, which are no names.
    if (is_word_of(tokens[i], {"OUTFILE", "KILL", "GRANT", "REVOKE"})) return true;
    const bool may_reach = is_word_of(tokens[i], {"PREPARE", "EXECUTE", "DUMPFILE", "LOAD_FILE", "SONAME", "GLOBAL",
                                                  "PERSIST", "PERSIST_ONLY", "SHUTDOWN", "INSTALL", "UNINSTALL"});
    const sql::Token* const next = i + 1 < tokens.size() ? &tokens[i + 1] : nullptr;
    if (may_reach && !(is_certain && is_name_before(tokens[i], next))) return true;
  }
  return false;
}

void require_inside(std::string_view statement, const std::set<std::string>& others) {
  // Ours: it only reads what is not of the session.
  if (statement == std::string("SET ") + server_time_zone) return;
  std::string why;
  if (const std::string other = database_in(statement, others); !other.empty()) {
    why = "it names the database \"" + other + "\"";
  } else {
    const Treatment treatment = treatment_of(statement);
    const bool is_inside = treatment == Treatment::run || treatment == Treatment::session ||
                           treatment == Treatment::rows || treatment == Treatment::program;
    if (is_inside && !has_hidden_reach(statement)) return;
    why = "it is not limited to the tables of a database";
  }
  throw Error(ErrorKind::unsafe, "The statement is not allowed in a scratch database: " + why + '.')
      .with_statement(std::string(statement));
}

namespace {

bool creates_event(const Words& statement) {
  Words words = statement;
  if (!words.accept("CREATE") && !words.accept("ALTER")) return false;
  skip_options(words);
  return words.is("EVENT");
}

}  // namespace

void require_apart(std::string_view statement, const std::set<std::string>& others, bool are_events_run) {
  if (const std::string other = database_in(statement, others); !other.empty()) {
    throw Error(ErrorKind::unsafe, "The statement of the file is refused: it names the database \"" + other +
                                       "\", which every user of the server can change.")
        .with_remedy(
            "Remove the name of the database, or take such privileges away: a default installation gives them "
            "to all users for `test` and `test\\_%` (table mysql.db).")
        .with_statement(std::string(statement));
  }
  Words words(statement, mysql_syntax);
  if (!are_events_run || !creates_event(words)) return;
  words.skip();
  const auto tokens = words.rest();
  const bool is_more = std::any_of(tokens.begin(), tokens.end(), [](const sql::Token& token) {
    return is_word_of(token, {"CALL", "CREATE", "ALTER", "DROP", "RENAME", "PASSWORD"});
  });
  if (!is_more && !has_hidden_reach(statement)) return;
  throw Error(ErrorKind::unsafe,
              "The event is refused: the server would run it, and its user may have privileges outside the scratch "
              "database.")
      .with_remedy(
          "Compare a server on which event_scheduler is OFF, or create a database from the file yourself, and "
          "compare that.")
      .with_statement(std::string(statement));
}

// The clause of partitions can be in a comment that only the server reads.
bool may_name_directory(std::string_view statement) {
  if (sql::to_lower(statement).find("directory") == std::string::npos) return false;
  Words words(statement, mysql_syntax);
  if (!words.accept("CREATE") && !words.accept("ALTER")) return false;
  skip_options(words);
  return words.is("TABLE");
}

bool is_scratch_name(std::string_view database) { return database.starts_with("whimbrel_scratch_"); }

std::string without_definer(std::string_view statement) {
  const std::vector<sql::Token> tokens = sql::tokenize(statement, mysql_syntax);
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    // It stands before the kind of object, so a body cannot be meant.
    if (tokens[i].is("VIEW") || tokens[i].is("TRIGGER") || tokens[i].is("FUNCTION") || tokens[i].is("PROCEDURE") ||
        tokens[i].is("EVENT") || tokens[i].is("TABLE")) {
      break;
    }
    if (!tokens[i].is("DEFINER") || !tokens[i + 1].is("=")) continue;
    std::size_t last = i + 2;
    if (last + 2 < tokens.size() && tokens[last + 1].is("(")) last += 2;
    if (last + 2 < tokens.size() && tokens[last + 1].is("@")) last += 2;
    const std::size_t end = last + 1 < tokens.size() ? tokens[last + 1].offset : statement.size();
    return std::string(statement.substr(0, tokens[i].offset)) + std::string(statement.substr(end));
  }
  return std::string(statement);
}

}  // namespace whimbrel::dialect::mysql
