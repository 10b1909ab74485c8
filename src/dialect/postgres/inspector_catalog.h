#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"

namespace whimbrel::dialect::postgres {

/// The rows of the inspector's queries. A number is a pg_class.oid or the like.
struct Catalog {
  Rows::Data relations;
  Rows::Data columns;
  Rows::Data constraints;
  Rows::Data indexes;
  Rows::Data dependencies;
  Rows::Data triggers;
  Rows::Data enums;
  Rows::Data objects;
};

/// What the queries return of one state of the database, in a session with the settings in which PostgreSQL spells
/// alike whoever asks; they are as they were afterwards, also after an error. Inside a transaction it is that
/// transaction's state.
[[nodiscard]] std::vector<Rows::Data> read_together(Connection& connection, std::vector<std::string> queries);

[[nodiscard]] Catalog read_catalog(Connection& connection, const Scope& scope);

/// The values of one row, one after the other.
class Fields {
 public:
  explicit Fields(const std::vector<Value>& values) : next_(values.begin()) {}

  /// NULL is empty, 0, or no.
  [[nodiscard]] std::string text();
  [[nodiscard]] char letter();
  [[nodiscard]] std::int64_t number();
  [[nodiscard]] bool flag() { return number() != 0; }
  [[nodiscard]] std::optional<std::string> optional_text();
  /// The numbers in `{1,2}` or `1 2`.
  [[nodiscard]] std::vector<std::int64_t> numbers();

 private:
  std::vector<Value>::const_iterator next_;
};

}  // namespace whimbrel::dialect::postgres
