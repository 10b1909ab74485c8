#pragma once

namespace whimbrel {

namespace detail {

/// The value of an option that is not set. It is a compile-time constant: a constructor call for each option of each
/// column would take most of the time that an entity costs to compile.
struct NotGiven {};
inline constexpr NotGiven not_given;

}  // namespace detail

/// A string view that needs no standard header.
///
/// Functions that take a Text copy it before they return, so a temporary string may be passed. Its parts are public so
/// that the type is structural: options that contain a Text can be template arguments and annotations.
class Text {
 public:
  using Size = decltype(sizeof 0);  ///< std::size_t.

  constexpr Text() = default;
  consteval Text(detail::NotGiven) {}
  constexpr Text(const char* text) : first_character(text), length(text ? __builtin_strlen(text) : 0) {}
  constexpr Text(const char* data, Size size) : first_character(data), length(size) {}
  /// Anything like a string: std::string, std::string_view.
  template <class String>
  requires requires(const String& string) {
    static_cast<const char*>(string.data());
    string.size();
  }
  constexpr Text(const String& string) : first_character(string.data()), length(string.size()) {}

  [[nodiscard]] constexpr const char* data() const { return first_character ? first_character : ""; }
  [[nodiscard]] constexpr Size size() const { return length; }
  [[nodiscard]] constexpr bool empty() const { return length == 0; }

  const char* first_character = nullptr;  ///< Null: empty.
  Size length = 0;
};

}  // namespace whimbrel
