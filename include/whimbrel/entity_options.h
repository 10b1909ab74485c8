#pragma once

#include <cstdint>
#include <type_traits>

#include "whimbrel/detail/member.h"
#include "whimbrel/text.h"

// The options of entity descriptions: aggregates for designated initialisers. All of them are structural types.

namespace whimbrel {

/// The default of a column: true or false, a number, text, an enumerator.
struct DefaultValue {
  enum class Kind : unsigned char { none, boolean, integer, unsigned_integer, real, text, enumerator };

  constexpr DefaultValue() = default;
  template <class T>
  requires std::is_same_v<T, bool>
  constexpr DefaultValue(T value) : kind(Kind::boolean), integer(value ? 1 : 0) {}
  template <detail::Integer T>
  constexpr DefaultValue(T value)
      : kind(std::is_signed_v<T> ? Kind::integer : Kind::unsigned_integer), integer(static_cast<std::int64_t>(value)) {}
  template <class T>
  requires std::is_floating_point_v<T>
  constexpr DefaultValue(T value) : kind(Kind::real), real(static_cast<double>(value)) {}
  template <class T>
  requires std::is_enum_v<T>
  constexpr DefaultValue(T value)
      : kind(Kind::enumerator), integer(static_cast<std::int64_t>(value)), enumeration(&detail::enum_type<T>) {}
  constexpr DefaultValue(const char* value) : kind(Kind::text), text(value) {}
  template <class T>
  requires std::is_class_v<T> && std::is_constructible_v<Text, const T&>
  constexpr DefaultValue(const T& value) : kind(Kind::text), text(value) {}
  DefaultValue(decltype(nullptr)) = delete;

  Kind kind = Kind::none;
  std::int64_t integer = 0;  ///< Also true and false, an enumerator's value, and the bits of an unsigned_integer.
  double real = 0;
  Text text;
  const detail::EnumType* enumeration = nullptr;
};

/// Yes, no, or what follows from the member.
struct Choice {
  constexpr Choice() = default;
  template <class T>
  requires std::is_same_v<T, bool>
  constexpr Choice(T value) : answer(value ? 1 : 0) {}

  signed char answer = -1;
};

/// How an enum is stored.
enum class EnumStorage : unsigned char {
  text,     ///< As the name of the enumerator.
  integer,  ///< As its value.
};

struct TableOptions {
  /// The default is the name of the class in snake case.
  Text name;
  Text comment;
  /// SQLite: a STRICT table.
  bool strict = false;
  /// SQLite: a table WITHOUT ROWID.
  bool without_rowid = false;
  /// The name that the table had before, so that it is renamed and not made anew.
  Text renamed_from;
};

struct ColumnOptions {
  /// The default is the name of the member.
  Text name;
  /// The database's own type, if not the one that follows from the member's: "decimal", "varchar(40)".
  Text type;
  /// -1: not given.
  std::int32_t length = -1;
  std::int32_t precision = -1;
  std::int32_t scale = -1;
  /// The default is whether the member is a std::optional.
  Choice nullable;
  DefaultValue default_value;
  /// SQL: "datetime('now')".
  Text default_expression;
  bool unique = false;
  Text comment;
  /// The name that the column had before, so that it is renamed and not dropped and added.
  Text renamed_from;
  Text collation;
  EnumStorage enum_storage = EnumStorage::text;
};

struct UniqueOptions {
  Text name;
};

struct IndexOptions {
  Text name;
  bool unique = false;
  /// SQL: the rows that are in the index.
  Text where;
};

struct CheckOptions {
  Text name;
};

/// What happens to a row when the row that it refers to is deleted.
enum class OnDelete : unsigned char { no_action, restrict, cascade, set_null, set_default };
/// What happens to a row when the key that it refers to changes.
enum class OnUpdate : unsigned char { no_action, restrict, cascade, set_null, set_default };
/// Can the check of a foreign key wait for the commit?
enum class Deferrable : unsigned char { no, initially_immediate, initially_deferred };

struct ForeignKeyOptions {
  Text name;
  OnDelete on_delete = OnDelete::no_action;
  OnUpdate on_update = OnUpdate::no_action;
  Deferrable deferrable = Deferrable::no;
};

struct PartOptions {
  Text collation;
};

struct ExpressionOptions {
  Text collation;
  bool descending = false;
};

/// A part of an index: a member or an expression.
struct IndexPart {
  const char* member = nullptr;  ///< A signature that names it as M; null if the part is an expression.
  Text expression;
  Text collation;
  bool descending = false;
};

}  // namespace whimbrel
