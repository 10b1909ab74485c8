#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dialect/connection.h"

namespace whimbrel::dialect::sqlite {

/// The settings of a connection that are changed while migrations run. The destructor restores them as far as it can.
///
/// SQLite takes `PRAGMA foreign_keys` without a word inside a transaction, and does nothing: every change is read back.
class Settings {
 public:
  /// `foreign_keys` off, so that dropping a table deletes no rows of others; `legacy_alter_table` on, so that renaming
  /// a table in a rebuild leaves the views, triggers and foreign keys of others alone. Throws Error (unsafe) when that
  /// does not succeed.
  explicit Settings(Connection& connection);
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;
  ~Settings();

  /// Throws Error (connection) when a setting is not what it was.
  void restore();
  /// Sets what a statement has changed back to what migrations run with.
  void renew_foreign_keys();
  void renew_legacy_alter_table();
  [[nodiscard]] bool is_legacy_alter_table() const;

 private:
  [[nodiscard]] std::int64_t read(const std::string& pragma) const;
  void set(const std::string& pragma, std::int64_t value) const;
  /// Sets and reads back.
  [[nodiscard]] bool take(const std::string& pragma, std::int64_t value) const;

  struct Changed {
    std::string pragma;
    std::int64_t before;
  };
  Connection& connection_;
  std::vector<Changed> changed_;
};

}  // namespace whimbrel::dialect::sqlite
