#pragma once

#include <set>
#include <string>
#include <string_view>

/// Names of a database as names in C++.
namespace whimbrel::write {

/// `order details` → `OrderDetails`: a name for a class that every compiler takes.
[[nodiscard]] std::string class_identifier(std::string_view name);

/// A name for a member or an enumerator: the name itself if C++ takes it.
[[nodiscard]] std::string member_identifier(std::string_view name);

/// `OrderDetails` → `order_details`, for a file. No longer than every file system allows, with what comes after it.
[[nodiscard]] std::string file_stem(std::string_view class_name);

/// Is it a name that a program may give, other than a keyword and than what the standard library has macros for?
[[nodiscard]] bool is_identifier(std::string_view name);

/// `shop::model`: identifiers with `::` between them.
[[nodiscard]] bool is_namespace(std::string_view name);

/// Gives each name once, also for those who do not tell capital letters from small ones.
class UniqueNames {
 public:
  /// The name, or the name with a number after it.
  [[nodiscard]] std::string add(const std::string& name);

 private:
  std::set<std::string> taken_;
};

}  // namespace whimbrel::write
