#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/privileges.h"
#include "dialect/mysql/text/engines.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::mysql {

namespace {

/// A query that returns display text, from rows of information_schema in this database.
std::string words(const std::string& text, const std::string& view, const std::string& schema,
                  const std::string& condition) {
  return "SELECT CONCAT(" + text + ") FROM information_schema." + view + " WHERE " + schema + " = DATABASE() AND " +
         condition;
}

std::string of_column(const std::string& what) {
  return "'" + what + R"( of column "', COLUMN_NAME, '" of "', TABLE_NAME, '"')";
}

std::string has_connected_engine() {
  sql::Writer condition(mysql_syntax);
  condition.raw("ENGINE IN (").list(connected_engines, [&](std::string_view engine) { condition.string(engine); });
  return condition.raw(")").take();
}

std::vector<std::string> unsupported_objects_queries(const Server& server) {
  std::vector<std::string> queries = {
      words("'table \"', TABLE_NAME, '\" with engine ', ENGINE", "TABLES", "TABLE_SCHEMA", has_connected_engine())};
  if (server.is_mariadb) {
    queries.emplace_back(
        "SELECT CONCAT('REF_SYSTEM_ID of column \"', G_GEOMETRY_COLUMN, '\" of \"', G_TABLE_NAME, '\"') FROM "
        "information_schema.GEOMETRY_COLUMNS WHERE G_TABLE_SCHEMA = DATABASE() AND SRID <> 0");
    queries.push_back(words("LOWER(ROUTINE_TYPE), ' \"', ROUTINE_NAME, '\"'", "ROUTINES", "ROUTINE_SCHEMA",
                            "ROUTINE_TYPE LIKE 'PACKAGE%'"));
  } else if (server.version >= 80021) {
    // https://dev.mysql.com/doc/refman/8.4/en/information-schema-columns-extensions-table.html
    queries.push_back(
        words(of_column("ENGINE_ATTRIBUTE"), "COLUMNS_EXTENSIONS", "TABLE_SCHEMA", "ENGINE_ATTRIBUTE IS NOT NULL"));
    queries.push_back(words("'ENGINE_ATTRIBUTE of table \"', TABLE_NAME, '\"'", "TABLES_EXTENSIONS", "TABLE_SCHEMA",
                            "ENGINE_ATTRIBUTE IS NOT NULL"));
  }
  return queries;
}

/// Returns the objects that the server silently hides from the user.
std::vector<std::string> hidden_objects(Connection& connection, const InspectScope& scope) {
  std::vector<std::string> hidden;
  if (!scope.everything && !scope.objects) return hidden;
  const auto require = [&](const std::string& what, const std::vector<std::string>& privileges) {
    if (!has_privilege(connection, privileges)) hidden.push_back("any " + what + " that the user may not see");
  };
  require("procedure or function",
          {"execute", "create routine", "alter routine", "show create routine", "show_routine"});
  require("event", {"event"});
  require("trigger", {"trigger"});
  return hidden;
}

}  // namespace

std::vector<std::string> unsupported_objects(Connection& connection, const Server& server, const InspectScope& scope) {
  std::vector<std::string> found;
  for (const Rows::Data& rows : connection.run_together(unsupported_objects_queries(server))) {
    for (const std::vector<Value>& row : rows.values) found.push_back(text_of(row.at(0)));
  }
  for (std::string& hidden : hidden_objects(connection, scope)) found.push_back(std::move(hidden));
  return found;
}

}  // namespace whimbrel::dialect::mysql
