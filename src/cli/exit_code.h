#pragma once

#include "whimbrel/error.h"

namespace whimbrel::cli {

/// What the process says to its caller.
enum ExitCode : int {
  done = 0,
  failed = 1,
  wrong_usage = 2,
  answer_needed = 3,      ///< A question is open that this run could not ask.
  differences_found = 4,  ///< By --check.
  not_verified = 5,       ///< It was done, but could not be tried before.
};

[[nodiscard]] ExitCode exit_code(ErrorKind kind);
/// `entity`, `statement` and so on, for JSON.
[[nodiscard]] const char* to_string(ErrorKind kind);

}  // namespace whimbrel::cli
