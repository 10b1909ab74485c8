#include "dialect/mysql/dialect.h"

namespace whimbrel::dialect::mysql {

// The server opens each view to find the time of its last change, and says instead of the usual comment what it lacks.
// What the body of a trigger names is resolved only when it fires, so triggers are not asked about.
std::vector<std::string> broken_objects(Connection& connection) {
  const Rows::Data views = connection.run(
      "SELECT TABLE_NAME, TABLE_COMMENT, UPDATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() "
      "AND "
      "TABLE_TYPE = 'VIEW' ORDER BY TABLE_NAME");
  std::vector<std::string> names;
  for (const std::vector<Value>& row : views.values) {
    if (row.at(1).text() != "VIEW") names.push_back(row.at(0).text());
  }
  return names;
}

}  // namespace whimbrel::dialect::mysql
