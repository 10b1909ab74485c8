#include "dialect/connection.h"

namespace whimbrel::dialect {

std::vector<Rows::Data> Connection::run_together(const std::vector<std::string>& queries) {
  std::vector<Rows::Data> results;
  results.reserve(queries.size());
  for (const std::string& query : queries) results.push_back(run(query));
  return results;
}

void Connection::on_notice(const std::function<void(const std::string&)>&) {}

}  // namespace whimbrel::dialect
