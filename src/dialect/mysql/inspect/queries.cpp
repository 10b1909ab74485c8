#include <algorithm>
#include <map>

#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/writing.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

/// A longer list of names is not a part worth naming.
constexpr std::size_t most_names = 200;

/// ` AND x.TABLE_NAME IN (...)`, if only some tables are read.
std::string only_changed(const InspectScope& scope, const std::string& column) {
  if (!scope.part || !scope.only_changed) return {};
  if (scope.part->changed.empty() || scope.part->changed.size() > most_names) return {};
  sql::Writer names(mysql_syntax);
  names.raw(" AND ").raw(column).raw(" IN (");
  names.list(scope.part->changed, [&](const model::Name& name) { names.string(name.name); });
  return names.raw(")").take();
}

std::string from(const std::string& view, const InspectScope& scope) {
  return " FROM information_schema." + view + " WHERE TABLE_SCHEMA = DATABASE()" + only_changed(scope, "TABLE_NAME");
}

// MariaDB opens each table for the columns that are statistics, such as TABLE_ROWS, so none is selected.
std::string tables(const InspectScope& scope) {
  return "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT" +
         from("TABLES", scope) + " ORDER BY TABLE_NAME";
}

std::string columns(const Server& server, const InspectScope& scope) {
  return std::string(
             "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, CHARACTER_SET_NAME, COLLATION_NAME, "
             "COLUMN_TYPE, EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION, ") +
         (server.is_mariadb ? "NULL" : "SRS_ID") + from("COLUMNS", scope) + " ORDER BY TABLE_NAME, ORDINAL_POSITION";
}

/// In the server's order, which is that of SHOW CREATE TABLE.
std::string indexes(const Server& server, const InspectScope& scope) {
  const bool has_expressions = server.is_mysql_since(80013);
  return std::string("SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, COLLATION, SUB_PART, ") +
         "INDEX_TYPE, INDEX_COMMENT, " +
         (server.is_mariadb ? "IF(IGNORED = 'YES', 'IGNORED', '')" : "IF(IS_VISIBLE = 'NO', 'INVISIBLE', '')") + ", " +
         (has_expressions ? "EXPRESSION" : "NULL") + from("STATISTICS", scope);
}

// Joined by the inspector: MariaDB has no indexes for joins of these.
std::string key_columns(const InspectScope& scope) {
  return "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, IF(REFERENCED_TABLE_SCHEMA = DATABASE(), '', "
         "REFERENCED_TABLE_SCHEMA), REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME" +
         from("KEY_COLUMN_USAGE", scope) +
         " AND REFERENCED_TABLE_NAME IS NOT NULL ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION";
}

std::string foreign_keys(const InspectScope& scope) {
  return "SELECT TABLE_NAME, CONSTRAINT_NAME, MATCH_OPTION, UPDATE_RULE, DELETE_RULE FROM "
         "information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()" +
         only_changed(scope, "TABLE_NAME");
}

std::string checks(const Server& server, const InspectScope& scope) {
  if (server.is_mariadb) {
    return "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL, 'YES' FROM information_schema.CHECK_CONSTRAINTS "
           "WHERE CONSTRAINT_SCHEMA = DATABASE()" +
           only_changed(scope, "TABLE_NAME");
  }
  // https://dev.mysql.com/doc/refman/8.4/en/create-table-check-constraints.html
  if (server.version < 80016) return "SELECT NULL FROM DUAL WHERE FALSE";
  return "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE, 'Table', t.ENFORCED FROM "
         "information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS c ON c.CONSTRAINT_SCHEMA = "
         "t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME WHERE t.CONSTRAINT_SCHEMA = DATABASE() AND "
         "t.CONSTRAINT_TYPE = 'CHECK'" +
         only_changed(scope, "t.TABLE_NAME");
}

/// The collation of the session that created an object, if it is not that of this session, and so of a script.
constexpr const char* own_collation = "NULLIF(COLLATION_CONNECTION, @@SESSION.collation_connection)";

/// For what a view uses, as SHOW CREATE VIEW leaves out the names of the database, and for the session that created it.
std::string views(const InspectScope& scope) {
  return std::string("SELECT TABLE_NAME, VIEW_DEFINITION, ") + own_collation + from("VIEWS", scope);
}

/// The start of an event without a STARTS clause: the time at which it was created or altered; NULL: it has the clause.
constexpr const char* own_start =
    "IF(CONVERT_TZ(STARTS, TIME_ZONE, @@SESSION.time_zone) IN (CREATED, LAST_ALTERED), CAST(STARTS AS char), NULL)";

std::string programs(const InspectScope& scope) {
  const std::string collation = own_collation;
  std::string query =
      "SELECT 'TRIGGER', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, "
      "ACTION_STATEMENT, DEFINER, SQL_MODE, NULL, NULL, " +
      collation + " FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()" +
      only_changed(scope, "EVENT_OBJECT_TABLE");
  if (scope.everything || scope.objects) {
    query +=
        " UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME, NULL, NULL, NULL, 0, NULL, DEFINER, SQL_MODE, NULL, NULL, " +
        collation +
        " FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() UNION ALL SELECT 'EVENT', "
        "EVENT_NAME, NULL, NULL, NULL, 0, NULL, DEFINER, SQL_MODE, TIME_ZONE, " +
        own_start + ", " + collation + " FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()";
  }
  return query + " ORDER BY 1, 3, 4, 5, 6, 2";
}

/// MariaDB takes a view for a change of the sequence whose next value it would return.
std::vector<Rows::Data> show(Connection& connection, const Server& server, const std::vector<std::string>& queries) {
  try {
    return connection.run_together(queries);
  } catch (const Error& error) {
    if (error.native_code() != error_code::read_only_transaction) throw;
  }
  const Writing writing(connection, server);
  return connection.run_together(queries);
}

/// The column of SHOW CREATE that has the statement.
std::size_t statement_column(const std::string& kind) {
  if (kind == "EVENT") return 3;
  return kind == "TABLE" || kind == "VIEW" || kind == "SEQUENCE" ? 1 : 2;
}

/// MariaDB opens a table for its options, and reports no engine of one that cannot be opened, such as a MERGE table
/// that lacks a member, but an error as its comment. It reports the engine if that is all that is asked.
void read_engines_alone(Connection& connection, const InspectScope& scope, Rows::Data& tables) {
  constexpr std::size_t engine = 2;
  constexpr std::size_t comment = 5;
  const auto is_closed = [](const std::vector<Value>& row) {
    return row.at(engine).is_null() && text_of(row.at(1)) == "BASE TABLE";
  };
  if (std::none_of(tables.values.begin(), tables.values.end(), is_closed)) return;
  std::map<std::string, Value> engines;
  const Rows::Data alone = connection.run("SELECT TABLE_NAME, ENGINE" + from("TABLES", scope));
  for (const std::vector<Value>& row : alone.values) engines[text_of(row.at(0))] = row.at(1);
  for (std::vector<Value>& row : tables.values) {
    // Of another table that cannot be opened, such as a crashed one, what it has is unknown.
    const Value& alone_reported = engines[text_of(row.at(0))];
    if (!is_closed(row) || text_of(alone_reported) != "MRG_MyISAM") continue;
    row.at(engine) = alone_reported;
    row.at(comment) = "";
  }
}

}  // namespace

// The longest one comes first: the connection can do other work meanwhile.
std::vector<std::string> catalog_queries(const Server& server, const InspectScope& scope) {
  return {columns(server, scope), "SELECT DATABASE(), CURRENT_USER()",
          tables(scope),          indexes(server, scope),
          key_columns(scope),     foreign_keys(scope),
          checks(server, scope),  views(scope),
          programs(scope)};
}

Catalog read_catalog(Connection& connection, const Server& server, const InspectScope& scope) {
  std::vector<Rows::Data> rows = connection.run_together(catalog_queries(server, scope));
  Catalog catalog;
  catalog.columns = std::move(rows.at(0));
  Fields session(rows.at(1).values.at(0));
  catalog.database = session.text();
  catalog.user = session.text();
  std::size_t next = 2;
  for (Rows::Data* const part : {&catalog.tables, &catalog.indexes, &catalog.key_columns, &catalog.foreign_keys,
                                 &catalog.checks, &catalog.views, &catalog.programs}) {
    *part = std::move(rows.at(next++));
  }
  if (server.is_mariadb) read_engines_alone(connection, scope, catalog.tables);
  return catalog;
}

ShownStatements::ShownStatements(Connection& connection, const Server& server, const std::set<Shown>& objects) {
  std::vector<std::string> queries;
  queries.reserve(objects.size());
  for (const auto& [kind, name] : objects) {
    queries.push_back("SHOW CREATE " + kind + " " + quote_name(name));
  }
  if (queries.empty()) return;
  const std::vector<Rows::Data> rows = show(connection, server, queries);
  std::size_t next = 0;
  for (const Shown& object : objects) {
    const Rows::Data& shown = rows.at(next++);
    if (!shown.values.empty()) statements_[object] = text_of(shown.values.front().at(statement_column(object.first)));
  }
}

std::string ShownStatements::find(const char* kind, const std::string& name) const {
  const auto found = statements_.find({kind, name});
  return found == statements_.end() ? std::string() : found->second;
}

}  // namespace whimbrel::dialect::mysql
