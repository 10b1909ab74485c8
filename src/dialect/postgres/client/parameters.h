#pragma once

#include <string>
#include <vector>

#include "whimbrel/query_runner.h"

namespace whimbrel::dialect::postgres {

/// The parameters of a statement as arrays for libpq. The server infers the types of all but bytes, so that a value
/// fits any column.
class BoundParameters {
 public:
  /// Throws Error (statement) for text with a NUL character, which PostgreSQL cannot store.
  BoundParameters(const std::vector<Value>& parameters, std::string_view statement);
  BoundParameters(const BoundParameters&) = delete;
  BoundParameters& operator=(const BoundParameters&) = delete;

  [[nodiscard]] int size() const { return static_cast<int>(types_.size()); }
  [[nodiscard]] const unsigned* types() const { return types_.data(); }
  [[nodiscard]] const char* const* values() const { return values_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<unsigned> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

}  // namespace whimbrel::dialect::postgres
