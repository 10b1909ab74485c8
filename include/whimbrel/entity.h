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

/// What a foreign key refers to.
struct Reference {
  Member member;
  const char* entity = nullptr;  ///< The signature of the entity; null: the one that the member tells.
};

void set_table(EntityBuilder& builder, const TableOptions& options);
void add_column(EntityBuilder& builder, const Member& member, ColumnRole role, const ColumnOptions& options);
void add_unique(EntityBuilder& builder, std::initializer_list<Member> members, const UniqueOptions& options);
void add_index(EntityBuilder& builder, std::initializer_list<IndexPart> parts, const IndexOptions& options);
void add_check(EntityBuilder& builder, Text expression, const CheckOptions& options);
void add_foreign_key(EntityBuilder& builder, const Member& member, const Reference& reference, bool one_to_one,
                     const ForeignKeyOptions& options);

template <class Target, auto Referenced>
consteval Reference make_reference() {
  if constexpr (std::is_void_v<Target>) {
    return {make_member<Referenced>(), nullptr};
  } else {
    return {make_member<Target, Referenced>(), type_signature<Target>()};
  }
}

consteval bool is_integer(const MemberType& type) {
  return type.kind >= MemberKind::int8 && type.kind <= MemberKind::uint64 && !type.is_optional;
}

consteval bool is_key_of(const MemberType& key, const MemberType& referenced) {
  return key.kind == referenced.kind && key.enumeration == referenced.enumeration;
}

}  // namespace detail

/// What `static void describe(whimbrel::Entity<T>&)` of an entity T describes it with.
///
/// The columns are in the order in which they are described. A mistake that the compiler does not find is a
/// whimbrel::Error when the description is used, before any database is touched.
template <class T>
class Entity {
 public:
  explicit Entity(detail::EntityBuilder& builder) : builder_(&builder) {}

  /// Names the table and what belongs to the whole of it. Not needed if there is nothing to say.
  void table(const TableOptions& options) { detail::set_table(*builder_, options); }

  // What there is one of for each column is inlined always: emitting a function for each would take most of the time
  // that an entity costs to compile. Their own signatures name the members.

  /// The primary key: one integer column, which the database counts up.
  template <auto M>
  [[gnu::always_inline]] void primary_generated(const ColumnOptions& options = {}) {
    constexpr const detail::MemberType* type = detail::MemberOf<T, decltype(M)>::type;
    static_assert(detail::is_integer(*type),
                  "whimbrel: primary_generated needs an integer member, and not a std::optional");
    detail::add_column(*builder_, {__PRETTY_FUNCTION__, type}, detail::ColumnRole::primary_generated, options);
  }

  /// A column of the primary key, whose value the program gives.
  template <auto M>
  [[gnu::always_inline]] void primary_column(const ColumnOptions& options = {}) {
    constexpr const detail::MemberType* type = detail::MemberOf<T, decltype(M)>::type;
    detail::add_column(*builder_, {__PRETTY_FUNCTION__, type}, detail::ColumnRole::primary, options);
  }

  /// A column.
  template <auto M>
  [[gnu::always_inline]] void column(const ColumnOptions& options = {}) {
    constexpr const detail::MemberType* type = detail::MemberOf<T, decltype(M)>::type;
    detail::add_column(*builder_, {__PRETTY_FUNCTION__, type}, detail::ColumnRole::plain, options);
  }

  /// A column whose default is the time at which the row is inserted.
  template <auto M>
  [[gnu::always_inline]] void create_date(const ColumnOptions& options = {}) {
    constexpr const detail::MemberType* type = detail::MemberOf<T, decltype(M)>::type;
    static_assert(type->kind == detail::MemberKind::timestamp,
                  "whimbrel: create_date needs a std::chrono::sys_time<...> member");
    detail::add_column(*builder_, {__PRETTY_FUNCTION__, type}, detail::ColumnRole::create_date, options);
  }

  /// A column for the time at which the row was last changed; the default is the time at which it is inserted.
  template <auto M>
  [[gnu::always_inline]] void update_date(const ColumnOptions& options = {}) {
    constexpr const detail::MemberType* type = detail::MemberOf<T, decltype(M)>::type;
    static_assert(type->kind == detail::MemberKind::timestamp,
                  "whimbrel: update_date needs a std::chrono::sys_time<...> member");
    detail::add_column(*builder_, {__PRETTY_FUNCTION__, type}, detail::ColumnRole::update_date, options);
  }

  /// No two rows have the same values in these columns.
  template <auto First, auto... Rest>
  void unique(const UniqueOptions& options = {}) {
    detail::add_unique(*builder_, {detail::make_member<T, First>(), detail::make_member<T, Rest>()...}, options);
  }

  /// An index over columns.
  template <auto First, auto... Rest>
  void index(const IndexOptions& options = {}) {
    detail::add_index(
        *builder_,
        {{detail::make_member<T, First>(), {}, {}, false}, {detail::make_member<T, Rest>(), {}, {}, false}...},
        options);
  }

  /// An index over columns, in an order, and expressions.
  ///
  ///     post.index({whimbrel::ascending<&Post::author_id>(), whimbrel::descending<&Post::written_at>()});
  void index(std::initializer_list<IndexPart> parts, const IndexOptions& options = {}) {
    detail::add_index(*builder_, parts, options);
  }

  /// An SQL expression over the columns that is false in no row.
  void check(Text expression, const CheckOptions& options = {}) { detail::add_check(*builder_, expression, options); }

  /// A foreign key over the member M, which holds the key of a row of another entity, or of this one. It describes the
  /// column too, if nothing else does. Target is needed only where more than one entity has inherited Referenced.
  template <auto M, auto Referenced, class Target = void>
  void many_to_one(const ForeignKeyOptions& options = {}) {
    add_foreign_key<M, Referenced, Target>(false, options);
  }

  /// The same, with at most one row for each row of the other entity.
  template <auto M, auto Referenced, class Target = void>
  void one_to_one(const ForeignKeyOptions& options = {}) {
    add_foreign_key<M, Referenced, Target>(true, options);
  }

 private:
  template <auto M, auto Referenced, class Target>
  [[gnu::always_inline]] void add_foreign_key(bool one_to_one, const ForeignKeyOptions& options) {
    constexpr detail::Member member = detail::make_member<T, M>();
    constexpr detail::Reference reference = detail::make_reference<Target, Referenced>();
    static_assert(detail::is_key_of(*member.type, *reference.member.type),
                  "whimbrel: a member that holds a key has the type of the member that it refers to, or is a "
                  "std::optional of it");
    detail::add_foreign_key(*builder_, member, reference, one_to_one, options);
  }

  detail::EntityBuilder* builder_;
};

/// A column as a part of an index.
template <auto M>
[[nodiscard]] constexpr IndexPart ascending(const PartOptions& options = {}) {
  return {detail::make_member<M>(), {}, options.collation, false};
}

/// A column as a part of an index, greatest values first.
template <auto M>
[[nodiscard]] constexpr IndexPart descending(const PartOptions& options = {}) {
  return {detail::make_member<M>(), {}, options.collation, true};
}

/// An SQL expression as a part of an index.
[[nodiscard]] constexpr IndexPart expression(Text sql, const ExpressionOptions& options = {}) {
  return {{}, sql, options.collation, options.descending};
}

namespace detail {

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
