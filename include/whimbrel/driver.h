#pragma once

#include <cstddef>

namespace whimbrel {

/// A database that a program can talk to. `whimbrel::sqlite::driver()` of whimbrel/sqlite.h and the like return one.
struct Driver;

/// A list of drivers, in an array that outlives its use.
struct Drivers {
  const Driver* const* list = nullptr;
  std::size_t size = 0;

  [[nodiscard]] const Driver* const* begin() const { return list; }
  [[nodiscard]] const Driver* const* end() const { return list + size; }
};

/// A connection that a program has open. `whimbrel::sqlite::connection()` of whimbrel/sqlite.h and the like make one.
struct NativeConnection {
  const Driver* driver = nullptr;
  void* handle = nullptr;
};

namespace detail {
/// The drivers of the databases that the program links. CMake generates it for every program; one that is built
/// otherwise has none, and lists them itself in DataSourceOptions::drivers.
[[nodiscard]] Drivers linked_drivers();
}  // namespace detail

}  // namespace whimbrel
