#pragma once

#include "dialect/postgres/dialect.h"
#include "dialect/sqlite/dialect.h"

namespace whimbrel::test {

/// SQLite without a database: the newest version.
inline const dialect::Dialect& sqlite_dialect() {
  static const auto dialect = dialect::sqlite::make_dialect();
  return *dialect;
}

/// PostgreSQL without a server: the newest version.
inline const dialect::Dialect& postgres_dialect() {
  static const auto dialect = dialect::postgres::make_dialect();
  return *dialect;
}

}  // namespace whimbrel::test
