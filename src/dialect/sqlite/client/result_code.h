#pragma once

#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

/// The meaning of result codes for a user. https://www.sqlite.org/rescode.html
struct Advice {
  ErrorKind kind;
  const char* problem;  ///< Null: SQLite's message contains the problem.
  const char* remedy;
};

/// `code`: SQLite's extended result code.
[[nodiscard]] Advice advice(int code);

}  // namespace whimbrel::dialect::sqlite
