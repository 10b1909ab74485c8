#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace whimbrel::cli {

/// A JSON value. Objects keep the order of their members.
class Json {
 public:
  using List = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;
  using Variant = std::variant<std::monostate, bool, std::int64_t, std::string, List, Object>;

  Json() = default;
  Json(bool value) : value_(value) {}
  Json(std::int64_t value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(const std::vector<std::string>& values) : value_(List(values.begin(), values.end())) {}
  Json(List values) : value_(std::move(values)) {}
  Json(Object members) : value_(std::move(members)) {}

  [[nodiscard]] const Variant& variant() const { return value_; }

 private:
  Variant value_;
};

/// Returns indented JSON with a final line feed. Bytes that are not UTF-8 are replaced.
[[nodiscard]] std::string to_text(const Json& json);

}  // namespace whimbrel::cli
