#pragma once

#include "whimbrel/driver.h"

/// A database in the memory of the process: `toy:name`. It is there to show what a database needs to be one of
/// whimbrel's, and to test what follows where a rollback does not undo changes of the schema.
namespace whimbrel::toy {

struct Database;

[[nodiscard]] const Driver& driver();

/// For DataSourceOptions::connection: a database of the program's.
[[nodiscard]] inline NativeConnection connection(Database* database) { return {&driver(), database}; }

}  // namespace whimbrel::toy
