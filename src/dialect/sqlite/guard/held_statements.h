#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/command.h"

namespace whimbrel::dialect::sqlite {

/// The transaction that groups the statements of a migration that runs without one: while it holds its lock, no other
/// connection sees intermediate states. A rebuild has its own savepoint in it, from the creation of the copy to the
/// recreated indexes and triggers.
class HeldStatements {
 public:
  explicit HeldStatements(Connection& connection) : connection_(connection) {}

  /// Starts grouping; begins the transaction if none is active.
  void begin();
  /// Call it around the statements of an operation, which has its own savepoint.
  void begin_operation();
  void end_operation() { --operations_; }
  [[nodiscard]] bool is_open() const { return is_open_; }
  /// Call it around each statement. Throws Error (unsafe) if SQLite itself has rolled back the transaction.
  void before(const Command& command);
  void after(const Command& command);
  void commit();
  /// Commits everything except an unfinished rebuild; nothing if it was not safe. Returns whether changes may remain.
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
  bool is_rebuilding_ = false;       ///< If true, the savepoint exists.
  std::vector<std::string> copies_;  ///< Temporary tables of unfinished rebuilds.
};

}  // namespace whimbrel::dialect::sqlite
