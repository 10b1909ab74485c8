#pragma once

#include "whimbrel/data_source.h"

namespace whimbrel {

/// The command line of a program's migrations: `manage makemigrations`, `manage migrations` and so on.
///
/// Returns the exit code: 0 done, 1 failed, 2 wrong usage, 3 a question is open that could not be asked, 4 a check
/// found differences. Prints errors; throws none.
[[nodiscard]] int manage(int argc, char** argv, DataSourceOptions options);

}  // namespace whimbrel
