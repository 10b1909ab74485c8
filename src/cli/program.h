#pragma once

#include <string>

#include "whimbrel/data_source.h"

namespace whimbrel::cli {

/// Runs a command line, as manage() does; `program` is the name by which messages speak of it.
[[nodiscard]] int run_program(const std::string& program, int argc, const char* const* argv, DataSourceOptions options);

/// What overrides the program's database in the environment; empty if nothing does.
[[nodiscard]] std::string url_of_environment();

}  // namespace whimbrel::cli
