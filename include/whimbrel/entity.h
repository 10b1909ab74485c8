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

enum class ColumnRole : unsigned char {
  plain,
  primary,
  primary_generated,
  create_date,
  update_date,
  delete_date,
  version,
  tree_level,
};
enum class Relation : unsigned char { many_to_one, one_to_one };

/// An entity that another one names: what the compiler calls a function template over it.
using TypeSignature = const char*;

// A signature is what the compiler calls the function template of Entity: it holds the names of the members that are
// its arguments.

void set_table(EntityBuilder& builder, const TableOptions& options);
void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role);
void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role,
                const ColumnOptions& options);
void add_embedded(EntityBuilder& builder, const char* signature, const EntityType& embedded, bool may_be_missing,
                  const EmbeddedOptions& options);
void add_base(EntityBuilder& builder, const EntityType& base);
/// The signature and the type are those of the member, or null.
void set_discriminator(EntityBuilder& builder, const char* signature, const MemberType* type,
                       const DiscriminatorOptions& options);
void set_parent(EntityBuilder& builder, TypeSignature parent, const ChildOptions& options);
void set_tree(EntityBuilder& builder, Tree tree, const TreeOptions& options);
void add_unique(EntityBuilder& builder, const char* signature, const UniqueOptions& options);
void add_index(EntityBuilder& builder, const char* signature, const IndexOptions& options);
void add_index(EntityBuilder& builder, std::initializer_list<IndexPart> parts, const IndexOptions& options);
void add_check(EntityBuilder& builder, Text expression, const CheckOptions& options);
void add_exclusion(EntityBuilder& builder, Text definition, const ExclusionOptions& options);
void add_foreign_key(EntityBuilder& builder, const char* signature, const MemberType& type, Relation relation,
                     const ForeignKeyOptions& options);
void add_foreign_key(EntityBuilder& builder, std::initializer_list<KeyMembers> members, TypeSignature target,
                     Relation relation, const ForeignKeyOptions& options);
/// Over a member that is or points to the other entity. `referred` names the member that is referred to as Referenced;
/// null for the primary key.
void add_reference(EntityBuilder& builder, const char* signature, TypeSignature target, const char* referred,
                   bool may_be_missing, Relation relation, const ForeignKeyOptions& options);
/// The signature names the member as M, or is null.
void add_junction(EntityBuilder& builder, const char* signature, TypeSignature target, const JunctionOptions& options);
void set_view(EntityBuilder& builder, Text query, const ViewOptions& options);
void add_view_dependency(EntityBuilder& builder, TypeSignature entity);

template <class T>
consteval const char* type_signature() {
  return __PRETTY_FUNCTION__;
}

template <class T>
void describe_entity(EntityBuilder& builder);

template <class T>
inline constexpr EntityType entity_type = {type_signature<T>(), &describe_entity<T>};

consteval bool is_plain_integer(const MemberType& type) {
  return type.kind >= MemberKind::int8 && type.kind <= MemberKind::uint64 && !type.is_optional;
}
consteval bool is_generated_type(const MemberType& type) {
  return is_plain_integer(type) || (type.kind == MemberKind::text && !type.is_optional);
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

  /// The primary key: an integer, which the database counts up, or a std::string with a UUID, which the database makes
  /// if it can, else the program.
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

  /// A column for the time at which the row was deleted, if it only counts as deleted.
  template <auto M>
  [[gnu::always_inline]] void delete_date(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(Member::type.kind == detail::MemberKind::timestamp && Member::type.is_optional,
                  "whimbrel: delete_date needs a std::optional<std::chrono::sys_time<...>> member");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::delete_date, options);
  }

  /// A column that counts the changes of the row.
  template <auto M>
  [[gnu::always_inline]] void version(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(detail::is_plain_integer(Member::type),
                  "whimbrel: version needs an integer member, and not a std::optional");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::version, options);
  }

  /// A column that holds the member as JSON, whatever its type.
  template <auto M>
  [[gnu::always_inline]] void json(const ColumnOptions& options = {}) {
    detail::add_column(builder_, __PRETTY_FUNCTION__,
                       detail::json_type<typename detail::MemberOf<T, decltype(M), false>::Value>,
                       detail::ColumnRole::plain, options);
  }

  /// The columns of a struct, which describes them itself, in this table. Those of a std::optional may all be NULL.
  template <auto M>
  [[gnu::always_inline]] void embedded(const EmbeddedOptions& options = {}) {
    using Held = typename detail::MemberOf<T, decltype(M), false>::Value;
    static_assert(detail::Optional<Held> || std::is_class_v<Held>,
                  "whimbrel: embedded needs a member that is a struct, or a std::optional of one");
    detail::add_embedded(builder_, __PRETTY_FUNCTION__, detail::entity_type<typename detail::Related<Held>::Entity>,
                         detail::Optional<Held>, options);
  }

  /// All that Base describes of its columns, keys and indexes, in this table. Base need not be an entity itself.
  template <class Base>
  void inherits() {
    static_assert(__is_base_of(Base, T) && !__is_same(Base, T), "whimbrel: inherits needs a base class of the entity");
    detail::add_base(builder_, detail::entity_type<Base>);
  }

  /// The table holds the rows of classes derived from T too, those that are child_of<T>(). A column tells them apart.
  void single_table(const DiscriminatorOptions& options = {}) {
    detail::set_discriminator(builder_, nullptr, nullptr, options);
  }
  /// The same, with a member for that column.
  template <auto M>
  [[gnu::always_inline]] void single_table(const DiscriminatorOptions& options = {}) {
    detail::set_discriminator(builder_, __PRETTY_FUNCTION__, &detail::MemberOf<T, decltype(M)>::type, options);
  }
  /// The rows are in the table of Parent, which is a single_table(). What T describes more may be NULL in it.
  template <class Parent>
  void child_of(const ChildOptions& options = {}) {
    static_assert(__is_base_of(Parent, T) && !__is_same(Parent, T),
                  "whimbrel: child_of needs a base class of the entity");
    detail::set_parent(builder_, detail::type_signature<Parent>(), options);
  }

  /// The rows are a tree, by a many_to_one relation of T to itself.
  void tree(Tree tree, const TreeOptions& options = {}) { detail::set_tree(builder_, tree, options); }

  /// A column for how deep in the tree the row is.
  template <auto M>
  [[gnu::always_inline]] void tree_level(const ColumnOptions& options = {}) {
    using Member = detail::MemberOf<T, decltype(M)>;
    static_assert(detail::is_plain_integer(Member::type),
                  "whimbrel: tree_level needs an integer member, and not a std::optional");
    detail::add_column(builder_, __PRETTY_FUNCTION__, Member::type, detail::ColumnRole::tree_level, options);
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

  /// What no two rows may have: "USING gist (room WITH =, during WITH &&)".
  void exclusion(Text definition, const ExclusionOptions& options = {}) {
    detail::add_exclusion(builder_, definition, options);
  }

  /// A reference by the member M to another entity, or to this one: M is that entity, points to it or is a
  /// std::optional of it. whimbrel makes the columns for its primary key.
  template <auto M>
  [[gnu::always_inline]] void many_to_one(const ForeignKeyOptions& options = {}) {
    reference<M>(__PRETTY_FUNCTION__, detail::Relation::many_to_one, options);
  }
  /// The same, with at most one row for each row of the other entity.
  template <auto M>
  [[gnu::always_inline]] void one_to_one(const ForeignKeyOptions& options = {}) {
    reference<M>(__PRETTY_FUNCTION__, detail::Relation::one_to_one, options);
  }

  /// A foreign key over the member M, which holds the key of a row of another entity, or of this one. It describes the
  /// column too, if nothing else does. Target is needed only where more than one entity has inherited Referenced. If M
  /// is or points to an entity, whimbrel makes a column that refers to Referenced.
  template <auto M, auto Referenced, class Target = void>
  [[gnu::always_inline]] void many_to_one(const ForeignKeyOptions& options = {}) {
    refer<M, Referenced, Target>(__PRETTY_FUNCTION__, detail::Relation::many_to_one, options);
  }
  /// The same, with at most one row for each row of the other entity.
  template <auto M, auto Referenced, class Target = void>
  [[gnu::always_inline]] void one_to_one(const ForeignKeyOptions& options = {}) {
    refer<M, Referenced, Target>(__PRETTY_FUNCTION__, detail::Relation::one_to_one, options);
  }

  /// A foreign key over several members.
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

  /// A table between this entity and the one that the member M is a list of. One of the two sides describes it.
  template <auto M>
  [[gnu::always_inline]] void many_to_many(const JunctionOptions& options = {}) {
    using Item = typename detail::MemberOf<T, decltype(M), false>::Value::value_type;
    detail::add_junction(builder_, __PRETTY_FUNCTION__,
                         detail::type_signature<typename detail::Related<Item>::Entity>(), options);
  }
  /// The same without a member.
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
                  "whimbrel: a member that holds a key does not say whose: many_to_one<&Post::author_id, &User::id>()");
    detail::add_reference(builder_, signature, detail::type_signature<typename Related::Entity>(), nullptr,
                          Related::may_be_missing, relation, options);
  }

  template <auto M, auto Referenced, class Target>
  [[gnu::always_inline]] void refer(const char* signature, detail::Relation relation,
                                    const ForeignKeyOptions& options) {
    using Held = typename detail::MemberOf<T, decltype(M), false>::Value;
    if constexpr (detail::RelationMember<Held>) {
      using Related = detail::Related<Held>;
      static_assert(__is_same(Target, void), "whimbrel: the member says which entity it refers to: leave Target out");
      static_assert(detail::MemberOf<typename Related::Entity, decltype(Referenced)>::is_member);
      detail::add_reference(builder_, signature, detail::type_signature<typename Related::Entity>(), signature,
                            Related::may_be_missing, relation, options);
    } else {
      using Referred = detail::ReferredMember<Target, decltype(Referenced)>;
      static_assert(detail::is_key_of(detail::MemberOf<T, decltype(M)>::type, Referred::type),
                    "whimbrel: a member that holds a key has the type of the member that it refers to, or is a "
                    "std::optional of it");
      detail::add_foreign_key(builder_, signature, detail::MemberOf<T, decltype(M)>::type, relation, options);
    }
  }

  detail::EntityBuilder& builder_;
};

/// What `static void describe(whimbrel::View<T>&)` of a view describes it with.
template <class T>
class View {
 public:
  explicit View(detail::EntityBuilder& builder) : builder_(builder) {}

  /// The SELECT that the view stands for.
  void query(Text select, const ViewOptions& options = {}) { detail::set_view(builder_, select, options); }

  /// Entities and views that it selects from, so that it is made after them.
  template <class... Other>
  void depends_on() {
    (detail::add_view_dependency(builder_, detail::type_signature<Other>()), ...);
  }

 private:
  detail::EntityBuilder& builder_;
};

/// A column as a part of an index. Path leads into an embedded struct: ascending<&User::address, &Address::city>().
template <auto M, auto... Path>
[[nodiscard]] constexpr IndexPart ascending(const PartOptions& options = {}) {
  return {__PRETTY_FUNCTION__, {}, options.collation, false, options.nulls, options.operator_class, options.length};
}

/// A column as a part of an index, greatest values first.
template <auto M, auto... Path>
[[nodiscard]] constexpr IndexPart descending(const PartOptions& options = {}) {
  return {__PRETTY_FUNCTION__, {}, options.collation, true, options.nulls, options.operator_class, options.length};
}

/// A column that an index only carries along, for queries that need no more: INCLUDE.
template <auto M, auto... Path>
[[nodiscard]] constexpr IndexPart included() {
  return {.member = __PRETTY_FUNCTION__, .included = true};
}

/// An SQL expression as a part of an index.
[[nodiscard]] constexpr IndexPart expression(Text sql, const ExpressionOptions& options = {}) {
  return {nullptr, sql, options.collation, options.descending, options.nulls, options.operator_class};
}

/// The member M holds a part of the key of a row of another entity, which Referenced of that is.
template <auto M, auto Referenced>
[[nodiscard]] constexpr KeyMembers key() {
  static_assert(detail::is_key_of(detail::OwnMember<decltype(M)>::type, detail::OwnMember<decltype(Referenced)>::type),
                "whimbrel: a member that holds a key has the type of the member that it refers to, or is a "
                "std::optional of it");
  return {__PRETTY_FUNCTION__, &detail::OwnMember<decltype(M)>::type};
}

namespace detail {

template <class T>
void describe_entity(EntityBuilder& builder) {
  constexpr bool is_described = requires(Entity<T> & entity) { T::describe(entity); };
  constexpr bool is_view = requires(View<T> & view) { T::describe(view); };
  static_assert(is_described || is_view,
                "whimbrel: an entity has a public `static void describe(whimbrel::Entity<T>&)`, where T is itself, and "
                "a view one with `whimbrel::View<T>&`");
  if constexpr (is_described) {
    Entity<T> entity(builder);
    T::describe(entity);
  } else if constexpr (is_view) {
    View<T> view(builder);
    T::describe(view);
  }
}

}  // namespace detail

/// The entities and views of a program.
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
