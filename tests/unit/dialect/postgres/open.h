#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "dialect/connection.h"
#include "dialect/dialect.h"
#include "support/postgres_server.h"
#include "whimbrel/driver.h"
#include "whimbrel/error.h"

namespace whimbrel::test::postgres {

inline std::unique_ptr<dialect::Connection> open(const std::string& url,
                                                 std::chrono::milliseconds busy_timeout = std::chrono::seconds(5)) {
  return whimbrel::postgres::driver().open({.url = url, .busy_timeout = busy_timeout});
}

/// A connection to a new empty database.
inline std::unique_ptr<dialect::Connection> open_fresh() { return open(fresh_database()); }

/// The one value of the one row.
inline Value value(dialect::Connection& connection, std::string_view sql) {
  return connection.run(sql).values.at(0).at(0);
}

inline std::int64_t number(dialect::Connection& connection, std::string_view sql) {
  return std::get<std::int64_t>(value(connection, sql).variant());
}

/// The error that the function throws; none fails the test where it is used.
inline std::optional<Error> error_of(const std::function<void()>& function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace whimbrel::test::postgres
