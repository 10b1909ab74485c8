#pragma once

#include "dialect/postgres/native.h"

namespace whimbrel::dialect::postgres {

/// A database of a random name, made with the encoding and the locale of the one that `maintenance` is connected to,
/// and dropped with the object. One that was left behind, because its program was killed, is dropped with the next.
class ScratchDatabase {
 public:
  /// Throws Error; sqlstate 42501 where the role may not create databases.
  explicit ScratchDatabase(Handle maintenance);
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  ~ScratchDatabase();

  /// How it is reached.
  [[nodiscard]] Destinations destinations() const;

 private:
  void drop_leftovers();

  Handle maintenance_;
  std::string name_;
};

}  // namespace whimbrel::dialect::postgres
