#pragma once

#include "whimbrel/driver.h"

struct sqlite3;

/// SQLite, in the target whimbrel::sqlite.
namespace whimbrel::sqlite {

[[nodiscard]] const Driver& driver();

/// For DataSourceOptions::connection: a connection of the program's.
[[nodiscard]] inline NativeConnection connection(sqlite3* handle) { return {&driver(), handle}; }

}  // namespace whimbrel::sqlite
