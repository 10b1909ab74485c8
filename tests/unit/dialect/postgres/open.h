#pragma once

#include <memory>
#include <string>

#include "support/postgres_server.h"
#include "unit/dialect/connection.h"
#include "whimbrel/postgres.h"

namespace whimbrel::test::postgres {

using test::contains;
using test::error_of;
using test::number;
using test::value;

inline std::unique_ptr<dialect::Connection> open(const std::string& url,
                                                 std::chrono::milliseconds busy_timeout = std::chrono::seconds(5)) {
  return whimbrel::postgres::driver().open({.url = url, .busy_timeout = busy_timeout});
}

/// A connection to a new empty database.
inline std::unique_ptr<dialect::Connection> open_fresh() { return open(fresh_database()); }

}  // namespace whimbrel::test::postgres
