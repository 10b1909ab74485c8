#pragma once

#include "operation/describe.h"
#include "unit/change/there_and_back.h"

namespace whimbrel::test {

/// The roles of these tests: a, b, c, and one with a strange name. Roles belong to the server and are made once.
inline void make_roles() {
  for (const std::string role : {"priv_a", "priv_b", "priv_c", "\"PUBLIC\"", "\"priv \"\"q'\""}) {
    postgres_server().run("DO $$ BEGIN CREATE ROLE " + role + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  }
}

/// The way from one schema to another with owners and privileges.
struct OwnedWay {
  change::SchemaChange change;
  dialect::PrivilegeChange up, down;
};

inline OwnedWay way_between(const change::SchemaSource& from, const change::SchemaSource& to,
                            const diff::Answers& answers = {}) {
  OwnedWay way{change::compare_whole(from, to, answers), {}, {}};
  way.up = change::compare_privileges(from, to, way.change);
  way.down = change::compare_privileges(to, from, change::reversed(way.change));
  return way;
}

inline OwnedWay way_between(const fixture::PostgresDatabase& from, const fixture::PostgresDatabase& to,
                            const diff::Answers& answers = {}) {
  const auto& drivers = whimbrel::detail::linked_drivers();
  return way_between(change::read_database(drivers, from.url(), true), change::read_database(drivers, to.url(), true),
                     answers);
}

inline std::vector<sql::Statement> joined(std::vector<sql::Statement> first,
                                          const std::vector<sql::Statement>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

inline void check_no_difference(const fixture::PostgresDatabase& from, const fixture::PostgresDatabase& to) {
  const OwnedWay way = way_between(from, to);
  std::string left;
  for (const operation::Operation& operation : way.change.operations) left += operation::describe(operation) + '\n';
  for (const dialect::PrivilegeChange* const change : {&way.up, &way.down}) {
    for (const sql::Statement& statement : change->statements) left += statement.sql + ";\n";
    CHECK_FALSE(change->is_difference);
  }
  CHECK(left == "");
}

/// Makes the first schema the second and again the first, with all owners and privileges, as pg_dump sees them.
inline OwnedWay go_there_and_back_with_privileges(const std::string& from, const std::string& to,
                                                  const diff::Answers& answers = {}) {
  CAPTURE(from);
  CAPTURE(to);
  make_roles();
  const fixture::PostgresDatabase there, first, wanted;
  there.query(for_server(from));
  first.query(for_server(from));
  wanted.query(for_server(to));
  OwnedWay way = way_between(there, wanted, answers);
  run_all(there, joined(way.change.script.up, way.up.statements));
  CHECK(dumped_statements(there.url()) == dump_of_fresh(for_server(to), &wanted));
  check_no_difference(there, wanted);
  run_all(there, joined(way.change.script.down, way.down.statements));
  CHECK(dumped_statements(there.url()) == dump_of_fresh(for_server(from), &first));
  check_no_difference(there, first);
  return way;
}

}  // namespace whimbrel::test
