#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/command.h"

namespace whimbrel::dialect::sqlite {

/// The transaction that holds the statements of a migration together when none encloses it: while its lock lasts nobody
/// sees what is in between. A rebuild has a savepoint of its own in it, from the making of the copy to the indexes and
/// triggers that are made again.
class HeldStatements {
 public:
  explicit HeldStatements(Connection& connection) : connection_(connection) {}

  /// From now on; begins the transaction if none is active.
  void begin();
  /// Around the statements of an operation, which has a savepoint of its own.
  void begin_operation();
  void end_operation() { --operations_; }
  [[nodiscard]] bool is_open() const { return is_open_; }
  /// To be called around each statement. Throws Error (unsafe) when SQLite itself has undone the transaction.
  void before(const Command& command);
  void after(const Command& command);
  void commit();
  /// Commits all but an unfinished rebuild; nothing if it was not safe. Returns whether anything can have stayed.
  bool keep_done();
  void set_unsafe() { is_unsafe_ = true; }

 private:
  [[nodiscard]] bool begins_rebuild(const Command& command) const;
  [[nodiscard]] std::vector<std::string>::iterator find_copy(const std::string& name);
  void end_rebuild();

  Connection& connection_;
  bool is_wanted_ = false;
  bool is_open_ = false;
  bool is_unsafe_ = false;
  int operations_ = 0;
  bool is_rebuilding_ = false;       ///< The savepoint is there.
  std::vector<std::string> copies_;  ///< Temporary tables of rebuilds that are not done.
};

}  // namespace whimbrel::dialect::sqlite
