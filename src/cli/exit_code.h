#pragma once

#include "whimbrel/error.h"

namespace whimbrel::cli {

/// The exit code of the process.
enum ExitCode : int {
  done = 0,
  failed = 1,
  wrong_usage = 2,
  answer_needed = 3,      ///< A decision is required and this run could not ask for it.
  differences_found = 4,  ///< By --check.
  not_verified = 5,       ///< Done, but the result could not be verified.
};

[[nodiscard]] ExitCode exit_code(ErrorKind kind);
/// Returns `entity`, `statement` and so on, for JSON.
[[nodiscard]] const char* to_string(ErrorKind kind);

}  // namespace whimbrel::cli
