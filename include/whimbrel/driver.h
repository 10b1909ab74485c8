#pragma once

#include <cstddef>

namespace whimbrel {

/// A database driver, as returned by whimbrel::sqlite::driver() or whimbrel::postgres::driver().
struct Driver;

namespace dialect {
class Connection;
}

namespace sqlite {
/// The driver for SQLite, in the target whimbrel::sqlite.
[[nodiscard]] const Driver& driver();
}  // namespace sqlite

namespace postgres {
/// The driver for PostgreSQL, in the target whimbrel::postgres.
[[nodiscard]] const Driver& driver();
}  // namespace postgres

/// The drivers that the target of this source file links.
struct Drivers {
  const Driver* list[4] = {};
};

namespace detail {
inline Drivers linked_drivers() {
  Drivers drivers;
  std::size_t count = 0;
#ifdef WHIMBREL_WITH_SQLITE
  drivers.list[count++] = &sqlite::driver();
#endif
#ifdef WHIMBREL_WITH_POSTGRES
  drivers.list[count++] = &postgres::driver();
#endif
  static_cast<void>(count);
  return drivers;
}
}  // namespace detail

}  // namespace whimbrel
