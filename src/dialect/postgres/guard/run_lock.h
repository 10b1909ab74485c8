#pragma once

#include <string>

#include "dialect/connection.h"

/// The lock of migrations: an advisory lock of the database,
/// https://www.postgresql.org/docs/current/explicit-locking.html
namespace whimbrel::dialect::postgres {

// It is asked for and not waited for: CREATE INDEX CONCURRENTLY waits for the snapshots of all other statements, so
// that a runner which waits inside a statement would keep the one that has the lock from going on.
// https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY

/// Takes the lock until unlock() or the end of the session.
[[nodiscard]] bool try_lock(Connection& connection);
void unlock(Connection& connection);

/// The session that has the lock: `process 4711 (alice, whimbrel, active)`. Empty if none has, or if it can't be seen.
[[nodiscard]] std::string lock_holder(Connection& connection);

}  // namespace whimbrel::dialect::postgres
