#pragma once

#include <sqlite3.h>

#include <variant>

#include "whimbrel/query_runner.h"

/// The values that go into a statement and come out of it.
namespace whimbrel::dialect::sqlite {

[[nodiscard]] Value column_value(sqlite3_stmt* statement, int column);

/// Binds a value, which must outlive the statement, and returns SQLite's result code.
struct Bind {
  sqlite3_stmt* statement;
  int place;

  int operator()(std::monostate) const { return sqlite3_bind_null(statement, place); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, place, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, place, value); }
  int operator()(const std::string& value) const;
  int operator()(const Bytes& value) const;
};

}  // namespace whimbrel::dialect::sqlite
