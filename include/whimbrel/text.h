#pragma once

namespace whimbrel {

/// A view of characters that costs nothing to include: `std::string_view` without its header.
///
/// Functions that take a Text copy it before they return, so a temporary string may be passed.
class Text {
 public:
  using Size = decltype(sizeof 0);  ///< std::size_t.

  constexpr Text() = default;
  constexpr Text(const char* text) : data_(text), size_(text ? __builtin_strlen(text) : 0) {}
  constexpr Text(const char* data, Size size) : data_(data), size_(size) {}
  /// Anything like a string: std::string, std::string_view.
  template <class String>
  requires requires(const String& string) {
    static_cast<const char*>(string.data());
    string.size();
  }
  constexpr Text(const String& string) : data_(string.data()), size_(string.size()) {}

  [[nodiscard]] constexpr const char* data() const { return data_; }
  [[nodiscard]] constexpr Size size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

 private:
  const char* data_ = "";
  Size size_ = 0;
};

}  // namespace whimbrel
