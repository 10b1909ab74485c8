#include "dialect/postgres/server_error.h"

#include "dialect/postgres/sqlstate.h"
#include "dialect/postgres/statement_text.h"

namespace whimbrel::dialect::postgres {

namespace {

std::string trim(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  return std::string(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
}

std::string in_words(const ServerError& error) {
  std::string text = trim(error.message);
  if (!error.detail.empty()) text += ". " + trim(error.detail);
  return text;
}

}  // namespace

Error statement_error(const ServerError& error, const std::string& database, std::string_view statement) {
  Error result(ErrorKind::statement, "The statement failed on the " + database + ": " + in_words(error));
  result.with_remedy(error.hint).with_native_code(pack_sqlstate(error.sqlstate));
  const int place = error.position == 0 ? -1 : byte_of_character(statement, error.position);
  return result.with_statement(std::string(statement), place);
}

Error connection_error(const ServerError& error, const std::string& database) {
  return Error(ErrorKind::connection, "The " + database + " cannot be reached: " + in_words(error))
      .with_remedy(error.hint)
      .with_native_code(pack_sqlstate(error.sqlstate));
}

}  // namespace whimbrel::dialect::postgres
