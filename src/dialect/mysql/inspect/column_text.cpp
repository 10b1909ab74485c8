#include "dialect/mysql/inspect/column_text.h"

#include <algorithm>
#include <vector>

#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/type_text.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "sql/token_reader.h"

namespace whimbrel::dialect::mysql {

namespace {

using sql::Token;
using sql::TokenKind;

/// The words of EXTRA.
struct Extra {
  bool auto_increment = false;
  bool is_expression = false;  ///< Of MySQL only: the default is not a literal.
  bool is_virtual = false;
  bool is_stored = false;
  bool invisible = false;
  bool unversioned = false;
  std::string on_update;
};

class ExtraReader : private sql::TokenReader {
 public:
  explicit ExtraReader(const std::string& text) : TokenReader(text, mysql_syntax), text_(text) {}

  Extra read() {
    Extra extra;
    while (left() > 0) {
      if (accept("auto_increment")) {
        extra.auto_increment = true;
      } else if (accept("DEFAULT_GENERATED")) {
        extra.is_expression = true;
      } else if (accept("VIRTUAL")) {
        extra.is_virtual = true;
      } else if (accept("STORED") || accept("PERSISTENT")) {
        extra.is_stored = true;
      } else if (accept("INVISIBLE")) {
        extra.invisible = true;
      } else if (is("WITHOUT") && is("SYSTEM", 1)) {
        extra.unversioned = true;
        skip(3);
      } else if (is("on") && is("update", 1)) {
        skip(2);
        extra.on_update = read_call();
      } else {
        skip();
      }
    }
    return extra;
  }

 private:
  /// `current_timestamp(6)`
  std::string read_call() {
    if (left() == 0) return {};
    const std::size_t begin = rest().front().offset;
    std::size_t end = rest().front().end();
    skip();
    if (is("(")) {
      while (left() > 0 && !is(")")) skip();
      if (left() > 0) end = rest().front().end();
      skip();
    }
    return text_.substr(begin, end - begin);
  }

  const std::string& text_;
};

bool is_binary_type(const std::string& name) { return name.ends_with("binary") || name.ends_with("blob"); }

/// Returns a default that MySQL reports as bare text.
std::string quoted_default(const std::string& text, const model::Type& type) {
  if (type.name == "bit") return text;
  if (is_binary_type(type.name) && text.starts_with("0x")) return text;
  return is_number_type(type.name) && is_number(text) ? text : quote_text(text);
}

std::optional<std::string> read_default(const ColumnRow& row, const Extra& extra, const model::Type& type,
                                        const Server& server) {
  if (!row.default_text || extra.is_virtual || extra.is_stored || extra.auto_increment) return std::nullopt;
  const std::string& text = *row.default_text;
  if (server.is_mariadb) {
    // The word NULL stands for none. A literal is in quotes.
    return sql::equal_ignoring_case(text, "NULL") ? std::nullopt : std::optional(without_parentheses(text));
  }
  if (!extra.is_expression) return quoted_default(text, type);
  std::string expression = plain_expression(text);
  const std::vector<Token> tokens = sql::tokenize(expression, mysql_syntax);
  if (tokens.size() == 1 && tokens[0].kind == TokenKind::string) expression = quote_text(tokens[0].value());
  return sql::equal_ignoring_case(expression, "NULL") ? std::nullopt : std::optional(expression);
}

}  // namespace

model::Type read_column_type(const std::string& type) {
  std::optional<model::Type> known = read_type(type);
  return known ? std::move(*known) : model::Type{sql::to_lower(type), {}};
}

model::Column read_column(const ColumnRow& row, const model::Type& type, const std::string& table_collation,
                          const Server& server) {
  model::Column column;
  const Extra extra = ExtraReader(row.extra).read();
  column.name = row.name;
  column.type = type;
  if (column.type.name == "enum") column.enum_values = read_values(row.type);
  column.nullable = row.nullable;
  column.auto_increment = extra.auto_increment;
  column.default_expression = read_default(row, extra, column.type, server);
  column.on_update = extra.on_update;
  column.comment = row.comment;
  if (extra.is_virtual || extra.is_stored) {
    const std::string expression =
        server.is_mariadb ? without_parentheses(row.generation) : plain_expression(row.generation);
    column.computed = model::Computed{expression, extra.is_stored, {}};
  }
  if (!row.srid.empty() || extra.invisible || extra.unversioned) {
    column.type.suffix =
        joined_words({column.type.suffix, row.srid.empty() ? "" : "srid " + row.srid,
                      extra.invisible ? "invisible" : "", extra.unversioned ? "without system versioning" : ""});
  }
  if (!row.collation.empty() && row.collation != table_collation) {
    column.collation = row.collation;
    if (row.charset != charset_of(table_collation)) column.charset = row.charset;
  }
  return column;
}

std::string charset_of(std::string_view collation) {
  if (collation.starts_with("uca1400")) return {};  // MariaDB has it for several character sets.
  return std::string(collation.substr(0, collation.find('_')));
}

std::string without_database(std::string_view sql, const std::string& database) {
  if (sql.find('`') == std::string_view::npos) return std::string(sql);
  const std::vector<Token> tokens = sql::tokenize(sql, mysql_syntax);
  std::string result;
  std::size_t copied = 0;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    const bool is_first = i == 0 || !tokens[i - 1].is(".");
    if (!is_first || tokens[i].kind != TokenKind::quoted_identifier || !tokens[i + 1].is(".")) continue;
    if (tokens[i].value() != database) continue;
    result += sql.substr(copied, tokens[i].offset - copied);
    copied = tokens[i + 2].offset;
  }
  result += sql.substr(copied);
  return result;
}

std::string read_expression(std::string_view reported, const std::string& database, const Server& server) {
  const std::string expression = server.is_mariadb ? without_parentheses(reported) : plain_expression(reported);
  return expression.find('.') == std::string::npos ? expression : without_database(expression, database);
}

std::vector<model::Reference> used_columns(std::string_view expression, const model::Table& table) {
  std::vector<model::Reference> used;
  if (expression.find('`') == std::string_view::npos) return used;
  for (const Token& token : sql::tokenize(expression, mysql_syntax)) {
    if (token.kind != TokenKind::quoted_identifier) continue;
    const std::string name = token.value();
    for (const model::Column& column : table.columns) {
      if (sql::equal_ignoring_case(column.name, name)) used.push_back({table.name, column.name, {}});
    }
  }
  return operation::sorted_uses(std::move(used));
}

}  // namespace whimbrel::dialect::mysql
