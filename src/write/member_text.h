#pragma once

#include <string>

#include "model/type_mapping.h"

/// Parts of the text of an entity.
namespace whimbrel::write {

/// Returns the text as a C++ literal: an ordinary one without escapes if that is safe.
[[nodiscard]] std::string literal(const std::string& text);

/// `{.name = "a", .unique = true}`
class Options {
 public:
  void add(const std::string& option, const std::string& value) {
    text_ += (text_.empty() ? "{." : ", .") + option + " = " + value;
  }
  [[nodiscard]] std::string text() const { return text_.empty() ? "" : text_ + '}'; }
  /// The options as the last argument, after others.
  [[nodiscard]] std::string last() const { return text_.empty() ? "" : ", " + text(); }

 private:
  std::string text_;
};

/// The C++ type of a member for such values.
struct MemberType {
  const char* text;
  const char* header;  ///< The standard library header; null: none.
};
[[nodiscard]] MemberType member_type(model::ValueKind kind);

}  // namespace whimbrel::write
