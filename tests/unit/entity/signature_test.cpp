#include "entity/signature.h"

#include <doctest/doctest.h>

#include <cstdint>

#include "whimbrel/detail/enum_names.h"
#include "whimbrel/entity.h"

using namespace whimbrel;
using entity::Enumerator;
using entity::MemberName;

namespace whimbrel::entity {
static bool operator==(const Enumerator& a, const Enumerator& b) { return a.name == b.name && a.value == b.value; }
}  // namespace whimbrel::entity

namespace {

struct Hidden {
  int x;
  enum class Colour { red, green };
};

}  // namespace

namespace shop {

struct Base {
  int id;
};
struct Order : Base {
  int count;
  enum Kind : int { regular = -1, express = 7 };
  enum class State : std::uint8_t { open = 3, closed, last = 255 };
};
template <class T>
struct Box {
  T value;
};
enum class Switch : bool { off, on };
enum class Tiny : std::int8_t { lowest = -16, highest = 127 };
enum class Far { near = 255, beyond = 256, http_ok = 400 };
enum class Wide : std::int64_t { one = 1 };
enum class Alias { first = 1, same = 1, second = 2 };
enum class red5 { red5, _ = 9, x1 };

}  // namespace shop

template <>
struct whimbrel::EnumRange<shop::Far> {
  static constexpr int first = 250;
  static constexpr int last = 400;
};

namespace {

template <class T>
consteval const char* type_signature() {
  return __PRETTY_FUNCTION__;
}
template <auto M, auto... More>
consteval const char* members_signature() {
  return __PRETTY_FUNCTION__;
}
template <auto M>
MemberName member() {
  return entity::member_name(members_signature<M>());
}
template <class E>
std::vector<Enumerator> enumerators() {
  return entity::enumerators(detail::enum_type<E>.signature, detail::enum_type<E>.first);
}

using Enumerators = std::vector<Enumerator>;

}  // namespace

TEST_CASE("a type is named as it is written") {
  CHECK(entity::type_name(type_signature<shop::Order>()) == "shop::Order");
  CHECK(entity::type_name(type_signature<shop::Box<int>>()) == "shop::Box<int>");
  CHECK(entity::unqualified(entity::type_name(type_signature<Hidden>())) == "Hidden");
  struct Local {};
  CHECK(entity::unqualified(entity::type_name(type_signature<Local>())) == "Local");
}

TEST_CASE("a member is named with the class that declares it") {
  CHECK(member<&shop::Order::count>() == MemberName{"shop::Order", "count"});
  CHECK(member<&shop::Order::id>() == MemberName{"shop::Base", "id"});
  CHECK(member<&shop::Box<int>::value>() == MemberName{"shop::Box<int>", "value"});
  CHECK(member<&Hidden::x>().name == "x");
}

TEST_CASE("the members of a pack are named in their order") {
  using entity::member_names;
  const MemberName count{"shop::Order", "count"};
  const MemberName id{"shop::Base", "id"};
  CHECK(member_names(members_signature<&shop::Order::count>()) == std::vector{count});
  CHECK(member_names(members_signature<&shop::Order::count, &shop::Order::id>()) == std::vector{count, id});
  CHECK(member_names(members_signature<&shop::Order::id, &shop::Order::id, &shop::Order::count>()) ==
        std::vector{id, id, count});
}

TEST_CASE("the enumerators of an enum are found without a macro") {
  CHECK(enumerators<shop::Order::Kind>() == Enumerators{{"regular", -1}, {"express", 7}});
  CHECK(enumerators<shop::Order::State>() == Enumerators{{"open", 3}, {"closed", 4}, {"last", 255}});
  CHECK(enumerators<Hidden::Colour>() == Enumerators{{"red", 0}, {"green", 1}});
  CHECK(enumerators<shop::Switch>() == Enumerators{{"off", 0}, {"on", 1}});
  CHECK(enumerators<shop::Tiny>() == Enumerators{{"lowest", -16}, {"highest", 127}});
  CHECK(enumerators<shop::Wide>() == Enumerators{{"one", 1}});
  CHECK(enumerators<shop::red5>() == Enumerators{{"red5", 0}, {"_", 9}, {"x1", 10}});
  enum class Local { u, v };
  CHECK(enumerators<Local>() == Enumerators{{"u", 0}, {"v", 1}});
}

TEST_CASE("of enumerators with one value the first counts") {
  CHECK(enumerators<shop::Alias>() == Enumerators{{"first", 1}, {"second", 2}});
}

TEST_CASE("the range of an enum can be widened") {
  CHECK(enumerators<shop::Far>() == Enumerators{{"near", 255}, {"beyond", 256}, {"http_ok", 400}});
}

TEST_CASE("a signature without the argument names nothing") {
  CHECK(entity::type_name("").empty());
  CHECK(entity::member_name("void f() [with auto N = &A::b]").name.empty());
  CHECK(entity::enumerators("void f()", 0).empty());
}
