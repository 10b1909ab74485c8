#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "whimbrel/detail/enum_names.h"

// The type of an entity's member, determined at compile time and then erased. Types of the standard library are
// detected by their structure: including <string>, <vector>, <optional> and <chrono> would cost more than everything
// else.

namespace whimbrel::detail {

enum class MemberKind : unsigned char {
  none,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  boolean,
  float32,
  float64,
  text,
  bytes,
  date,
  timestamp,
  enumeration,
  array,
  json,
  uuid,  ///< Not detected from a type: text that holds a generated UUID.
};

/// The type of a member, erased.
struct MemberType {
  MemberKind kind = MemberKind::none;
  MemberKind underlying = MemberKind::none;  ///< The underlying type of an enum, or the element type of an array.
  bool is_optional = false;
  const EnumType* enumeration = nullptr;
};

consteval bool is_plain_integer(const MemberType& type) {
  return type.kind >= MemberKind::int8 && type.kind <= MemberKind::uint64 && !type.is_optional;
}
consteval bool is_generated_type(const MemberType& type) {
  return is_plain_integer(type) || (type.kind == MemberKind::text && !type.is_optional);
}

consteval bool is_key_of(const MemberType& key, const MemberType& referenced) {
  return key.kind == referenced.kind && key.enumeration == referenced.enumeration;
}

template <class V>
concept CharacterType = std::is_same_v<V, char> || std::is_same_v<V, wchar_t> || std::is_same_v<V, char8_t> ||
    std::is_same_v<V, char16_t> || std::is_same_v<V, char32_t>;

template <class V>
concept Integer = std::is_integral_v<V> && !std::is_same_v<V, bool> && !CharacterType<V>;

template <class V>
concept StringOrView = requires(const V& value) {
  typename V::traits_type;
  typename V::value_type;
  value.data();
  value.size();
};

/// std::basic_string with any allocator. Streams have both of these types too, but no value_type.
template <class V>
concept OwningString = StringOrView<V> && requires(const V& value) {
  typename V::allocator_type;
  value.c_str();
};

template <class V>
concept OwnedText = OwningString<V> && std::is_same_v<typename V::value_type, char>;

/// std::vector. Of the other containers with an allocator, only strings have a capacity, and they have traits.
template <class V>
concept Vector = !StringOrView<V> && requires(const V& value) {
  typename V::value_type;
  typename V::allocator_type;
  value.capacity();
};

template <class V>
concept OwnedBytes = Vector<V> &&
    (std::is_same_v<typename V::value_type, std::byte> || std::is_same_v<typename V::value_type, unsigned char>);

/// std::optional. std::expected has an error as well, std::any no value_type.
template <class V>
concept Optional = !requires {
  typename V::error_type;
}
&&requires(V& value) {
  typename V::value_type;
  value.has_value();
  value.reset();
  static_cast<typename V::value_type&>(*value);
};

/// A std::chrono::time_point of any clock.
template <class V>
concept TimePoint = requires(const V& value) {
  typename V::clock;
  typename V::duration::period;
  value.time_since_epoch();
};

/// Only the system clock converts to time_t.
template <class V>
concept SystemTime = TimePoint<V> && requires(const V& value) {
  V::clock::to_time_t(typename V::clock::time_point{value});
};

template <class V>
concept Duration = requires(const V& value) {
  typename V::rep;
  typename V::period;
  value.count();
};

/// std::chrono::year_month_day. The other calendar types are not made from these three.
template <class V>
concept Date = requires(const V& value) {
  V(value.year(), value.month(), value.day());
  value.ok();
};

template <class V>
consteval MemberKind integer_kind() {
  constexpr int offset = sizeof(V) == 1 ? 0 : sizeof(V) == 2 ? 1 : sizeof(V) == 4 ? 2 : 3;
  constexpr int first = static_cast<int>(std::is_signed_v<V> ? MemberKind::int8 : MemberKind::uint8);
  return static_cast<MemberKind>(first + offset);
}

template <class V>
consteval MemberKind underlying_kind() {
  using Underlying = std::underlying_type_t<V>;
  if constexpr (std::is_same_v<Underlying, bool>) {
    return MemberKind::boolean;
  } else {
    return integer_kind<Underlying>();
  }
}

/// Rejects types that cannot be columns, and says what to use instead.
template <class V>
consteval MemberType refuse() {
  constexpr bool is_text =
      std::is_same_v<std::remove_cv_t<std::remove_pointer_t<std::remove_all_extents_t<V>>>, char> ||
      (StringOrView<V> && !OwningString<V>);
  constexpr bool is_vector = Vector<V>;
  constexpr bool is_time = TimePoint<V> || Duration<V>;
  constexpr bool is_wide = (StringOrView<V> && OwningString<V>) || CharacterType<V>;
  constexpr bool is_pointer = std::is_pointer_v<V>;
  constexpr bool is_optional = Optional<V>;
  constexpr bool is_function = std::is_function_v<V>;
  static_assert(!is_function, "whimbrel: name a data member of the entity: column<&User::email>()");
  static_assert(!is_text || CharacterType<V>, "whimbrel: use std::string: a column's member must own its text");
  static_assert(!is_wide,
                "whimbrel: use std::string for text, in UTF-8, or std::int8_t for a small number: wide and single "
                "characters cannot be columns");
  static_assert(!is_vector,
                "whimbrel: a std::vector column can hold only numbers, bool, text or enumerators: use json for other "
                "element types, or many_to_many for entities");
  static_assert(!is_time,
                "whimbrel: use std::chrono::sys_time<...> for a point in time, and an integer with the unit in its "
                "name for a duration");
  static_assert(!is_pointer || is_text,
                "whimbrel: a pointer cannot be a column: use std::optional<T> for a nullable value, and "
                "many_to_one for a reference to another entity");
  static_assert(!is_optional, "whimbrel: nested std::optional cannot be a column: use one std::optional<T>");
  static_assert(!std::is_same_v<V, std::byte>, "whimbrel: use std::uint8_t, or std::vector<std::byte> for bytes");
  static_assert(!std::is_same_v<V, long double>, "whimbrel: use double: databases have no long double");
  static_assert(is_function || is_text || is_wide || is_vector || is_time || is_pointer || is_optional ||
                    std::is_same_v<V, std::byte> || std::is_same_v<V, long double>,
                "whimbrel: this type cannot be a column: use an integer, bool, float, double, std::string, "
                "std::vector<std::byte>, std::chrono::sys_time<...>, std::chrono::year_month_day, an enum, or "
                "std::optional of one of these");
  return {};
}

/// Element types of an array column.
template <class V>
concept ArrayElement = std::is_same_v<V, bool> || Integer<V> || std::is_same_v<V, float> || std::is_same_v<V, double> ||
    OwnedText<V> ||(std::is_enum_v<V> && !std::is_same_v<V, std::byte>);

template <class V>
concept Array = Vector<V> && ArrayElement<typename V::value_type>;

template <class V>
consteval MemberType classify() {
  if constexpr (std::is_same_v<V, bool>) {
    return {MemberKind::boolean};
  } else if constexpr (Integer<V>) {
    return {integer_kind<V>()};
  } else if constexpr (std::is_same_v<V, float>) {
    return {MemberKind::float32};
  } else if constexpr (std::is_same_v<V, double>) {
    return {MemberKind::float64};
  } else if constexpr (std::is_enum_v<V> && !std::is_same_v<V, std::byte>) {
    return {MemberKind::enumeration, underlying_kind<V>(), false, &enum_type<V>};
  } else if constexpr (OwnedText<V>) {
    return {MemberKind::text};
  } else if constexpr (OwnedBytes<V>) {
    return {MemberKind::bytes};
  } else if constexpr (Array<V>) {
    return {MemberKind::array, classify<typename V::value_type>().kind};
  } else if constexpr (SystemTime<V>) {
    return {MemberKind::timestamp};
  } else if constexpr (Date<V>) {
    return {MemberKind::date};
  } else {
    return refuse<V>();
  }
}

template <class V>
consteval MemberType classify_member() {
  if constexpr (Optional<V>) {
    if constexpr (Optional<typename V::value_type>) {
      return refuse<V>();
    } else {
      MemberType type = classify<std::remove_cv_t<typename V::value_type>>();
      type.is_optional = true;
      return type;
    }
  } else {
    return classify<V>();
  }
}

/// A member of any type, as JSON.
template <class V>
inline constexpr MemberType json_type = {MemberKind::json, MemberKind::none, Optional<V>};

/// Once per type, however many members have it.
template <class V>
inline constexpr MemberType member_type = classify_member<V>();

/// The member that a pointer to a member of the entity T, or of a base of it, points to. If `IsColumn` is true, its
/// type must be a column type.
template <class T, class Pointer, bool IsColumn = true>
struct MemberOf {
  static_assert(!sizeof(Pointer), "whimbrel: name a data member of the entity: column<&User::email>()");
  static constexpr const MemberType& type = member_type<int>;
  static constexpr bool is_member = true;
  using Value = int;
};
template <class T, class V, class C>
struct MemberOf<T, V C::*, false> {
  static_assert(
      __is_base_of(C, T),
      "whimbrel: the member belongs to another class: an entity describes only its own and its bases' members");
  using Value = std::remove_cv_t<V>;
};
template <class T, class V, class C>
struct MemberOf<T, V C::*, true> : MemberOf<T, V C::*, false> {
  static constexpr const MemberType& type = member_type<std::remove_cv_t<V>>;
  static constexpr bool is_member = true;
};

/// The member, for any class that declares it.
template <class Pointer>
struct OwnMember : MemberOf<Pointer, Pointer> {};
template <class V, class C>
struct OwnMember<V C::*> : MemberOf<C, V C::*> {};

/// The member that a foreign key references: one of Target or, if that is void, of the class that declares it.
template <class Target, class Pointer>
struct ReferredMember : MemberOf<Target, Pointer> {};
template <class Pointer>
struct ReferredMember<void, Pointer> : OwnMember<Pointer> {};

/// The entity that a member is or leads to: through any pointer, a std::reference_wrapper or a std::optional.
template <class V>
struct Related {
  using Entity = V;
  static constexpr bool may_be_missing = false;
};
template <class V>
struct Related<V*> : Related<std::remove_cv_t<V>> {
  static constexpr bool may_be_missing = true;
};
template <class V>
requires requires(const V& value) {
  typename V::element_type;
  *value;
}
struct Related<V> : Related<std::remove_cv_t<typename V::element_type>> {
  static constexpr bool may_be_missing = true;
};
template <Optional V>
struct Related<V> : Related<std::remove_cv_t<typename V::value_type>> {
  static constexpr bool may_be_missing = true;
};
template <class V>
requires requires(const V& value) {
  typename V::type;
  value.get();
  static_cast<typename V::type&>(value);
}
struct Related<V> : Related<std::remove_cv_t<typename V::type>> {};

/// A class that is the value of a column.
template <class V>
concept ColumnClass = OwningString<V> || Vector<V> || SystemTime<V> || Date<V>;

/// A member of a relation: another entity, or a type that leads to one.
template <class V>
concept RelationMember = std::is_class_v<typename Related<V>::Entity> && !ColumnClass<typename Related<V>::Entity>;

}  // namespace whimbrel::detail
