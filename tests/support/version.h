#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>

/// Leaves a test case that is about what the database in use does not have. scripts/matrix counts what it says.
#define WHIMBREL_SKIP_UNLESS(has_it, needed)  \
  if (!(has_it)) {                            \
    MESSAGE("skipped: it is about ", needed); \
    return;                                   \
  }

namespace whimbrel::test {

/// Is the linked SQLite 3.`minor` or later? Strict tables came with 37, places in failing statements with 38.
inline bool has_sqlite(int minor) { return sqlite3_libversion_number() >= 3000000 + minor * 1000; }

}  // namespace whimbrel::test
