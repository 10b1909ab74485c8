#pragma once

#include <cstddef>

namespace whimbrel {

/// A database driver, as returned by whimbrel::sqlite::driver() of whimbrel/sqlite.h and its siblings.
struct Driver;

/// A list of drivers, in an array that outlives its use.
struct Drivers {
  const Driver* const* list = nullptr;
  std::size_t size = 0;

  [[nodiscard]] const Driver* const* begin() const { return list; }
  [[nodiscard]] const Driver* const* end() const { return list + size; }
};

/// The program's own open connection, as returned by whimbrel::sqlite::connection() of whimbrel/sqlite.h and its
/// siblings.
struct NativeConnection {
  const Driver* driver = nullptr;
  void* handle = nullptr;
};

namespace detail {
/// The drivers of the databases that the program links. CMake generates this function for every
/// program; a program that is built otherwise has none, and lists them in DataSourceOptions::drivers.
[[nodiscard]] Drivers linked_drivers();
}  // namespace detail

}  // namespace whimbrel
