#pragma once

#include "dialect/postgres/client/native.h"

namespace whimbrel::dialect::postgres {

enum class ScratchOwner {
  same_role,
  /// A role of its own, which may do nothing beyond the database, where the connection's may do what no file should:
  /// a superuser's, or one that makes roles. Otherwise the same.
  confined_role,
};

/// A database of a random name, made with the encoding and the locale of the one that `maintenance` is connected to,
/// and dropped with the object. Where the program is killed, the server drops it: a second session waits there for the
/// end of the first, with the statements that do it. What is left nevertheless, since the server was stopped as well,
/// is dropped with the next.
class ScratchDatabase {
 public:
  /// Throws Error; sqlstate 42501 where the role may not create databases.
  explicit ScratchDatabase(Handle maintenance, ScratchOwner owner = ScratchOwner::same_role);
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  ~ScratchDatabase();

  /// A connection to it, as its owner. Throws Error (unsafe) where a role of its own is not let in.
  [[nodiscard]] Handle connect_to_it() const;

 private:
  void drop_leftovers();
  void post_guardian();
  void make_role();
  void drop();

  Handle maintenance_;
  Handle guardian_;  ///< Waits for the end of maintenance_; null where there cannot be one.
  std::string name_;
  std::string password_;  ///< Of the role that has the database's name; empty if there is none.
};

}  // namespace whimbrel::dialect::postgres
