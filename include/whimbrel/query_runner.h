#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "whimbrel/migration.h"

namespace whimbrel {

/// The bytes of a BLOB.
using Bytes = std::vector<std::byte>;

/// A value of a parameter or of a row.
class Value {
 public:
  using Variant = std::variant<std::monostate, std::int64_t, double, std::string, Bytes>;

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool value) : value_(std::int64_t{value}) {}
  /// Throws whimbrel::Error for an integer that needs more than 63 bits and a sign.
  template <class Integer>
  requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>) Value(Integer value)
      : value_(to_integer(value)) {}
  Value(double value) : value_(value) {}
  Value(const char* value) : value_(std::string(value)) {}
  Value(std::string value) : value_(std::move(value)) {}
  Value(std::string_view value) : value_(std::string(value)) {}
  Value(Bytes value) : value_(std::move(value)) {}
  template <class T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  /// Return the value as that type, converted if nothing is lost. Throw whimbrel::Error for NULL and for a value that
  /// cannot be converted without loss.
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] double real() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Bytes bytes() const;
  [[nodiscard]] const Variant& variant() const { return value_; }

  bool operator==(const Value&) const = default;

 private:
  template <class Integer>
  static std::int64_t to_integer(Integer value) {
    if (!std::in_range<std::int64_t>(+value)) refuse_integer(static_cast<std::uint64_t>(value));
    return static_cast<std::int64_t>(value);
  }
  [[noreturn]] static void refuse_integer(std::uint64_t value);

  Variant value_;
};

/// The values for the placeholders of a statement, in order: `{7, "text", nullptr}`.
class Parameters {
 public:
  Parameters(std::initializer_list<Value> values) : values_(values) {}
  /// For a number of values that is known only at run time.
  explicit Parameters(std::vector<Value> values) : values_(std::move(values)) {}

  [[nodiscard]] const std::vector<Value>& values() const { return values_; }

 private:
  std::vector<Value> values_;
};

/// The contents of Rows.
struct Rows::Data {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> values;
};

/// One row of a result. Valid as long as its Rows.
class Row {
 public:
  Row(const std::vector<std::string>& columns, const std::vector<Value>& values)
      : columns_(&columns), values_(&values) {}

  [[nodiscard]] std::size_t size() const { return values_->size(); }
  /// The value of a column, from 0. Throws whimbrel::Error if there is no such column.
  [[nodiscard]] const Value& operator[](std::size_t column) const;
  [[nodiscard]] const Value& operator[](int column) const { return (*this)[static_cast<std::size_t>(column)]; }
  /// The value of a column by its name in the result.
  [[nodiscard]] const Value& operator[](std::string_view column) const;
  [[nodiscard]] const Value& operator[](const char* column) const { return (*this)[std::string_view(column)]; }

 private:
  const std::vector<std::string>* columns_;
  const std::vector<Value>* values_;
};

class Rows::Iterator {
 public:
  Iterator(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
  Row operator*() const { return (*rows_)[index_]; }
  Iterator& operator++() {
    ++index_;
    return *this;
  }
  bool operator==(const Iterator& other) const { return index_ == other.index_; }

 private:
  const Rows* rows_;
  std::size_t index_;
};

/// A function that is called for each row.
class RowFunction {
 public:
  template <class Function>
  requires std::is_invocable_v<Function&, Row> RowFunction(Function function) : function_(std::move(function)) {}

  void operator()(Row row) const { function_(row); }

 private:
  std::function<void(Row)> function_;
};

/// An UPDATE of a large table in batches.
struct BatchUpdate {
  std::string table{};
  /// A unique, non-null column that orders the batches, preferably the primary key.
  std::string key{};
  /// The SQL after SET.
  std::string set{};
  /// Values for the placeholders in `set`.
  std::vector<Value> parameters{};
  /// The SQL condition for the rows to update, without placeholders. Empty: all rows.
  std::string where{};
  std::size_t size = 1000;
  /// Called after each batch with the number of rows so far.
  std::function<void(std::size_t)> progress{};
};

inline Rows::Iterator Rows::begin() const { return {*this, 0}; }
inline Rows::Iterator Rows::end() const { return {*this, size()}; }

namespace detail {
struct SchemaAccess;
}

/// The destination of a QueryRunner's statements. Implement it only for a custom runner, such as a test recorder.
class QueryRunner::Backend {
 public:
  virtual ~Backend() = default;
  /// Runs `sql`. If `parameters` is not null, `sql` must be one statement, and its rows are returned.
  virtual Rows run(std::string_view sql, const std::vector<Value>* parameters) = 0;
  /// Runs a query and calls the function for each row.
  virtual void for_each_row(std::string_view sql, const std::vector<Value>& parameters, const RowFunction& function);
  /// Runs the statements of one schema operation.
  virtual void run_all(const std::vector<std::string>& statements);
  /// Returns the schema that is changed; null if there is none.
  virtual const detail::SchemaAccess* schema_access() { return nullptr; }
  virtual void start_transaction() = 0;
  virtual void commit_transaction() = 0;
  virtual void rollback_transaction() = 0;
  [[nodiscard]] virtual bool is_transaction_active() const = 0;
};

}  // namespace whimbrel
