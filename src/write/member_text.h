#pragma once

#include <string>

#include "model/type_mapping.h"

/// Pieces of the text of an entity.
namespace whimbrel::write {

/// The text as a C++ literal: as people write it, where that is safe.
[[nodiscard]] std::string literal(const std::string& text);

/// `{.name = "a", .unique = true}`
class Options {
 public:
  void add(const std::string& option, const std::string& value) {
    text_ += (text_.empty() ? "{." : ", .") + option + " = " + value;
  }
  [[nodiscard]] std::string text() const { return text_.empty() ? "" : text_ + '}'; }
  /// After other arguments.
  [[nodiscard]] std::string last() const { return text_.empty() ? "" : ", " + text(); }

 private:
  std::string text_;
};

/// What a member that holds such values is in C++.
struct MemberType {
  const char* text;
  const char* header;  ///< Of the standard library; null: none.
};
[[nodiscard]] MemberType member_type(model::ValueKind kind);

}  // namespace whimbrel::write
