#include "dialect/sqlite/inspect/quoted_strings.h"

#include <algorithm>
#include <set>
#include <utility>

#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

using Positions = std::set<std::size_t>;

/// Returns the numbers of the tokens in double quotes.
Positions in_double_quotes(const std::vector<sql::Token>& tokens) {
  Positions positions;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_quoted = tokens[i].kind == sql::TokenKind::quoted_identifier && tokens[i].text.front() == '"';
    if (is_quoted) positions.insert(i);
  }
  return positions;
}

/// Returns the text with some of its tokens in other quotes.
std::string requoted(const std::string& text, const std::vector<sql::Token>& tokens, const Positions& positions,
                     char quote) {
  std::string result;
  std::size_t end = 0;
  for (const std::size_t i : positions) {
    result += text.substr(end, tokens[i].offset - end) + sql::quoted(tokens[i].value(), quote);
    end = tokens[i].end();
  }
  return result + text.substr(end);
}

/// Returns which texts in double quotes are strings: those that cannot be read in backticks, which always contain a
/// name.
template <class IsReadable>
std::optional<Positions> strings_in(const std::string& text, IsReadable is_readable) {
  const std::vector<sql::Token> tokens = sql::tokenize(text, sqlite_syntax);
  Positions quoted = in_double_quotes(tokens);
  // The message of RAISE, which may also be a word, or in backticks or brackets.
  Positions strings;
  for (std::size_t i = 4; i < tokens.size(); ++i) {
    if (tokens[i - 4].is("RAISE") && tokens[i - 3].is("(") && tokens[i - 1].is(",")) strings.insert(i);
  }
  for (const std::size_t i : strings) quoted.erase(i);
  if (quoted.empty() || is_readable(requoted(text, tokens, quoted, '`'))) return strings;
  if (!is_readable(text)) return std::nullopt;
  for (const std::size_t i : quoted) {
    if (!is_readable(requoted(text, tokens, {i}, '`'))) strings.insert(i);
  }
  return strings;
}

/// The expressions of a table, by what contains them.
std::vector<std::pair<std::string, std::string>> expressions(const model::Table& table) {
  std::vector<std::pair<std::string, std::string>> result;
  const auto add = [&](const std::string& kind, const std::string& name, const std::string& text) {
    if (text.find('"') != std::string::npos) result.emplace_back(kind + " \"" + name + '"', text);
  };
  for (const model::Index& index : table.indexes) {
    add("index", index.name.text, index.where);
    for (const model::KeyPart& part : index.columns) {
      add("index", index.name.text,
          part.expression.empty() ? sql::quote_identifier(part.column, sqlite_syntax) : part.expression);
    }
  }
  for (const model::Check& check : table.checks) add("check constraint", check.name.text, check.expression);
  for (const model::Column& column : table.columns) {
    if (column.computed) add("generated column", column.name, column.computed->expression);
  }
  return result;
}

/// Returns the numbers of the tokens of a view or a trigger that are strings in double quotes, or messages of RAISE.
std::optional<Positions> quoted_strings(Connection& scratch, const StoredStatement& definition) {
  const auto is_readable = [&](const std::string& sql) {
    scratch.run("SAVEPOINT try_quotes");
    bool is_read = false;
    try {
      scratch.run("DROP " + definition.kind + " IF EXISTS " + sql::quote_identifier(definition.name, sqlite_syntax));
      scratch.run(sql);
      is_read = !error_of(scratch, definition.kind, definition.name);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
    }
    scratch.run("ROLLBACK TO try_quotes; RELEASE try_quotes");
    return is_read;
  };
  return strings_in(definition.sql, is_readable);
}

}  // namespace

std::optional<std::string> with_single_quotes(Connection& scratch, const StoredStatement& definition) {
  const std::optional<Positions> strings = quoted_strings(scratch, definition);
  if (!strings) return std::nullopt;
  return requoted(definition.sql, sql::tokenize(definition.sql, sqlite_syntax), *strings, '\'');
}

std::optional<std::string> error_over(Connection& scratch, const model::Table& table, const std::string& expression) {
  sql::Writer query(sqlite_syntax);
  query.raw("SELECT (").raw(expression).raw("\n) FROM (SELECT NULL AS rowid");
  for (const model::Column& column : table.columns) {
    if (!same_name(column.name, "rowid")) query.raw(", NULL AS ").identifier(column.name);
  }
  return compile_error(scratch, query.raw(") AS ").identifier(table.name.name).take());
}

std::optional<ChangedReading> find_changed_reading(Connection& scratch, const model::Table& as_string,
                                                   const model::Table& as_name) {
  const auto kept = expressions(as_name);
  const auto strings_over = [&](const model::Table& table, const std::string& text) {
    return strings_in(text, [&](const std::string& changed) { return !error_over(scratch, table, changed); });
  };
  for (const auto& item : expressions(as_string)) {
    const auto& [reader, text] = item;
    const auto is_kept = [&](const auto& other) { return other.second == item.second; };
    if (std::none_of(kept.begin(), kept.end(), is_kept)) continue;
    const std::optional<Positions> strings = strings_over(as_string, text);
    if (!strings || strings->empty()) continue;
    const std::optional<Positions> left = strings_over(as_name, text);
    if (!left) continue;
    for (const std::size_t i : *strings) {
      if (!left->contains(i)) return ChangedReading{reader, sql::tokenize(text, sqlite_syntax)[i].value()};
    }
  }
  return std::nullopt;
}

}  // namespace whimbrel::dialect::sqlite
