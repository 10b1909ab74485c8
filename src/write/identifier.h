#pragma once

#include <set>
#include <string>
#include <string_view>

/// Turns names of a database into C++ names.
namespace whimbrel::write {

/// `order details` → `OrderDetails`: a class name that every compiler accepts.
[[nodiscard]] std::string class_identifier(std::string_view name);

/// Returns a name for a member or an enumerator: the name itself if it is valid C++.
[[nodiscard]] std::string member_identifier(std::string_view name);

/// `OrderDetails` → `order_details`, for a file: short enough for every file system, including its suffix.
[[nodiscard]] std::string file_stem(std::string_view class_name);

/// Returns whether a program may use the name: it is not reserved, a keyword or a macro of the standard library.
[[nodiscard]] bool is_identifier(std::string_view name);

/// `shop::model`: identifiers with `::` between them.
[[nodiscard]] bool is_namespace(std::string_view name);

/// Makes names unique, also if case is ignored.
class UniqueNames {
 public:
  /// Returns the name, or the name followed by a number.
  [[nodiscard]] std::string add(const std::string& name);

 private:
  std::set<std::string> taken_;
};

}  // namespace whimbrel::write
