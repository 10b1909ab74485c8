#pragma once

#include <set>
#include <string>
#include <string_view>

#include "dialect/mysql/client/native.h"

namespace whimbrel::dialect::mysql {

enum class ScratchOwner {
  same_user,
  confined_user,  ///< A user of its own, unless the connection's has no privileges outside scratch databases.
};

/// A database with the character set and collation of the connection's, which is dropped with the object. Its session
/// holds a lock with the name of the database; another run drops a database whose lock is free, because its program has
/// crashed.
class ScratchDatabase {
 public:
  /// The destination's database need not be set. Throws Error if the user may not create one.
  ScratchDatabase(const Destination& destination, ScratchOwner owner);
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  ~ScratchDatabase();

  /// Returns how to connect to it.
  [[nodiscard]] Destination destination() const;
  /// Returns whether it is for a file, whose statements its owner did not write.
  [[nodiscard]] bool is_of_file() const { return owner_ == ScratchOwner::confined_user; }
  /// Throws Error (unsafe) if the statement may reach outside, unless the server prevents that.
  void require_inside(std::string_view statement) const;

 private:
  void drop_leftovers(const std::string& number);
  /// Finds the databases that the user of the connection may know.
  void find_others(MYSQL* session);
  /// Finds out what the user of a file may do elsewhere.
  void find_reach(MYSQL* session);
  void make_user();
  void drop() noexcept;
  std::vector<TextRow> rows_of(const std::string& sql) const;
  /// Returns the server's error; empty if there was none.
  std::string problem_with(const std::string& sql) const;

  Destination destination_;
  Handle maintenance_;
  std::string name_;
  std::string user_;      ///< The separate user: `'a'@'localhost'`; empty: none.
  std::string password_;  ///< Its password.
  ScratchOwner owner_;
  std::set<std::string> others_;  ///< Other databases that its user may know, in lower case.
  bool has_more_ = false;         ///< If true, the user of a file has privileges outside the scratch database.
  bool are_events_run_ = false;
};

}  // namespace whimbrel::dialect::mysql
