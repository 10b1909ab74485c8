#pragma once

#include <memory>
#include <string>

#include "support/mysql_server.h"
#include "unit/dialect/connection.h"
#include "whimbrel/mysql.h"

namespace whimbrel::test::mysql {

using test::contains;
using test::error_of;
using test::number;
using test::value;

inline std::unique_ptr<dialect::Connection> open(const std::string& url,
                                                 std::chrono::milliseconds busy_timeout = std::chrono::seconds(5)) {
  return whimbrel::mysql::driver().open({.url = url, .busy_timeout = busy_timeout});
}

/// The URL of a new empty database.
inline std::string fresh_url() { return mysql_server().fresh_database(); }

/// A connection to a new empty database.
inline std::unique_ptr<dialect::Connection> open_fresh() { return open(fresh_url()); }

}  // namespace whimbrel::test::mysql
