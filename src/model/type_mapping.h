#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/feature.h"
#include "model/name_kind.h"
#include "model/name_limit.h"
#include "whimbrel/model.h"

namespace whimbrel::sql {
struct Syntax;
}

namespace whimbrel::model {

/// What a member of an entity holds, whatever the database.
enum class ValueKind {
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
  enumeration,  ///< Stored as the name of the enumerator.
  array,        ///< A list of values of one kind.
  json,
  uuid,  ///< One that a database or a program makes.
};

/// What an entity says of a column: its value kind and the options that shape its type.
struct ColumnRequest {
  ValueKind kind = ValueKind::text;
  ValueKind element = ValueKind::text;  ///< Of an array.
  std::string type;                     ///< The database's own type if the entity names one; else empty.
  bool untyped = false;                 ///< It has none. Requested only if the database has such.
  bool with_time_zone = false;          ///< Of a timestamp: the database knows that it is a point in time.
  std::optional<std::uint32_t> length;
  std::optional<std::uint32_t> precision;
  std::optional<std::uint32_t> scale;
  bool auto_increment = false;
  bool in_primary_key = false;
  std::map<std::string, std::string> table_options;  ///< As Table::options.
};

/// What an entity says of its table; the texts are empty if it says nothing.
struct TableRequest {
  bool strict = false;
  bool without_rowid = false;
  std::string engine;
  std::string storage_parameters;
  std::string charset;
  std::string collation;
};

/// What an entity says of a view.
struct ViewRequest {
  Name name;
  std::string columns;  ///< Names for its columns, in SQL; empty: the query's. Requested only if the database has such.
  std::string query;
  bool materialized = false;
};

/// A literal of an entity description; an enumerator is text by its name.
using Literal = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// What a description of entities asks of a database. A dialect implements it.
class TypeMapping {
 public:
  virtual ~TypeMapping() = default;
  /// What people call the database: SQLite.
  [[nodiscard]] virtual std::string_view title() const = 0;
  /// How the server spells the tokens of SQL.
  [[nodiscard]] virtual const sql::Syntax& syntax() const = 0;
  /// The version of the server that it is for, as Connection::version().
  [[nodiscard]] virtual int version() const = 0;
  /// The version that brought the feature; 0 if all that are supported have it, nothing if none has.
  [[nodiscard]] virtual std::optional<int> since(Feature feature) const = 0;
  [[nodiscard]] bool has(Feature feature) const {
    const std::optional<int> first = since(feature);
    return first && *first <= version();
  }
  /// The column type for a request. Throws Error (kind entity) with only the reason, `SQLite cannot ...`, when there is
  /// none; the caller adds the entity and the member.
  [[nodiscard]] virtual Type column_type(const ColumnRequest& request) const = 0;
  /// The type of the columns of an enum that has a name. Called only if the database has such.
  [[nodiscard]] virtual Type enum_type(const Name& name) const = 0;
  /// A literal as the default expression of a column of this kind, in the spelling that the database gives back.
  [[nodiscard]] virtual std::string default_literal(const Literal& literal, ValueKind kind) const = 0;
  /// The kind of a member that holds every value of a column of this type; text for a type that is not known.
  [[nodiscard]] virtual ValueKind value_kind(const Type& type) const = 0;
  /// Expressions for the current time in a column of the type, UTC where that knows no time zone. The first is the
  /// default of create and update dates; those that are there with one of the others keep it.
  [[nodiscard]] virtual std::vector<std::string> current_timestamps(const Type& type) const = 0;
  /// The expression for a random UUID, the default of generated ones; nothing if the program makes them.
  [[nodiscard]] virtual std::optional<std::string> random_uuid() const = 0;
  /// Under which key two names are one for the database: SQLite ignores the case of ASCII letters.
  [[nodiscard]] virtual std::string fold(NameKind kind, std::string_view name) const = 0;
  [[nodiscard]] bool same_name(NameKind kind, std::string_view a, std::string_view b) const {
    return a == b || fold(kind, a) == fold(kind, b);
  }
  [[nodiscard]] Name fold_name(NameKind kind, const Name& name) const {
    return {fold(NameKind::schema, name.schema), fold(kind, name.name)};
  }
  /// How long an identifier may be.
  [[nodiscard]] virtual NameLimit identifier_limit() const = 0;
  /// The table's options in the model's words; throws as column_type where there is none. What is a Feature is
  /// requested only if the database has it.
  [[nodiscard]] virtual std::map<std::string, std::string> table_options(const TableRequest& request) const = 0;
  /// The statement that makes a view.
  [[nodiscard]] virtual std::string create_view(const ViewRequest& request) const = 0;
};

}  // namespace whimbrel::model
