#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dialect/connection.h"

namespace whimbrel::dialect::sqlite {

/// The settings of a connection that are changed while migrations run. The destructor restores them as far as it can.
///
/// Inside a transaction SQLite silently ignores `PRAGMA foreign_keys`, so every change is read back.
class Settings {
 public:
  /// Turns `foreign_keys` off, so that dropping a table deletes no rows of others, and `legacy_alter_table` on, so that
  /// renaming a table in a rebuild does not change views, triggers and foreign keys of others. Throws Error (unsafe) on
  /// failure.
  explicit Settings(Connection& connection);
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;
  ~Settings();

  /// Throws Error (connection) if a setting could not be restored.
  void restore();
  /// Restores the settings for migrations after a statement has changed them.
  void renew_foreign_keys();
  void renew_legacy_alter_table();
  [[nodiscard]] bool is_legacy_alter_table() const;

 private:
  [[nodiscard]] std::int64_t read(const std::string& pragma) const;
  void set(const std::string& pragma, std::int64_t value) const;
  /// Sets the pragma and reads it back. Returns whether it has the value.
  [[nodiscard]] bool take(const std::string& pragma, std::int64_t value) const;

  struct Changed {
    std::string pragma;
    std::int64_t before;
  };
  Connection& connection_;
  std::vector<Changed> changed_;
};

}  // namespace whimbrel::dialect::sqlite
