#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Names in the compiler's name of a function template. GCC and Clang write them in the same way: `T = User`,
/// `M = &User::email`, `V = {Color::red, (Color)1}`.
namespace whimbrel::entity {

/// A data member by the class that declares it, which may be a base of the entity.
struct MemberName {
  std::string owner;  ///< With its namespaces: `shop::User`.
  std::string name;
  auto operator<=>(const MemberName&) const = default;
};

struct Enumerator {
  std::string name;
  std::int64_t value = 0;
};

/// Returns the type argument of that name: `shop::User`.
[[nodiscard]] std::string type_name(std::string_view signature, std::string_view parameter = "T");
/// Returns the member argument of that name.
[[nodiscard]] MemberName member_name(std::string_view signature, std::string_view parameter = "M");
/// Returns the member M, or the one that Path leads to from it: `address.city` of M's class.
[[nodiscard]] MemberName member_path(std::string_view signature);
/// Returns the members M and More, a pack.
[[nodiscard]] std::vector<MemberName> member_names(std::string_view signature);
/// Returns the named values V of the signature; `first` is the first value.
[[nodiscard]] std::vector<Enumerator> enumerators(std::string_view signature, std::int64_t first);

/// Returns the name without namespaces and enclosing classes: `User`.
[[nodiscard]] std::string unqualified(std::string_view name);

}  // namespace whimbrel::entity
