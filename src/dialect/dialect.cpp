#include "dialect/dialect.h"

namespace whimbrel::dialect {

std::vector<sql::Statement> generate(const Dialect& dialect, const std::vector<operation::Operation>& operations) {
  std::vector<sql::Statement> statements;
  for (const operation::Operation& operation : operations) {
    for (sql::Statement& statement : dialect.generate(operation)) statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace whimbrel::dialect
