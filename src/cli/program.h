#pragma once

#include <string>

#include "whimbrel/data_source.h"

namespace whimbrel::cli {

/// Runs a command line, as manage() does; `program` is the program's name in messages.
[[nodiscard]] int run_program(const std::string& program, int argc, const char* const* argv, DataSourceOptions options);

/// Returns the URL from the environment that overrides the program's database; empty if there is none.
[[nodiscard]] std::string url_of_environment();

}  // namespace whimbrel::cli
