#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "change/schema_source.h"
#include "support/mysql_server.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/mysql.h"

namespace whimbrel::test::mysql {

/// An empty database of the server of this program.
class Database {
 public:
  Database() : url_(mysql_server().fresh_database()), connection_(whimbrel::mysql::driver().open({.url = url_})) {}

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::string name() const { return value("SELECT DATABASE()"); }
  Rows::Data query(const std::string& sql) const { return connection_->run(sql); }
  [[nodiscard]] std::string value(const std::string& sql) const { return query(sql).values.at(0).at(0).text(); }

 private:
  std::string url_;
  std::unique_ptr<dialect::Connection> connection_;
};

/// What the server says about its tables, views and triggers. The order of keys and constraints does not matter.
inline std::vector<std::string> shown(const Database& database) {
  std::vector<std::string> lines;
  for (const auto& row : database.query("SHOW FULL TABLES").values) {
    const std::string name = row[0].text();
    const bool is_view = row[1].text() == "VIEW";
    std::istringstream text(
        database.query((is_view ? "SHOW CREATE VIEW `" : "SHOW CREATE TABLE `") + name + '`').values[0][1].text());
    for (std::string line; std::getline(text, line);) {
      if (line.ends_with(',')) line.pop_back();
      lines.push_back(name + ": " + line);
    }
  }
  for (const auto& row : database
                             .query("SELECT CONCAT_WS(' ', EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, "
                                    "ACTION_ORDER, TRIGGER_NAME, DEFINER, ACTION_STATEMENT) FROM "
                                    "information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()")
                             .values) {
    lines.push_back(row[0].text());
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

inline change::SchemaChange compare(const std::string& from, const std::string& to, const diff::Answers& answers = {}) {
  const auto& drivers = whimbrel::detail::linked_drivers();
  return change::compare_whole(change::read_database(drivers, from), change::read_database(drivers, to), answers);
}

inline void run_all(const Database& database, const std::vector<sql::Statement>& statements) {
  std::string script;
  for (const sql::Statement& statement : statements) script += statement.sql + ";\n";
  CAPTURE(script);
  for (const sql::Statement& statement : statements) CHECK_NOTHROW(database.query(statement.sql));
}

/// Returns why a statement fails; empty: none does.
inline std::string failure(const Database& database, const std::vector<sql::Statement>& statements) {
  try {
    for (const sql::Statement& statement : statements) database.query(statement.sql);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

/// Returns the values of column e of table t.
inline std::string values(const Database& database, const std::string& rows = "t") {
  return database.value("SELECT GROUP_CONCAT(IFNULL(e, 'NULL') ORDER BY id, e + 0 SEPARATOR ' ') FROM " + rows);
}

inline void check_shown(const Database& made, const Database& wanted) { CHECK(shown(made) == shown(wanted)); }

/// Makes the first schema the second and again the first. `check` compares the databases. Returns the statements there.
inline std::vector<std::string> go_there_and_back(const std::string& from, const std::string& to,
                                                  const diff::Answers& answers = {},
                                                  void (*check)(const Database&, const Database&) = check_shown) {
  CAPTURE(from);
  CAPTURE(to);
  const Database there;
  const Database first;
  const Database wanted;
  there.query(from);
  first.query(from);
  wanted.query(to);
  const change::SchemaChange change = compare(there.url(), wanted.url(), answers);
  CHECK_FALSE(change.operations.empty());
  run_all(there, change.script.up);
  check(there, wanted);
  CHECK(compare(there.url(), wanted.url()).operations.empty());
  run_all(there, change.script.down);
  check(there, first);
  CHECK(compare(there.url(), first.url()).operations.empty());
  std::vector<std::string> statements;
  for (const sql::Statement& statement : change.script.up) statements.push_back(statement.sql);
  return statements;
}

}  // namespace whimbrel::test::mysql
