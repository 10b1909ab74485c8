#pragma once

#include <memory>
#include <string>

#include "unit/dialect/connection.h"
#include "whimbrel/sqlite.h"

namespace whimbrel::test {

inline std::unique_ptr<dialect::Connection> open_sqlite(const std::string& url,
                                                        std::chrono::milliseconds busy_timeout = {}) {
  return sqlite::driver().open({.url = url, .busy_timeout = busy_timeout});
}

inline std::unique_ptr<dialect::Connection> open_memory() { return open_sqlite("sqlite::memory:"); }

}  // namespace whimbrel::test
