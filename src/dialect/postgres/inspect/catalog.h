#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/dialect.h"

namespace whimbrel::dialect::postgres {

/// What a row of a catalogue is known by: pg_class and the number.
using Key = std::pair<std::string, std::int64_t>;

/// The rows of the inspector's queries. A number is a pg_class.oid or the like.
struct Catalog {
  Rows::Data relations;
  Rows::Data columns;
  Rows::Data constraints;
  Rows::Data indexes;
  Rows::Data uses;
  Rows::Data triggers;
  Rows::Data enums;
  Rows::Data objects;
};

/// Runs the statements in a transaction that is rolled back, and returns the rows of each; `begin` begins it. Inside a
/// transaction it is a part of that. Nothing of it stays, also after an error.
std::vector<Rows::Data> run_apart(Connection& connection, std::string_view begin,
                                  const std::vector<std::string>& statements);

/// Sets, until the end of what run_apart() runs, how the server spells names and constants: alike whoever asks.
[[nodiscard]] std::string spelling_settings();

/// What the queries return of one state of the database.
[[nodiscard]] std::vector<Rows::Data> read_together(Connection& connection, std::vector<std::string> queries);

[[nodiscard]] Catalog read_catalog(Connection& connection, const InspectScope& scope);

/// The values of one row, one after the other.
class Fields {
 public:
  explicit Fields(const std::vector<Value>& values) : next_(values.begin()) {}

  /// NULL is empty, 0, or no.
  [[nodiscard]] std::string text();
  [[nodiscard]] char letter();
  [[nodiscard]] std::int64_t number();
  [[nodiscard]] Key key();
  [[nodiscard]] bool is_null() const { return next_->is_null(); }
  [[nodiscard]] bool flag() { return number() != 0; }
  [[nodiscard]] std::optional<std::string> optional_text();
  /// The numbers in `{1,2}` or `1 2`.
  [[nodiscard]] std::vector<std::int64_t> numbers();

 private:
  std::vector<Value>::const_iterator next_;
};

}  // namespace whimbrel::dialect::postgres
