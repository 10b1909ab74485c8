#pragma once

#include "whimbrel/driver.h"

struct pg_conn;  // libpq's PGconn.

/// PostgreSQL, in the target whimbrel::postgres.
namespace whimbrel::postgres {

[[nodiscard]] const Driver& driver();

/// For DataSourceOptions::connection: a connection of the program's.
[[nodiscard]] inline NativeConnection connection(pg_conn* handle) { return {&driver(), handle}; }

}  // namespace whimbrel::postgres
