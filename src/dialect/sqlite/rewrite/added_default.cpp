#include "dialect/sqlite/rewrite/added_default.h"

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/generate/generator.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// SQLITE_CONSTRAINT_DATATYPE. https://www.sqlite.org/rescode.html#constraint_datatype
constexpr int constraint_datatype = 3091;

/// Returns whether SQLite parses the number as a 64-bit integer.
bool is_integer(std::string_view number) {
  constexpr std::size_t always_fits = 18;
  return number.size() <= always_fits && number.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool is_same_for_all_rows(const std::string& expression, const model::Type& type) {
  std::vector<sql::Token> tokens = sql::tokenize(expression, sqlite_syntax);
  if (tokens.size() == 2 && (tokens[0].is("-") || tokens[0].is("+"))) tokens.erase(tokens.begin());
  if (tokens.size() != 1) return false;
  const sql::Token& token = tokens.front();
  if (token.kind == sql::TokenKind::string || token.is("NULL") || is_integer(token.text)) return true;
  const model::ValueKind kind = value_kind(type);
  const bool is_number = token.kind == sql::TokenKind::number || token.is("TRUE") || token.is("FALSE");
  return is_number && kind != model::ValueKind::text && kind != model::ValueKind::bytes;
}

// https://www.sqlite.org/stricttables.html
bool stores_default(const std::function<std::unique_ptr<Connection>()>& open_scratch, const model::Column& column) {
  const std::unique_ptr<Connection> scratch = open_scratch ? open_scratch() : nullptr;
  if (scratch == nullptr) return true;
  model::Column alone;
  alone.name = "a";
  alone.type = column.type;
  alone.nullable = true;
  alone.default_expression = column.default_expression;
  try {
    scratch->run("CREATE TABLE t (" + column_sql(alone, nullptr) + ") STRICT; INSERT INTO t DEFAULT VALUES");
    return true;
  } catch (const Error& error) {
    // Other errors are about functions that only the program has, for example.
    return error.native_code() != constraint_datatype;
  }
}

Error refused_default(const operation::AddColumn& op) {
  return Error(ErrorKind::unsafe, "The default " + op.column.default_expression.value_or("NULL") + " of column \"" +
                                      op.column.name + "\" does not fit its type, " + to_string(op.column.type) +
                                      ", and table \"" + op.table.name + "\" is STRICT.")
      .with_remedy("Nothing was changed. Correct the default or the type of the column.");
}

}  // namespace whimbrel::dialect::sqlite
