#pragma once

#include <string>

#include "whimbrel/data_source.h"

namespace whimbrel::cli {

/// Runs a command line, as manage() does; `program` is the program's name in messages.
[[nodiscard]] int run_program(const std::string& program, int argc, const char* const* argv, DataSourceOptions options);

/// A URL from the environment, which overrides the program's database.
struct EnvironmentUrl {
  std::string url;       ///< Empty: there is none.
  std::string variable;  ///< The variable that sets it.
};
[[nodiscard]] EnvironmentUrl url_of_environment();

}  // namespace whimbrel::cli
