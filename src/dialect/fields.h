#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "whimbrel/query_runner.h"

namespace whimbrel::dialect {

/// Returns the text of a value; NULL is empty. Bytes are a text: some servers store their catalog in binary columns.
[[nodiscard]] inline std::string text_of(const Value& value) {
  if (value.is_null()) return {};
  const auto* const bytes = std::get_if<Bytes>(&value.variant());
  if (bytes == nullptr) return value.text();
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

/// Reads the values of one row in order. NULL is empty, 0 or false.
class Fields {
 public:
  explicit Fields(const std::vector<Value>& values) : next_(values.begin()) {}

  [[nodiscard]] std::string text() { return text_of(*next_++); }
  [[nodiscard]] std::optional<std::string> optional_text() {
    const Value& value = *next_++;
    return value.is_null() ? std::nullopt : std::optional(text_of(value));
  }
  [[nodiscard]] std::int64_t number() {
    const Value& value = *next_++;
    return value.is_null() ? 0 : value.integer();
  }
  [[nodiscard]] bool flag() { return number() != 0; }
  [[nodiscard]] bool is(const char* word) { return text() == word; }
  [[nodiscard]] bool is_null() const { return next_->is_null(); }

 private:
  std::vector<Value>::const_iterator next_;
};

}  // namespace whimbrel::dialect
