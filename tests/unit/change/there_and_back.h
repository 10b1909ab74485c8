#pragma once

#include <doctest/doctest.h>

#include "change/schema_source.h"
#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"

namespace whimbrel::test {

inline run::SchemaChange compare(const fixture::PostgresDatabase& from, const fixture::PostgresDatabase& to,
                                 const diff::Answers& answers) {
  const auto& drivers = whimbrel::detail::linked_drivers();
  return run::compare_whole(run::read_database(drivers, from.url()), run::read_database(drivers, to.url()), answers);
}

inline void run_all(const fixture::PostgresDatabase& database, const std::vector<sql::Statement>& statements) {
  std::string script;
  for (const sql::Statement& statement : statements) script += statement.sql + ";\n";
  CAPTURE(script);
  CHECK_NOTHROW(database.query(script));
}

/// Makes the first schema the second and again the first.
inline void go_there_and_back(const std::string& from, const std::string& to, const std::string& rows,
                              const diff::Answers& answers = {}) {
  CAPTURE(from);
  CAPTURE(to);
  const fixture::PostgresDatabase there;
  const fixture::PostgresDatabase first;
  const fixture::PostgresDatabase wanted;
  there.query(from);
  there.query(rows);
  first.query(from);
  wanted.query(to);
  const run::SchemaChange change = compare(there, wanted, answers);
  run_all(there, change.script.up);
  CHECK(dumped_statements(there.url()) == dumped_statements(wanted.url()));
  run_all(there, change.script.down);
  CHECK(dumped_statements(there.url()) == dumped_statements(first.url()));
}

}  // namespace whimbrel::test
