#pragma once

#include "whimbrel/driver.h"

struct st_mysql;  // MariaDB Connector/C's MYSQL.

/// MariaDB and MySQL, in the target whimbrel::mysql.
namespace whimbrel::mysql {

[[nodiscard]] const Driver& driver();

/// For DataSourceOptions::connection: a connection of the program's.
[[nodiscard]] inline NativeConnection connection(st_mysql* handle) { return {&driver(), handle}; }

}  // namespace whimbrel::mysql
