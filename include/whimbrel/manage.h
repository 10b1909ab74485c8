#pragma once

#include "whimbrel/data_source.h"

namespace whimbrel {

/// The command line of a program's migrations: `manage makemigrations`, `manage migrations` and so on.
///
/// Returns the exit code: 0 done, 1 failed, 2 invalid command line, 3 input required, 4 a check found differences, 5
/// not verified. Prints errors and does not throw.
[[nodiscard]] int manage(int argc, char** argv, DataSourceOptions options);

}  // namespace whimbrel
