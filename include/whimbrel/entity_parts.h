#pragma once

#include "whimbrel/detail/member.h"
#include "whimbrel/text.h"

// The parts of an index, and of a foreign key over several members.

namespace whimbrel {

/// NULLS FIRST or NULLS LAST in an index.
enum class Nulls : unsigned char { by_default, first, last };

struct PartOptions {
  Text collation{detail::not_given};
  Nulls nulls = Nulls::by_default;
  /// PostgreSQL: "text_pattern_ops".
  Text operator_class{detail::not_given};
  /// MariaDB and MySQL: the prefix length, the number of characters of a text, or bytes of a blob, that are indexed; 0:
  /// the whole value.
  unsigned length = 0;
};

struct ExpressionOptions {
  Text collation{detail::not_given};
  bool descending = false;
  Nulls nulls = Nulls::by_default;
  Text operator_class{detail::not_given};
};

/// A part of an index: a member or an expression.
struct IndexPart {
  const char* member = nullptr;  ///< A signature that contains it as M; null if the part is an expression.
  Text expression{detail::not_given};
  Text collation{detail::not_given};
  bool descending = false;
  Nulls nulls = Nulls::by_default;
  Text operator_class{detail::not_given};
  unsigned length = 0;
  bool included = false;  ///< If true, a non-key column (INCLUDE).
};

/// A member that holds a part of a key, and the member of the other entity that it references.
struct KeyMembers {
  const char* signature = nullptr;  ///< Contains them as M and Referenced.
  const detail::MemberType* type = nullptr;
};

/// An index column. Path leads into an embedded struct: ascending<&User::address, &Address::city>().
template <auto M, auto... Path>
[[nodiscard]] constexpr IndexPart ascending(const PartOptions& options = {}) {
  return {__PRETTY_FUNCTION__, {}, options.collation, false, options.nulls, options.operator_class, options.length};
}

/// An index column in descending order.
template <auto M, auto... Path>
[[nodiscard]] constexpr IndexPart descending(const PartOptions& options = {}) {
  return {__PRETTY_FUNCTION__, {}, options.collation, true, options.nulls, options.operator_class, options.length};
}

/// A non-key index column (INCLUDE), for index-only scans.
template <auto M, auto... Path>
[[nodiscard]] constexpr IndexPart included() {
  return {.member = __PRETTY_FUNCTION__, .included = true};
}

/// An SQL expression in an index.
[[nodiscard]] constexpr IndexPart expression(Text sql, const ExpressionOptions& options = {}) {
  return {nullptr, sql, options.collation, options.descending, options.nulls, options.operator_class};
}

/// Pairs the member M, which holds a part of another row's key, with the member Referenced that it references.
template <auto M, auto Referenced>
[[nodiscard]] constexpr KeyMembers key() {
  static_assert(detail::is_key_of(detail::OwnMember<decltype(M)>::type, detail::OwnMember<decltype(Referenced)>::type),
                "whimbrel: a key member must have the type of the member that it references, or be a "
                "std::optional of it");
  return {__PRETTY_FUNCTION__, &detail::OwnMember<decltype(M)>::type};
}

}  // namespace whimbrel
