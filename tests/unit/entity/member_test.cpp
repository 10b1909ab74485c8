#include "whimbrel/detail/member.h"

#include <doctest/doctest.h>

#include <any>
#include <chrono>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <regex>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>
#include <vector>

#include "whimbrel/entity_options.h"

// Types of the standard library are told by their structure. What follows is known when it compiles.

using namespace whimbrel;
using namespace whimbrel::detail;
namespace chrono = std::chrono;

namespace {

template <class V>
constexpr int categories = int{OwningString<V>} + int{Vector<V>} + int{Optional<V>} + int{SystemTime<V>} + int{Date<V>};

/// A type that is neither of them, however much it looks like one.
template <class... V>
constexpr bool are_none = ((categories<V> == 0) && ...);

static_assert(are_none<std::string_view, std::stringstream, std::stringbuf, std::regex, std::filesystem::path>);
static_assert(are_none<std::deque<unsigned char>, std::list<std::byte>, std::set<unsigned char>,
                       std::unordered_set<unsigned char>, std::map<int, int>, std::span<std::byte>>);
static_assert(are_none<std::any, std::unique_ptr<int>, std::shared_ptr<int>, std::weak_ptr<int>, std::variant<int>>);
static_assert(are_none<chrono::seconds, chrono::steady_clock::time_point, chrono::local_seconds, chrono::system_clock,
                       std::filesystem::file_time_type>);
static_assert(are_none<chrono::year_month_day_last, chrono::year_month, chrono::month_day, chrono::year,
                       chrono::year_month_weekday, chrono::year_month_weekday_last, chrono::weekday>);

template <class... V>
constexpr bool are_one = ((categories<V> == 1) && ...);

static_assert(are_one<std::string, std::pmr::string, std::wstring, std::vector<std::byte>, std::vector<int>,
                      std::pmr::vector<unsigned char>, std::optional<int>, std::optional<std::string>,
                      chrono::sys_seconds, chrono::sys_days, chrono::sys_time<chrono::nanoseconds>,
                      chrono::system_clock::time_point, chrono::year_month_day>);

static_assert(OwningString<std::string> && !Vector<std::string>);
static_assert(Optional<std::optional<std::vector<int>>> && !Vector<std::optional<std::vector<int>>>);
static_assert(TimePoint<chrono::local_seconds> && !SystemTime<chrono::local_seconds>);

// Options are structural, so that they can be template arguments and annotations.
template <auto Options>
constexpr bool is_argument = true;

static_assert(is_argument<TableOptions{.strict = true}> && is_argument<IndexOptions{.unique = true}> &&
              is_argument<ForeignKeyOptions{.on_delete = OnDelete::cascade}> && is_argument<CheckOptions{}> &&
              is_argument<UniqueOptions{}>);
#ifndef __clang__  // Clang 14 takes no double in a template argument.
static_assert(is_argument<ColumnOptions{.length = 5, .default_value = true, .unique = true}>);
#endif

}  // namespace

TEST_CASE("the kind of a member is that of its type, without const and std::optional") {
  CHECK(member_type<std::optional<std::int16_t>>.kind == MemberKind::int16);
  CHECK(member_type<std::optional<std::int16_t>>.is_optional);
  CHECK_FALSE(member_type<std::int16_t>.is_optional);
  CHECK(member_type<unsigned long>.kind == member_type<unsigned long long>.kind);
  struct Holder {
    const volatile std::uint8_t member;
  };
  CHECK(MemberOf<Holder, decltype(&Holder::member)>::type.kind == MemberKind::uint8);
}

TEST_CASE("an enum keeps its names and its underlying type") {
  enum class Small : std::uint16_t { one };
  enum class Yes : bool { no, yes };
  CHECK(member_type<Small>.kind == MemberKind::enumeration);
  CHECK(member_type<Small>.underlying == MemberKind::uint16);
  CHECK(member_type<Yes>.underlying == MemberKind::boolean);
  CHECK(member_type<std::optional<Small>>.enumeration == member_type<Small>.enumeration);
  CHECK(member_type<Small>.enumeration != member_type<Yes>.enumeration);
}
