#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "change/schema_source.h"
#include "support/environment.h"
#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"

namespace whimbrel::test {

inline change::SchemaSource read(const fixture::PostgresDatabase& database) {
  return change::read_database(whimbrel::detail::linked_drivers(), database.url());
}

inline change::SchemaChange compare(const fixture::PostgresDatabase& from, const fixture::PostgresDatabase& to,
                                    const diff::Answers& answers) {
  return change::compare_whole(read(from), read(to), answers);
}

inline void run_all(const fixture::PostgresDatabase& database, const std::vector<sql::Statement>& statements) {
  std::string script = "BEGIN;\n";
  for (const sql::Statement& statement : statements) script += statement.sql + ";\n";
  script += "COMMIT;\n";
  CAPTURE(script);
  CHECK_NOTHROW(database.query(script));
}

/// Returns the statements of a dump. The columns of a table are sorted: one that comes back is the last.
inline std::vector<std::string> dump(const fixture::PostgresDatabase& database) {
  std::vector<std::string> statements = dumped_statements(database.url());
  for (std::string& statement : statements) {
    if (!statement.starts_with("CREATE TABLE")) continue;
    std::vector<std::string> lines;
    std::istringstream text(statement);
    for (std::string line; std::getline(text, line);) {
      if (line.ends_with(',')) line.pop_back();
      lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    statement.clear();
    for (const std::string& line : lines) statement += line + '\n';
  }
  std::sort(statements.begin(), statements.end());
  return statements;
}

/// Returns the statements that are only in one of two sorted lists; empty if they are equal.
inline std::string difference(const std::vector<std::string>& got, const std::vector<std::string>& expected) {
  std::vector<std::string> more, less;
  std::set_difference(got.begin(), got.end(), expected.begin(), expected.end(), std::back_inserter(more));
  std::set_difference(expected.begin(), expected.end(), got.begin(), got.end(), std::back_inserter(less));
  std::string text;
  for (const std::string& statement : more) text += "+ " + statement;
  for (const std::string& statement : less) text += "- " + statement;
  return text;
}

/// Returns the statements from one schema to the other.
inline std::string script_of(const std::string& from, const std::string& to, const diff::Answers& answers = {}) {
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase wanted;
  there.query(from);
  wanted.query(to);
  std::string text;
  for (const sql::Statement& statement : compare(there, wanted, answers).script.up) text += statement.sql + ";\n";
  return text;
}

/// Returns why the change is refused, and the way round; the script if it is not.
inline std::string refusal_of(const std::string& from, const std::string& to) {
  try {
    return script_of(from, to);
  } catch (const Error& error) {
    return std::string(error.what()) + ' ' + std::string(error.remedy());
  }
}

/// Returns the dump of a database that was made with this SQL, such as the given one. Many tests go both ways between
/// the same two schemas, and a dump takes as long as all the rest.
inline const std::vector<std::string>& dump_of_fresh(const std::string& sql,
                                                     const fixture::PostgresDatabase* database = nullptr) {
  static std::map<std::string, std::vector<std::string>> dumps;
  const auto [dump, is_new] = dumps.try_emplace(sql);
  if (!is_new) return dump->second;
  std::optional<fixture::PostgresDatabase> own;
  if (database == nullptr) {
    database = &own.emplace();
    own->query(sql);
  }
  dump->second = dumped_statements(database->url());
  return dump->second;
}

/// Returns whether a test tries the next of its changes: every n-th, from the first, with WHIMBREL_CHANGE_STEP=n.
inline bool is_change_tried() {
  static const void* test = nullptr;
  static std::optional<EveryNth> steps;
  if (const void* const current = doctest::getContextOptions()->currentTest; current != std::exchange(test, current)) {
    steps.emplace("WHIMBREL_CHANGE_STEP");
  }
  return (*steps)();
}

/// Makes the first schema the second and again the first.
inline void go_there_and_back(const std::string& from, const std::string& to, const std::string& rows,
                              const diff::Answers& answers = {}) {
  if (!is_change_tried()) return;
  CAPTURE(from);
  CAPTURE(to);
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase wanted;
  there.query(from);
  there.query(rows);
  wanted.query(to);
  const change::SchemaSource source = read(wanted);
  const change::SchemaChange change = change::compare_whole(read(there), source, answers);
  run_all(there, change.script.up);
  CHECK(difference(dumped_statements(there.url()), dump_of_fresh(to, &wanted)) == "");
  CHECK(change::compare_whole(read(there), source, {}).operations.empty());
  run_all(there, change.script.down);
  CHECK(difference(dumped_statements(there.url()), dump_of_fresh(from)) == "");
}

}  // namespace whimbrel::test
