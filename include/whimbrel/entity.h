#pragma once

// A program's entities include this header: it erases every type at the first step and includes nothing that costs
// time, and a test holds it to that.

#include <initializer_list>
#include <type_traits>

#include "whimbrel/detail/member.h"
#include "whimbrel/entities.h"
#include "whimbrel/entity_options.h"
#include "whimbrel/text.h"

namespace whimbrel {

namespace detail {

enum class ColumnRole : unsigned char { plain, primary, primary_generated, create_date, update_date };
enum class Relation : unsigned char { many_to_one, one_to_one };

// A signature is what the compiler calls the function template of Entity: it holds the names of the members that are
// its arguments.

void set_table(EntityBuilder& builder, const TableOptions& options);
void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role);
void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role,
                const ColumnOptions& options);
void add_unique(EntityBuilder& builder, const char* signature, const UniqueOptions& options);
void add_index(EntityBuilder& builder, const char* signature, const IndexOptions& options);
void add_index(EntityBuilder& builder, std::initializer_list<IndexPart> parts, const IndexOptions& options);
void add_check(EntityBuilder& builder, Text expression, const CheckOptions& options);
void add_foreign_key(EntityBuilder& builder, const char* signature, const MemberType& type, Relation relation,
                     const ForeignKeyOptions& options);

consteval bool is_plain_integer(const MemberType& type) {
  return type.kind >= MemberKind::int8 && type.kind <= MemberKind::uint64 && !type.is_optional;
}

consteval bool is_key_of(const MemberType& key, const MemberType& referenced) {
  return key.kind == referenced.kind && key.enumeration == referenced.enumeration;
}

/// What a foreign key refers to: a member of Target, or, if that is void, of the class that declares it.
template <class Target, class Pointer>
struct ReferredMember : MemberOf<Target, Pointer> {};
template <class V, class C>
struct ReferredMember<void, V C::*> : MemberOf<C, V C::*> {};

}  // namespace detail

/// What `static void describe(whimbrel::Entity<T>&)` of an entity T describes it with.
///
/// The columns are in the order in which they are described. A mistake that the compiler does not find is a
/// whimbrel::Error when the description is used, before any database is touched.
template <class T>
class Entity {
 public:
  explicit Entity(detail::EntityBuilder& builder) : builder_(builder) {}

  /// Names the table and what belongs to the whole of it. Not needed if there is nothing to say.
  void table(const TableOptions& options) { detail::set_table(builder_, options); }

  // What there is for each member is inlined always, and does without a default argument for many options: emitting a
  // function and empty options for every column would take most of the time that an entity costs to compile.

  /// The primary key: one integer column, which the database counts up.
  template <auto M>
  [[gnu::always_inline]] void primary_generated() {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(detail::is_plain_integer(Member::type),
                  "whimbrel: primary_generated needs an integer member, and not a std::optional");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::primary_generated);
  }
  template <auto M>
  [[gnu::always_inline]] void primary_generated(const ColumnOptions& options) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(detail::is_plain_integer(Member::type),
                  "whimbrel: primary_generated needs an integer member, and not a std::optional");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::primary_generated, options);
  }

  /// A column of the primary key, whose value the program gives.
  template <auto M>
  [[gnu::always_inline]] void primary_column(const ColumnOptions& options = {}) {
    detail::add_column(builder_, __PRETTY_FUNCTION__, detail::MemberOf<T, decltype(M)>::type,
                       detail::ColumnRole::primary, options);
  }

  /// A column.
  template <auto M>
  [[gnu::always_inline]] void column() {
    detail::add_column(builder_, __PRETTY_FUNCTION__, detail::MemberOf<T, decltype(M)>::type,
                       detail::ColumnRole::plain);
  }
  template <auto M>
  [[gnu::always_inline]] void column(const ColumnOptions& options) {
    detail::add_column(builder_, __PRETTY_FUNCTION__, detail::MemberOf<T, decltype(M)>::type, detail::ColumnRole::plain,
                       options);
  }

  /// A column whose default is the time at which the row is inserted.
  template <auto M>
  [[gnu::always_inline]] void create_date(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(Member::type.kind == detail::MemberKind::timestamp,
                  "whimbrel: create_date needs a std::chrono::sys_time<...> member");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::create_date, options);
  }

  /// A column for the time at which the row was last changed; the default is the time at which it is inserted.
  template <auto M>
  [[gnu::always_inline]] void update_date(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(Member::type.kind == detail::MemberKind::timestamp,
                  "whimbrel: update_date needs a std::chrono::sys_time<...> member");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::update_date, options);
  }

  /// No two rows have the same values in these columns.
  template <auto M, auto... More>
  [[gnu::always_inline]] void unique(const UniqueOptions& options = {}) {
    static_assert(
        (detail::MemberOf<T, decltype(M)>::is_member && ... && detail::MemberOf<T, decltype(More)>::is_member));
    detail::add_unique(builder_, __PRETTY_FUNCTION__, options);
  }

  /// An index over columns.
  template <auto M, auto... More>
  [[gnu::always_inline]] void index(const IndexOptions& options = {}) {
    static_assert(
        (detail::MemberOf<T, decltype(M)>::is_member && ... && detail::MemberOf<T, decltype(More)>::is_member));
    detail::add_index(builder_, __PRETTY_FUNCTION__, options);
  }

  /// An index over columns, in an order, and expressions.
  ///
  ///     post.index({whimbrel::ascending<&Post::author_id>(), whimbrel::descending<&Post::written_at>()});
  void index(std::initializer_list<IndexPart> parts, const IndexOptions& options = {}) {
    detail::add_index(builder_, parts, options);
  }

  /// An SQL expression over the columns that is false in no row.
  void check(Text expression, const CheckOptions& options = {}) { detail::add_check(builder_, expression, options); }

  /// A foreign key over the member M, which holds the key of a row of another entity, or of this one. It describes the
  /// column too, if nothing else does. Target is needed only where more than one entity has inherited Referenced.
  template <auto M, auto Referenced, class Target = void>
  [[gnu::always_inline]] void many_to_one(const ForeignKeyOptions& options = {}) {
    using Referred = detail::ReferredMember<Target, decltype(Referenced)>;
    static_assert(detail::is_key_of(detail::MemberOf<T, decltype(M)>::type, Referred::type),
                  "whimbrel: a member that holds a key has the type of the member that it refers to, or is a "
                  "std::optional of it");
    detail::add_foreign_key(builder_, __PRETTY_FUNCTION__, detail::MemberOf<T, decltype(M)>::type,
                            detail::Relation::many_to_one, options);
  }

  /// The same, with at most one row for each row of the other entity.
  template <auto M, auto Referenced, class Target = void>
  [[gnu::always_inline]] void one_to_one(const ForeignKeyOptions& options = {}) {
    using Referred = detail::ReferredMember<Target, decltype(Referenced)>;
    static_assert(detail::is_key_of(detail::MemberOf<T, decltype(M)>::type, Referred::type),
                  "whimbrel: a member that holds a key has the type of the member that it refers to, or is a "
                  "std::optional of it");
    detail::add_foreign_key(builder_, __PRETTY_FUNCTION__, detail::MemberOf<T, decltype(M)>::type,
                            detail::Relation::one_to_one, options);
  }

 private:
  detail::EntityBuilder& builder_;
};

/// A column as a part of an index.
template <auto M>
[[nodiscard]] constexpr IndexPart ascending(const PartOptions& options = {}) {
  return {__PRETTY_FUNCTION__, {}, options.collation, false};
}

/// A column as a part of an index, greatest values first.
template <auto M>
[[nodiscard]] constexpr IndexPart descending(const PartOptions& options = {}) {
  return {__PRETTY_FUNCTION__, {}, options.collation, true};
}

/// An SQL expression as a part of an index.
[[nodiscard]] constexpr IndexPart expression(Text sql, const ExpressionOptions& options = {}) {
  return {nullptr, sql, options.collation, options.descending};
}

namespace detail {

template <class T>
consteval const char* type_signature() {
  return __PRETTY_FUNCTION__;
}

template <class T>
void describe_entity(EntityBuilder& builder) {
  constexpr bool is_described = requires(Entity<T> & entity) { T::describe(entity); };
  static_assert(is_described,
                "whimbrel: an entity has a public `static void describe(whimbrel::Entity<T>&)`, where T is itself");
  if constexpr (is_described) {
    Entity<T> entity(builder);
    T::describe(entity);
  }
}

}  // namespace detail

/// The entities of a program.
template <class... T>
[[nodiscard]] Entities entities() {
  if constexpr (sizeof...(T) == 0) {
    return {};
  } else {
    static constexpr detail::EntityType types[] = {{detail::type_signature<T>(), &detail::describe_entity<T>}...};
    return {types, sizeof...(T)};
  }
}

}  // namespace whimbrel
