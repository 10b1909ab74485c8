#include "dialect/mysql/inspect/lost_characters.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "dialect/mysql/inspect/writing.h"
#include "dialect/mysql/text/character_set.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/type_text.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using model::Column;
using model::Table;

constexpr char mark = '?';
constexpr std::string_view marks = "????";  // One for each byte.

bool has_mark(std::string_view text) { return text.find(mark) != std::string_view::npos; }

bool is_lead_of_four(char c) { return (static_cast<unsigned char>(c) & 0xF8U) == 0xF0U; }

bool is_literal_with_mark(const Column& column) {
  const auto& value = column.default_expression;
  if (!value || !has_mark(*value)) return false;
  const std::vector<sql::Token> tokens = sql::tokenize(*value, mysql_syntax);
  return tokens.size() == 1 && tokens[0].kind == sql::TokenKind::string;
}

bool has_expression_with_mark(const Column& column) {
  if (column.computed && has_mark(column.computed->expression)) return true;
  return column.default_expression && has_mark(*column.default_expression) && !is_literal_with_mark(column);
}

/// Returns how long the text is at the beginning of `whole`, where a character may stand for marks; nullopt: another
/// text is there.
std::optional<std::size_t> matched(std::string_view whole, std::string_view text) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (at >= whole.size()) return std::nullopt;
    if (whole[at] == text[i]) {
      ++at, ++i;
    } else if (text[i] == mark && is_lead_of_four(whole[at])) {
      i += text.substr(i).starts_with(marks) ? marks.size() : 1;
      at += marks.size();
    } else {
      return std::nullopt;
    }
  }
  return at;
}

void restore(std::string& expression, std::string_view statement) {
  if (!has_mark(expression)) return;
  for (std::size_t at = 0; at < statement.size(); ++at) {
    const std::optional<std::size_t> length = matched(statement.substr(at), expression);
    if (!length) continue;
    expression = statement.substr(at, *length);
    return;
  }
}

std::string_view find_or_none(const std::map<std::string, std::string>& texts, const std::string& name) {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string_view() : found->second;
}

/// Returns whether the values of the column may have such characters.
bool has_them(const Column& column, const Table& table) {
  const std::string charset = character_set(column, table).name;
  return charset.empty() || lacks_characters(charset, "utf8mb3");
}

bool is_set(const Column& column) { return column.type.name.starts_with("set("); }

/// A temporary table with a column like this one.
class ColumnCopy {
 public:
  ColumnCopy(Connection& connection, const Table& table, const Column& column)
      : connection_(connection), column_(quote_name(column.name)) {
    try {
      connection_.run("CREATE TEMPORARY TABLE " + name_ + " AS SELECT " + column_ + " FROM " +
                      quote_name(table.name.name) + " LIMIT 0");
    } catch (const Error& error) {
      if (error.native_code() != error_code::database_denied) throw;
      throw Error(error).with_remedy(
          "Grant the user CREATE TEMPORARY TABLES on the database: only a temporary table tells whether ? in column " +
          column_ + " of table " + quote_name(table.name.name) +
          " stands for a character that the server does not show.");
    }
  }
  ColumnCopy(const ColumnCopy&) = delete;
  ColumnCopy& operator=(const ColumnCopy&) = delete;
  ~ColumnCopy() {
    try {
      connection_.run("DROP TEMPORARY TABLE " + name_);
    } catch (const Error&) {
      // It goes with the session.
    }
  }

  /// Returns the values of which the rows have these, each given as SQL.
  [[nodiscard]] std::vector<std::string> read(const std::vector<std::string>& values) {
    std::vector<std::string> read;
    for (const std::string& value : values) {
      connection_.run("DELETE FROM " + name_);
      connection_.run("INSERT INTO " + name_ + " VALUES (" + value + ')');
      const Rows::Data rows = connection_.run("SELECT " + column_ + " FROM " + name_);
      read.push_back(rows.values.at(0).at(0).text());
    }
    return read;
  }

 private:
  const std::string name_ = "whimbrel_values";
  Connection& connection_;
  std::string column_;
};

/// The values of an enum or a set with their numbers.
std::vector<std::string> read_values_of(Connection& connection, const Table& table, const Column& column,
                                        std::size_t count) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < count; ++i) {
    numbers.push_back(std::to_string(is_set(column) ? std::uint64_t{1} << i : i + 1));
  }
  return ColumnCopy(connection, table, column).read(numbers);
}

}  // namespace

bool may_lack_characters(const Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(), has_expression_with_mark) ||
         std::any_of(table.checks.begin(), table.checks.end(),
                     [](const model::Check& check) { return has_mark(check.expression); });
}

void restore_expressions(const TableDetails& details, Table& table) {
  for (Column& column : table.columns) {
    const std::string_view statement = find_or_none(details.columns, column.name);
    if (column.computed) restore(column.computed->expression, statement);
    if (column.default_expression && !is_literal_with_mark(column)) restore(*column.default_expression, statement);
  }
  for (model::Check& check : table.checks) {
    // One in the definition of a column is named after it.
    const std::string_view own = find_or_none(details.checks, check.name.text);
    restore(check.expression, own.empty() ? find_or_none(details.columns, check.name.text) : own);
  }
}

void restore_literals(Connection& connection, const Server& server, model::Schema& schema) {
  std::optional<Writing> writing;
  for (Table& table : schema.tables) {
    for (Column& column : table.columns) {
      const bool has_values = is_set(column) || !column.enum_values.empty();
      const std::vector<std::string> values = is_set(column) ? read_values(column.type.name) : column.enum_values;
      const bool is_values = has_values && std::any_of(values.begin(), values.end(), has_mark);
      if ((!is_values && !is_literal_with_mark(column)) || !has_them(column, table)) continue;
      if (!writing) writing.emplace(connection, server);
      if (is_values) {
        const std::vector<std::string> read = read_values_of(connection, table, column, values.size());
        if (is_set(column)) {
          std::string list;
          for (const std::string& value : read) list += (list.empty() ? "" : ",") + quote_text(value);
          column.type.name = "set(" + list + ')';
        } else {
          column.enum_values = read;
        }
      }
      if (is_literal_with_mark(column)) {
        column.default_expression = quote_text(ColumnCopy(connection, table, column).read({"DEFAULT"}).front());
      }
    }
  }
}

std::string with_literals(std::string statement, const Table& table) {
  std::optional<TableDetails> details;
  for (const Column& column : table.columns) {
    std::string values;
    for (const std::string& value : column.enum_values) values += (values.empty() ? "(" : ",") + quote_text(value);
    for (const std::string& text : {column.type.name, values, column.default_expression.value_or("")}) {
      const std::string shown = stored_comment(text);
      if (shown == text) continue;
      if (!details) details = read_details(statement);
      const std::string_view definition = find_or_none(details->columns, column.name);
      const std::size_t begin = definition.empty() ? std::string::npos : statement.find(definition);
      const std::size_t at = begin == std::string::npos ? begin : statement.find(shown, begin);
      if (at == std::string::npos || at + shown.size() > begin + definition.size()) continue;
      statement.replace(at, shown.size(), text);
      details.reset();
    }
  }
  return statement;
}

std::string stored_comment(std::string_view comment) {
  std::string stored;
  for (std::size_t i = 0; i < comment.size(); ++i) {
    const bool is_lost = is_lead_of_four(comment[i]) && i + marks.size() <= comment.size();
    stored += is_lost ? mark : comment[i];
    if (is_lost) i += marks.size() - 1;
  }
  return stored;
}

}  // namespace whimbrel::dialect::mysql
