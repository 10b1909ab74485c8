#pragma once

#include <type_traits>

namespace whimbrel {

/// The range that is searched for the enumerators of an enum. Enumerators outside are not found: specialise this for an
/// enum that has some.
///
///     template <> struct whimbrel::EnumRange<HttpStatus> { static constexpr int first = 100, last = 599; };
template <class E>
struct EnumRange {
  static constexpr int first = -16;
  static constexpr int last = 255;
};

namespace detail {

/// An enum, erased.
struct EnumType {
  const char* signature;  ///< Contains the compiler's names of the values first, first + 1, ...
  int first;
};

template <class I, I... N>
struct Integers {};
// <utility> would cost more than the rest of this header.
#ifdef __clang__
template <int Count>
using IntegersTo = __make_integer_seq<Integers, int, Count>;
#else
template <int Count>
using IntegersTo = Integers<int, __integer_pack(Count)...>;
#endif

template <class E, E... V>
consteval const char* enumerator_names() {
  return __PRETTY_FUNCTION__;
}

template <class E, int First, int... N>
consteval const char* enumerator_names(Integers<int, N...>) {
  return enumerator_names<E, static_cast<E>(First + N)...>();
}

template <class E>
consteval EnumType make_enum_type() {
  using Underlying = std::underlying_type_t<E>;
  using Range = EnumRange<E>;
  static_assert(
      requires { E{0}; },
      "whimbrel: an enum column needs an enum with a fixed underlying type, `enum class E` or `enum E : int`: the "
      "enumerators of other enums cannot be found");
  static_assert(Range::first <= Range::last, "whimbrel: EnumRange: first is greater than last");
  if constexpr (requires { E{0}; } && Range::first <= Range::last) {
    constexpr bool is_small = sizeof(Underlying) == 1;
    constexpr int lowest = std::is_same_v<Underlying, bool> || std::is_unsigned_v<Underlying> ? 0
                           : is_small                                                         ? -128
                                                                                              : Range::first;
    constexpr int highest = std::is_same_v<Underlying, bool>             ? 1
                            : is_small && std::is_unsigned_v<Underlying> ? 255
                            : is_small                                   ? 127
                                                                         : Range::last;
    constexpr int first = Range::first < lowest ? lowest : Range::first;
    constexpr int last = Range::last > highest ? highest : Range::last;
    return {enumerator_names<E, first>(IntegersTo<last - first + 1>{}), first};
  } else {
    return {"", 0};
  }
}

template <class E>
inline constexpr EnumType enum_type = make_enum_type<E>();

}  // namespace detail
}  // namespace whimbrel
