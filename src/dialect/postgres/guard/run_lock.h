#pragma once

#include <string>

#include "dialect/connection.h"

/// The migration lock: an advisory lock of the database,
/// https://www.postgresql.org/docs/current/explicit-locking.html
namespace whimbrel::dialect::postgres {

// The lock is polled, because CREATE INDEX CONCURRENTLY waits for the snapshots of all other statements: a runner that
// waits inside a statement would block the holder of the lock.
// https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY

/// Takes the lock until unlock() or the end of the session.
[[nodiscard]] bool try_lock(Connection& connection);
void unlock(Connection& connection);

/// Returns the session that holds the lock: `process 4711 (alice, whimbrel, active)`. Empty if there is none or it is
/// not visible.
[[nodiscard]] std::string lock_holder(Connection& connection);

}  // namespace whimbrel::dialect::postgres
