#pragma once

#include "unit/change/there_and_back.h"

namespace whimbrel::test {

/// As go_there_and_back(), but only whimbrel compares: a table whose parents change may declare what it only inherited
/// before.
inline void go_there_and_back_declared(const std::string& from, const std::string& to, const std::string& rows) {
  CAPTURE(from);
  CAPTURE(to);
  const fixture::PostgresDatabase there, start, wanted;
  start.query(from);
  there.query(from);
  there.query(rows);
  wanted.query(to);
  const change::SchemaChange change = compare(there, wanted, {});
  run_all(there, change.script.up);
  CHECK(compare(there, wanted, {}).operations.empty());
  run_all(there, change.script.down);
  CHECK(compare(there, start, {}).operations.empty());
}

}  // namespace whimbrel::test
