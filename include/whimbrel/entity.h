#pragma once

// Every entity of a program includes this header. To compile fast, it erases types at the first step and includes no
// expensive header; a test checks this.

#include <initializer_list>
#include <type_traits>

#include "whimbrel/detail/entity_builder.h"
#include "whimbrel/detail/member.h"
#include "whimbrel/entities.h"
#include "whimbrel/entity_options.h"
#include "whimbrel/entity_parts.h"
#include "whimbrel/text.h"

namespace whimbrel {

namespace detail {

template <class T>
void describe_entity(EntityBuilder& builder);

template <class T>
inline constexpr EntityType entity_type = {type_signature<T>(), &describe_entity<T>};

}  // namespace detail

/// Passed to T's `static void describe(whimbrel::Entity<T>&)`, which describes the entity T with it.
///
/// Columns have the order in which they are described. Errors that the compiler cannot detect are reported as
/// whimbrel::Error when the description is used, before a database is opened.
template <class T>
class Entity {
 public:
  explicit Entity(detail::EntityBuilder& builder) : builder_(builder) {}

  /// Sets the name and options of the table. Optional.
  void table(const TableOptions& options) { detail::set_table(builder_, options); }

  // Functions for members are always inlined, and have no default argument with many options: emitting a function and
  // empty options for every column would take most of the time that an entity costs to compile.

  /// Adds a generated primary key: an auto-increment integer, or a std::string holding a UUID that the database (or, if
  /// it cannot, the program) generates.
  template <auto M>
  [[gnu::always_inline]] void primary_generated() {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(detail::is_generated_type(Member::type),
                  "whimbrel: primary_generated needs an integer member, or a std::string for a UUID, and not a "
                  "std::optional");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::primary_generated);
  }
  template <auto M>
  [[gnu::always_inline]] void primary_generated(const ColumnOptions& options) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(detail::is_generated_type(Member::type),
                  "whimbrel: primary_generated needs an integer member, or a std::string for a UUID, and not a "
                  "std::optional");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::primary_generated, options);
  }

  /// Adds a primary key column whose value the program supplies.
  template <auto M>
  [[gnu::always_inline]] void primary_column(const ColumnOptions& options = {}) {
    detail::add_column(builder_, __PRETTY_FUNCTION__, detail::MemberOf<T, decltype(M)>::type,
                       detail::ColumnRole::primary, options);
  }

  /// Adds a column.
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

  /// Adds a column whose default is the time at which the row is inserted.
  template <auto M>
  [[gnu::always_inline]] void create_date(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(Member::type.kind == detail::MemberKind::timestamp,
                  "whimbrel: create_date needs a std::chrono::sys_time<...> member");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::create_date, options);
  }

  /// Adds a column for the time of the last update of the row; the default is the time at which it is inserted.
  template <auto M>
  [[gnu::always_inline]] void update_date(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(Member::type.kind == detail::MemberKind::timestamp,
                  "whimbrel: update_date needs a std::chrono::sys_time<...> member");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::update_date, options);
  }

  /// Adds a soft-delete column: the time at which the row was marked as deleted.
  template <auto M>
  [[gnu::always_inline]] void delete_date(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(Member::type.kind == detail::MemberKind::timestamp && Member::type.is_optional,
                  "whimbrel: delete_date needs a std::optional<std::chrono::sys_time<...>> member");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::delete_date, options);
  }

  /// Adds a version column, which counts updates of the row (optimistic locking).
  template <auto M>
  [[gnu::always_inline]] void version(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(detail::is_plain_integer(Member::type),
                  "whimbrel: version needs an integer member, and not a std::optional");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::version, options);
  }

  /// Adds a column that stores the member as JSON, whatever its type.
  template <auto M>
  [[gnu::always_inline]] void json(const ColumnOptions& options = {}) {
    detail::add_column(builder_, __PRETTY_FUNCTION__,
                       detail::json_type<typename detail::MemberOf<T, decltype(M), false>::Value>,
                       detail::ColumnRole::plain, options);
  }

  /// Adds the columns that the member's struct describes to this table. Those of a std::optional are nullable.
  template <auto M>
  [[gnu::always_inline]] void embedded(const EmbeddedOptions& options = {}) {
    using Held = typename detail::MemberOf<T, decltype(M), false>::Value;
    static_assert(detail::Optional<Held> || std::is_class_v<Held>,
                  "whimbrel: embedded needs a member that is a struct, or a std::optional of one");
    detail::add_embedded(builder_, __PRETTY_FUNCTION__, detail::entity_type<typename detail::Related<Held>::Entity>,
                         detail::Optional<Held>, options);
  }

  /// Adds the columns, keys and indexes that Base describes to this table. Base need not be an entity itself.
  template <class Base>
  void inherits() {
    static_assert(__is_base_of(Base, T) && !__is_same(Base, T), "whimbrel: inherits needs a base class of the entity");
    detail::add_base(builder_, detail::entity_type<Base>);
  }

  /// Enables single-table inheritance: the table also stores classes declared child_of<T>(), with a discriminator.
  void single_table(const DiscriminatorOptions& options = {}) {
    detail::set_discriminator(builder_, nullptr, nullptr, options);
  }
  /// Like single_table(), with a member for the discriminator column.
  template <auto M>
  [[gnu::always_inline]] void single_table(const DiscriminatorOptions& options = {}) {
    detail::set_discriminator(builder_, __PRETTY_FUNCTION__, &detail::MemberOf<T, decltype(M)>::type, options);
  }
  /// Stores T in the table of Parent, which must call single_table(). Columns that only T has are nullable.
  template <class Parent>
  void child_of(const ChildOptions& options = {}) {
    static_assert(__is_base_of(Parent, T) && !__is_same(Parent, T),
                  "whimbrel: child_of needs a base class of the entity");
    detail::set_parent(builder_, detail::type_signature<Parent>(), options);
  }

  /// Declares that the rows form a tree through a many_to_one relation of T to itself.
  void tree(Tree tree, const TreeOptions& options = {}) { detail::set_tree(builder_, tree, options); }

  /// Adds a column for the depth of the row in the tree.
  template <auto M>
  [[gnu::always_inline]] void tree_level(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(detail::is_plain_integer(Member::type),
                  "whimbrel: tree_level needs an integer member, and not a std::optional");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::tree_level, options);
  }

  /// Adds a unique constraint over these columns.
  template <auto M, auto... More>
  [[gnu::always_inline]] void unique(const UniqueOptions& options = {}) {
    static_assert(
        (detail::MemberOf<T, decltype(M)>::is_member && ... && detail::MemberOf<T, decltype(More)>::is_member));
    detail::add_unique(builder_, __PRETTY_FUNCTION__, options);
  }

  /// Adds an index over columns.
  template <auto M, auto... More>
  [[gnu::always_inline]] void index(const IndexOptions& options = {}) {
    static_assert(
        (detail::MemberOf<T, decltype(M)>::is_member && ... && detail::MemberOf<T, decltype(More)>::is_member));
    detail::add_index(builder_, __PRETTY_FUNCTION__, options);
  }

  /// Adds an index over columns, with a sort order, and expressions.
  ///
  ///     post.index({whimbrel::ascending<&Post::author_id>(), whimbrel::descending<&Post::written_at>()});
  void index(std::initializer_list<IndexPart> parts, const IndexOptions& options = {}) {
    detail::add_index(builder_, parts, options);
  }

  /// Adds a check constraint: an SQL expression that must not be false for any row.
  void check(Text expression, const CheckOptions& options = {}) { detail::add_check(builder_, expression, options); }

  /// Adds an exclusion constraint, in PostgreSQL's syntax: "USING gist (room WITH =, during WITH &&)".
  void exclusion(Text definition, const ExclusionOptions& options = {}) {
    detail::add_exclusion(builder_, definition, options);
  }

  /// Adds a relation through the member M, which is another entity or this one, points to it or is a std::optional of
  /// it. Also adds the columns for its primary key.
  template <auto M>
  [[gnu::always_inline]] void many_to_one(const ForeignKeyOptions& options = {}) {
    reference<M>(__PRETTY_FUNCTION__, detail::Relation::many_to_one, options);
  }
  /// Like many_to_one, with at most one row for each row of the other entity (a unique constraint).
  template <auto M>
  [[gnu::always_inline]] void one_to_one(const ForeignKeyOptions& options = {}) {
    reference<M>(__PRETTY_FUNCTION__, detail::Relation::one_to_one, options);
  }

  /// Adds a foreign key on member M, which references the member Referenced. Also adds the column, unless it is
  /// described elsewhere. Pass Target only if several entities inherit Referenced. If M is an entity or points to one,
  /// adds a column for the key.
  template <auto M, auto Referenced, class Target = void>
  [[gnu::always_inline]] void many_to_one(const ForeignKeyOptions& options = {}) {
    refer<M, Referenced, Target>(__PRETTY_FUNCTION__, detail::Relation::many_to_one, options);
  }
  /// Like many_to_one, with at most one row for each row of the other entity (a unique constraint).
  template <auto M, auto Referenced, class Target = void>
  [[gnu::always_inline]] void one_to_one(const ForeignKeyOptions& options = {}) {
    refer<M, Referenced, Target>(__PRETTY_FUNCTION__, detail::Relation::one_to_one, options);
  }

  /// Adds a foreign key over several members.
  ///
  ///     line.many_to_one<Order>({whimbrel::key<&Line::region, &Order::region>(),
  ///                              whimbrel::key<&Line::number, &Order::number>()});
  template <class Target>
  void many_to_one(std::initializer_list<KeyMembers> members, const ForeignKeyOptions& options = {}) {
    detail::add_foreign_key(builder_, members, detail::type_signature<Target>(), detail::Relation::many_to_one,
                            options);
  }
  template <class Target>
  void one_to_one(std::initializer_list<KeyMembers> members, const ForeignKeyOptions& options = {}) {
    detail::add_foreign_key(builder_, members, detail::type_signature<Target>(), detail::Relation::one_to_one, options);
  }

  /// Adds a junction table for this entity and the one that M is a list of. Only one of the two sides describes it.
  template <auto M>
  [[gnu::always_inline]] void many_to_many(const JunctionOptions& options = {}) {
    using Item = typename detail::MemberOf<T, decltype(M), false>::Value::value_type;
    detail::add_junction(builder_, __PRETTY_FUNCTION__,
                         detail::type_signature<typename detail::Related<Item>::Entity>(), options);
  }
  /// Like many_to_many, without a member.
  template <class Target>
  void many_to_many(const JunctionOptions& options = {}) {
    detail::add_junction(builder_, nullptr, detail::type_signature<Target>(), options);
  }

 private:
  template <auto M>
  [[gnu::always_inline]] void reference(const char* signature, detail::Relation relation,
                                        const ForeignKeyOptions& options) {
    using Held = typename detail::MemberOf<T, decltype(M), false>::Value;
    using Related = detail::Related<Held>;
    static_assert(detail::RelationMember<Held>,
                  "whimbrel: a key member needs the member it references: many_to_one<&Post::author_id, &User::id>()");
    detail::add_reference(builder_, signature, detail::type_signature<typename Related::Entity>(), nullptr,
                          Related::may_be_missing, relation, options);
  }

  template <auto M, auto Referenced, class Target>
  [[gnu::always_inline]] void refer(const char* signature, detail::Relation relation,
                                    const ForeignKeyOptions& options) {
    using Held = typename detail::MemberOf<T, decltype(M), false>::Value;
    if constexpr (detail::RelationMember<Held>) {
      using Related = detail::Related<Held>;
      static_assert(__is_same(Target, void), "whimbrel: the entity is known from the member: remove Target");
      static_assert(detail::MemberOf<typename Related::Entity, decltype(Referenced)>::is_member);
      detail::add_reference(builder_, signature, detail::type_signature<typename Related::Entity>(), signature,
                            Related::may_be_missing, relation, options);
    } else {
      using Referred = detail::ReferredMember<Target, decltype(Referenced)>;
      static_assert(detail::is_key_of(detail::MemberOf<T, decltype(M)>::type, Referred::type),
                    "whimbrel: a key member must have the type of the member that it references, or be a "
                    "std::optional of it");
      detail::add_foreign_key(builder_, signature, detail::MemberOf<T, decltype(M)>::type, relation, options);
    }
  }

  detail::EntityBuilder& builder_;
};

/// Passed to T's `static void describe(whimbrel::View<T>&)`, which describes the view T with it.
template <class T>
class View {
 public:
  explicit View(detail::EntityBuilder& builder) : builder_(builder) {}

  /// Sets the SELECT of the view.
  void query(Text select, const ViewOptions& options = {}) { detail::set_view(builder_, select, options); }

  /// Declares entities and views that it selects from, so that it is created after them.
  template <class... Other>
  void depends_on() {
    (detail::add_view_dependency(builder_, detail::type_signature<Other>()), ...);
  }

 private:
  detail::EntityBuilder& builder_;
};

namespace detail {

template <class T>
void describe_entity(EntityBuilder& builder) {
  constexpr bool is_described = requires(Entity<T> & entity) { T::describe(entity); };
  constexpr bool is_view = requires(View<T> & view) { T::describe(view); };
  static_assert(is_described || is_view,
                "whimbrel: an entity must have a public `static void describe(whimbrel::Entity<T>&)`, where T is the "
                "entity, and a view one with `whimbrel::View<T>&`");
  if constexpr (is_described) {
    Entity<T> entity(builder);
    T::describe(entity);
  } else if constexpr (is_view) {
    View<T> view(builder);
    T::describe(view);
  }
}

}  // namespace detail

/// Returns the list of a program's entities and views.
template <class... T>
[[nodiscard]] Entities entities() {
  if constexpr (sizeof...(T) == 0) {
    return {};
  } else {
    static constexpr detail::EntityType types[] = {detail::entity_type<T>...};
    return {types, sizeof...(T)};
  }
}

}  // namespace whimbrel
