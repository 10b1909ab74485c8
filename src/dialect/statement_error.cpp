#include "dialect/statement_error.h"

namespace whimbrel::dialect {

std::string reason(const Error& error, const Connection& connection) {
  const std::string message = error.what();
  const std::string own_words = connection.description() + ": ";
  const auto place = message.find(own_words);
  return place == std::string::npos ? message : message.substr(place + own_words.size());
}

void require_no_nul(std::string_view sql, const char* remedy) {
  const auto place = sql.find('\0');
  if (place == std::string_view::npos) return;
  throw Error(ErrorKind::statement, "The SQL text contains a NUL character.")
      .with_remedy(remedy)
      .with_statement(std::string(sql), static_cast<int>(place));
}

Error parameters_of_several(std::string_view statements, std::size_t second) {
  return Error(ErrorKind::statement,
               "Parameters were given for several statements; they can be passed to one statement only.")
      .with_remedy("Run the statements one by one.")
      .with_statement(std::string(statements), static_cast<int>(second));
}

void require_one(const std::vector<std::string_view>& statements) {
  if (statements.size() < 2) return;
  const char* const begin = statements.front().data();
  const char* const end = statements.back().data() + statements.back().size();
  throw parameters_of_several({begin, static_cast<std::size_t>(end - begin)},
                              static_cast<std::size_t>(statements[1].data() - begin));
}

Error wrong_parameter_count(std::string_view statement, std::size_t placeholders, std::size_t values) {
  return Error(ErrorKind::statement, "The statement has placeholders for " + std::to_string(placeholders) +
                                         " values, but was given " + std::to_string(values) + '.')
      .with_remedy("Pass one value for each placeholder.")
      .with_statement(std::string(statement));
}

Error transaction_control(std::string_view statement) {
  return Error(ErrorKind::migration, "The migration begins or ends a transaction, but it already runs inside one.")
      .with_remedy(
          "Remove the statement from the migration; to undo a part, use SAVEPOINT and ROLLBACK TO. A migration that "
          "needs its own transactions returns MigrationTransaction::never from transaction().")
      .with_statement(std::string(statement));
}

Error transaction_left_open() {
  return Error(ErrorKind::migration, "A migration began a transaction and did not end it.")
      .with_remedy("Commit it in the migration, or leave transactions to the runner.");
}

Error transaction_rolled_back() {
  return Error(ErrorKind::busy,
               "The database rolled back the transaction of the migration, for example because of a deadlock.")
      .with_remedy(
          "Run it again. A migration that starts its own transactions (MigrationTransaction::never) can retry after "
          "rollback_transaction().");
}

Error at_line(std::size_t line, const Error& error) {
  return Error(error.kind(), "Line " + std::to_string(line) + ": " + error.what())
      .with_remedy(error.remedy())
      .with_statement(error.statement(), error.statement_offset())
      .with_native_code(error.native_code());
}

}  // namespace whimbrel::dialect
