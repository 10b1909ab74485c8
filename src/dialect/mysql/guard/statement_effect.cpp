#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

// The questions of the journal: what a statement can change, and whether it has.

namespace whimbrel::dialect::mysql {

namespace {

using Tokens = std::vector<sql::Token>;

template <std::size_t size>
bool is_any(const sql::Token& token, const std::array<std::string_view, size>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is(word); });
}

bool has(const Tokens& tokens, std::string_view word) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) { return token.is(word); });
}

/// Returns whether the statement may name accounts without quotes. A variable may also follow a word: `SELECT@n`.
bool names_accounts(const Tokens& tokens) {
  static constexpr std::array<std::string_view, 4> first_words = {"CREATE", "ALTER", "DROP", "RENAME"};
  if (tokens.empty() || tokens.front().is("GRANT") || tokens.front().is("REVOKE")) return true;
  return is_any(tokens.front(), first_words) && (has(tokens, "USER") || has(tokens, "ROLE") || has(tokens, "DEFINER"));
}

/// Returns whether the statement reads or sets a user variable, which ends with the session. A system variable has two
/// @; and an account has one directly after its name.
bool uses_variables(const Tokens& tokens, std::string_view statement) {
  const bool has_accounts = names_accounts(tokens);
  return std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    const char before = token.offset > 0 ? statement[token.offset - 1] : ' ';
    const bool is_name = has_accounts && (std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_');
    const bool is_second = is_name || before == '@' || before == '`' || before == '\'' || before == '"';
    return token.text.starts_with('@') && !is_second && !statement.substr(token.offset).starts_with("@@");
  });
}

/// Returns whether the statement asks what the session did before.
bool asks_session(const Tokens& tokens) {
  static constexpr std::array<std::string_view, 5> functions = {"LAST_INSERT_ID", "LASTVAL", "ROW_COUNT", "FOUND_ROWS",
                                                                "CONNECTION_ID"};
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (is_any(tokens[i], functions) && tokens[i + 1].is("(")) return true;
  }
  return false;
}

/// Returns whether the statement only stores a body, which another one runs.
bool creates_program(const Tokens& tokens) {
  static constexpr std::array<std::string_view, 4> kinds = {"PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"};
  if (!tokens.front().is("CREATE")) return false;
  const auto kind = std::find_if(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    return is_any(token, kinds) || token.is("TABLE") || token.is("(");
  });
  return kind != tokens.end() && is_any(*kind, kinds);
}

/// Returns the names that may be those of objects: not those of a data type, or of what every definition has.
std::set<std::string> names_in(const Tokens& tokens) {
  static constexpr std::array<std::string_view, 34> others = {
      "ADD",     "AFTER",   "ALTER",      "AS",     "AUTO_INCREMENT", "CHANGE", "CHARACTER", "CHECK",
      "COLLATE", "COLUMN",  "CONSTRAINT", "CREATE", "DEFAULT",        "DELETE", "DROP",      "FOREIGN",
      "IN",      "INDEX",   "INT",        "KEY",    "MODIFY",         "NOT",    "NULL",      "ON",
      "OR",      "PRIMARY", "REFERENCES", "RENAME", "SELECT",         "SET",    "TABLE",     "TO",
      "UNIQUE",  "VARCHAR"};
  std::set<std::string> names;
  for (const sql::Token& token : tokens) {
    const bool is_quoted = token.kind == sql::TokenKind::quoted_identifier;
    if (is_quoted || (token.kind == sql::TokenKind::word && !is_any(token, others))) names.insert(token.value());
  }
  return names;
}

/// Returns the names with a qualifier, which may be another database, as they are written in SQL.
std::set<std::string> qualified_names_in(const Tokens& tokens) {
  const auto is_name = [](const sql::Token& token) {
    return token.kind == sql::TokenKind::quoted_identifier || token.kind == sql::TokenKind::word;
  };
  std::set<std::string> names;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (!is_name(tokens[i]) || !tokens[i + 1].is(".") || !is_name(tokens[i + 2])) continue;
    names.insert(quote_name(tokens[i].value()) + '.' + quote_name(tokens[i + 2].value()));
  }
  return names;
}

void add(std::string& state, const Rows::Data& rows) {
  for (const std::vector<Value>& row : rows.values) {
    for (const Value& value : row) {
      const Bytes* const bytes = std::get_if<Bytes>(&value.variant());
      if (bytes != nullptr) {
        state.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
      } else if (!value.is_null()) {
        state += value.text();
      }
      state += '\0';
    }
  }
}

/// Other sessions insert rows, too.
std::string without_next_number(std::string definition) {
  constexpr std::string_view option = " AUTO_INCREMENT=";
  const std::size_t begin = definition.rfind("\n)");
  if (begin == std::string::npos) return definition;
  const std::size_t found = definition.find(option, begin);
  if (found == std::string::npos) return definition;
  const std::size_t end = definition.find_first_not_of("0123456789", found + option.size());
  return definition.erase(found, std::min(end, definition.size()) - found);
}

/// What the catalog says of the same table depends on settings that a migration can change, and without which a later
/// run begins. Returns the statement that restores them.
std::string begin_plain_session(Connection& connection) {
  static constexpr std::array<const char*, 6> variables = {
      "time_zone",           "sql_mode", "sql_quote_show_create", "character_set_client", "character_set_results",
      "collation_connection"};
  std::string query;
  for (const char* const variable : variables) query += (query.empty() ? "SELECT @@" : ", @@") + std::string(variable);
  const std::vector<Value> values = connection.run(query).values.at(0);
  std::string restore;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Value& value = values.at(i);
    const bool is_text = std::holds_alternative<std::string>(value.variant());
    restore += (restore.empty() ? "SET " : ", ") + std::string(variables[i]) + " = " +
               (value.is_null() ? "NULL"
                : is_text       ? sql::quote_string(value.text(), mysql_syntax)
                                : value.text());
  }
  connection.run("SET " + plain_session() + ", sql_quote_show_create = 1");
  return restore;
}

/// Adds what the query says, or the number of its error: what exists, does not, or cannot be read.
void add_answer(std::string& state, Connection& connection, const std::string& query) {
  Rows::Data rows;
  try {
    rows = connection.run(query);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    state += std::to_string(error.native_code()) + '\0';
    return;
  }
  for (std::vector<Value>& row : rows.values) {
    for (Value& value : row) {
      if (std::holds_alternative<std::string>(value.variant())) value = without_next_number(value.text());
    }
  }
  add(state, rows);
}

std::string in_list(const std::set<std::string>& names) {
  sql::Writer writer(mysql_syntax);
  return writer.raw("IN (").list(names, [&](const std::string& name) { writer.string(name); }).raw(")").take();
}

/// Returns the name as that of a file, in which InnoDB keeps it on MySQL; none if it has characters for which MySQL's
/// manual does not say which code they have.
/// https://dev.mysql.com/doc/refman/8.4/en/identifier-mapping.html
std::optional<std::string> as_file_name(std::string_view name) {
  std::string text;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) return std::nullopt;
    if (std::isalnum(byte) != 0 || c == '_') {
      text += c;
    } else {
      text += {'@', '0', '0', "0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    }
  }
  return text;
}

/// Returns the query for the numbers of tables, which they keep under other names: two of the same definition may have
/// been exchanged. Their names are those of files; the number of a partition stands behind a #.
std::string query_for_numbers(Connection& connection, const Server& server, const std::set<std::string>& names) {
  std::vector<std::string> files;
  if (server.is_mariadb) {
    const auto encoded = [](const std::string& text) { return "CAST(convert(" + text + " USING filename) AS BINARY)"; };
    for (const std::string& name : names) {
      files.push_back("concat(" + encoded("database()") + ", '/', " + encoded(sql::quote_string(name, mysql_syntax)) +
                      ')');
    }
  } else if (const auto database = as_file_name(connection.run("SELECT database()").values.at(0).at(0).text())) {
    for (const std::string& name : names) {
      if (const auto file = as_file_name(name))
        files.push_back(sql::quote_string(*database + '/' + *file, mysql_syntax));
    }
  }
  if (files.empty()) files.emplace_back("NULL");
  sql::Writer query(mysql_syntax);
  query.raw("SELECT name, table_id FROM information_schema.")
      .raw(server.is_mariadb ? "INNODB_SYS_TABLES" : "INNODB_TABLES")
      .raw(" WHERE CAST(substring_index(name, '#', 1) AS BINARY) IN (");
  return query.list(files, [&](const std::string& file) { query.raw(file); }).raw(") ORDER BY name").take();
}

/// Returns whether the statement replaces a table by an empty one, which may have the same definition.
bool replaces_table(const Tokens& tokens) {
  if (tokens.empty()) return false;
  if (tokens.front().is("TRUNCATE")) return true;
  if (tokens.front().is("ALTER")) return has(tokens, "TRUNCATE");
  return tokens.size() > 3 && tokens[0].is("CREATE") && tokens[2].is("REPLACE") && tokens[3].is("TABLE");
}

/// Returns whether the statement only lets the server read a table again (generate/generator.cpp): it renames a column
/// to its own name.
bool renames_to_itself(const Tokens& tokens) {
  return tokens.size() == 8 && tokens[0].is("ALTER") && tokens[1].is("TABLE") && tokens[3].is("RENAME") &&
         tokens[4].is("COLUMN") && tokens[6].is("TO") && tokens[5].value() == tokens[7].value();
}

}  // namespace

// https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
StatementEffect effect(std::string_view statement) {
  static constexpr std::array<std::string_view, 9> reading_words = {"SELECT",   "VALUES", "TABLE",    "EXPLAIN", "DESC",
                                                                    "DESCRIBE", "SHOW",   "CHECKSUM", "HELP"};
  static constexpr std::array<std::string_view, 9> row_words = {"INSERT", "UPDATE", "DELETE",  "REPLACE", "WITH",
                                                                "DO",     "LOAD",   "HANDLER", "("};
  static constexpr std::array<std::string_view, 7> session_words = {"SET",       "USE",    "START",   "BEGIN",
                                                                    "SAVEPOINT", "COMMIT", "ROLLBACK"};
  static constexpr std::array<std::string_view, 12> unknown_words = {
      "PREPARE", "EXECUTE", "DEALLOCATE", "LOCK", "UNLOCK", "XA", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"};
  const Tokens tokens = sql::tokenize(statement, mysql_syntax);
  if (tokens.empty()) return StatementEffect::session;
  const bool has_second = tokens.size() > 1;
  if (has_second && tokens[0].is("SET") && tokens[1].is("STATEMENT")) {
    const auto inner =
        std::find_if(tokens.begin(), tokens.end(), [](const sql::Token& token) { return token.is("FOR"); });
    return inner == tokens.end() ? StatementEffect::unknown : effect(statement.substr(inner->end()));
  }
  if (has_second && tokens[0].is("BEGIN") && !tokens[1].is("WORK")) return StatementEffect::unknown;
  if (creates_program(tokens)) return StatementEffect::schema;
  if (is_any(tokens[0], unknown_words) || has(tokens, "TEMPORARY") || uses_variables(tokens, statement) ||
      asks_session(tokens)) {
    return StatementEffect::unknown;
  }
  if (is_any(tokens[0], reading_words) || renames_to_itself(tokens)) return StatementEffect::nothing;
  if (tokens[0].is("CALL")) return StatementEffect::program;
  if (is_any(tokens[0], row_words)) return StatementEffect::rows;
  const bool is_release = has_second && tokens[0].is("RELEASE") && tokens[1].is("SAVEPOINT");
  if (is_release || is_any(tokens[0], session_words)) return StatementEffect::session;
  return StatementEffect::schema;
}

namespace {

// One query for each name: information_schema would look at all tables. Each node of a cluster has its own numbers of
// tables, and the next run may use another node.
std::string state_of_names(Connection& connection, const Server& server, const Tokens& tokens) {
  const std::set<std::string> names = names_in(tokens);
  const bool drops_trigger = has(tokens, "DROP") && has(tokens, "TRIGGER");
  std::string state;
  for (const std::string& name : names) {
    const std::string quoted = quote_name(name);
    state += name + '\0';
    add_answer(state, connection, "SHOW CREATE TABLE " + quoted);
    if (drops_trigger) add_answer(state, connection, "SHOW CREATE TRIGGER " + quoted);
    if (!has(tokens, "TRIGGER")) continue;
    add_answer(state, connection,
               "SELECT TRIGGER_NAME, EVENT_MANIPULATION, ACTION_TIMING, ACTION_ORDER, ACTION_STATEMENT, DEFINER FROM "
               "information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = " +
                   sql::quote_string(name, mysql_syntax) + " ORDER BY 1");
  }
  for (const std::string& name : qualified_names_in(tokens)) {
    state += name + '\0';
    add_answer(state, connection, "SHOW CREATE TABLE " + name);
  }
  if (names.empty()) return state;
  const bool asks_numbers = has(tokens, "RENAME") || has(tokens, "EXCHANGE") || replaces_table(tokens);
  if (asks_numbers && !server.is_in_cluster) {
    add_answer(state, connection, query_for_numbers(connection, server, names));
  }
  if (has(tokens, "PROCEDURE") || has(tokens, "FUNCTION") || has(tokens, "PACKAGE")) {
    add_answer(state, connection,
               "SELECT ROUTINE_TYPE, ROUTINE_NAME, CREATED, LAST_ALTERED, ROUTINE_DEFINITION FROM "
               "information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME " +
                   in_list(names) + " ORDER BY 1, 2");
  }
  if (has(tokens, "EVENT")) {
    add_answer(state, connection,
               "SELECT EVENT_NAME, CREATED, LAST_ALTERED, STATUS, EVENT_DEFINITION FROM information_schema.EVENTS "
               "WHERE EVENT_SCHEMA = DATABASE() AND EVENT_NAME " +
                   in_list(names) + " ORDER BY 1");
  }
  return state;
}

}  // namespace

std::string catalog_state(Connection& connection, const Server& server, std::string_view statement) {
  const std::string restore = begin_plain_session(connection);
  try {
    std::string state = state_of_names(connection, server, sql::tokenize(statement, mysql_syntax));
    connection.run(restore);
    return state;
  } catch (...) {
    try {
      connection.run(restore);
    } catch (const std::exception&) {  // The first error says why.
    }
    throw;
  }
}

// Only several renames at once, and what replaces a table, can leave the same definitions under the same names.
bool tells_completion(Connection& connection, const Server& server, std::string_view statement) {
  const Tokens tokens = sql::tokenize(statement, mysql_syntax);
  const auto count = [&](std::string_view word) {
    return std::count_if(tokens.begin(), tokens.end(), [&](const sql::Token& token) { return token.is(word); });
  };
  const bool replaces = replaces_table(tokens);
  const bool exchanges = replaces || has(tokens, "EXCHANGE");
  if (!exchanges && !tokens.empty() && tokens.front().is("ALTER")) return count("CHANGE") + count("RENAME") < 2;
  if (!exchanges && (!has(tokens, "RENAME") || count("TO") < 2)) return true;
  // The numbers are those of the connection's database.
  if (server.is_in_cluster || !qualified_names_in(tokens).empty()) return false;
  std::set<std::string> tables;
  for (const std::string& name : names_in(tokens)) {
    std::string answer;
    add_answer(answer, connection, "SHOW CREATE TABLE " + quote_name(name));
    if (std::to_string(error_code::no_such_table) + '\0' != answer) tables.insert(name);
  }
  if (tables.empty()) return replaces;
  try {
    const Rows::Data numbers = connection.run(query_for_numbers(connection, server, tables));
    std::set<std::string> numbered;
    for (const std::vector<Value>& row : numbers.values)
      numbered.insert(row.at(0).text().substr(0, row.at(0).text().find('#')));
    return numbered.size() == tables.size();
  } catch (const Error& error) {  // Without the privilege PROCESS.
    if (error.kind() != ErrorKind::statement) throw;
    return false;
  }
}

}  // namespace whimbrel::dialect::mysql
