#pragma once

#include "dialect/postgres/client/native.h"

namespace whimbrel::dialect::postgres {

enum class ScratchOwner {
  same_role,
  /// A separate role without privileges outside the database, if the connection's role is too powerful for a file: a
  /// superuser, or one that may create roles. Otherwise the connection's role.
  confined_role,
};

/// A database with a random name, created with the encoding and the locale of the database of `maintenance`, and
/// dropped by the destructor. If the program is killed, the server drops it: a second session waits there for the end
/// of the first, with the statements to drop it. If it remains nevertheless, because the server was stopped as well,
/// the next run drops it.
class ScratchDatabase {
 public:
  /// Throws Error; sqlstate 42501 if the role may not create databases.
  explicit ScratchDatabase(Handle maintenance, ScratchOwner owner = ScratchOwner::same_role);
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  ~ScratchDatabase();

  /// Returns a connection to it, as its owner. Throws Error (unsafe) if the separate role cannot connect.
  [[nodiscard]] Handle connect_to_it() const;

 private:
  void drop_leftovers();
  void post_guardian();
  void make_role();
  void drop();

  Handle maintenance_;
  Handle guardian_;  ///< Waits for the end of maintenance_; null if impossible.
  std::string name_;
  std::string password_;  ///< The password of the separate role, named like the database; empty: none.
};

}  // namespace whimbrel::dialect::postgres
