#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "whimbrel/entity_options.h"
#include "whimbrel/model.h"
#include "whimbrel/query_runner.h"

// Portable schema operations for hand-written migrations. Each becomes the statements that the connected database
// needs, for example a rebuild of the table on SQLite.
//
//     query_runner.create_table({.name = "tag",
//                                .columns = {{.name = "id", .type = whimbrel::type<std::int32_t>(), .generated = true},
//                                            {.name = "label", .type = whimbrel::type<std::string>(), .length = 40}}});
//
// On a database with schemas, the name of a table or a view may be qualified with a schema: "shop.order". A renamed
// table stays in its schema. Omitted names of constraints and indexes come from the program's naming strategy.
//
// All of them throw whimbrel::Error, before anything is changed, if a table or a column does not exist or if the
// database does not support the definition.

namespace whimbrel {

/// The type of a column: the one for a C++ type, type<T>(), or the database's own, "decimal(10,2)".
class ColumnType {
 public:
  ColumnType() = default;
  ColumnType(const char* sql) : sql_(sql) {}
  ColumnType(std::string sql) : sql_(std::move(sql)) {}
  explicit ColumnType(const detail::MemberType& member) : member_(member) {}

  [[nodiscard]] const std::string& sql() const { return sql_; }
  [[nodiscard]] const detail::MemberType& member() const { return member_; }

 private:
  std::string sql_;
  detail::MemberType member_;
};

/// Returns the column type for members of type T. A std::optional is nullable; an enum is stored as the name, as text.
template <class T>
[[nodiscard]] ColumnType type() {
  return ColumnType(detail::member_type<T>);
}

struct ColumnDefinition {
  std::string name{};
  ColumnType type{};
  /// -1: not given.
  std::int32_t length = -1;
  std::int32_t precision = -1;
  std::int32_t scale = -1;
  bool nullable = false;
  /// If true, the column is part of the primary key.
  bool primary = false;
  /// If true, the column is the auto-increment primary key, a single integer column.
  bool generated = false;
  bool unique = false;
  DefaultValue default_value{};
  /// An SQL expression.
  std::string default_expression{};
  std::string collation{};
  std::string comment{};
  /// An SQL expression that backfills existing rows if the column is NOT NULL without a default.
  std::string backfill{};
};

// The name of a constraint or an index without one is derived, as for entities.

struct UniqueDefinition {
  std::string name{};
  std::vector<std::string> columns{};
};

struct CheckDefinition {
  std::string name{};
  /// An SQL expression that must not be false for any row.
  std::string expression{};
};

/// The columns of a primary key, by name: {"country", "number"}.
class KeyColumns {
 public:
  KeyColumns(std::initializer_list<std::string> names) : names_(names) {}
  explicit KeyColumns(std::vector<std::string> names) : names_(std::move(names)) {}

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

struct ForeignKeyDefinition {
  std::string name{};
  std::vector<std::string> columns{};
  std::string referenced_table{};
  std::vector<std::string> referenced_columns{};
  OnDelete on_delete = OnDelete::no_action;
  OnUpdate on_update = OnUpdate::no_action;
  Deferrable deferrable = Deferrable::no;
};

struct IndexDefinition {
  std::string name{};
  /// Columns by name, or KeyParts with a sort order, a collation or an expression.
  std::vector<model::KeyPart> columns{};
  bool unique = false;
  /// The SQL predicate of a partial index.
  std::string where{};
};

struct TableDefinition {
  std::string name{};
  std::vector<ColumnDefinition> columns{};
  std::vector<UniqueDefinition> uniques{};
  std::vector<CheckDefinition> checks{};
  std::vector<ForeignKeyDefinition> foreign_keys{};
  std::vector<IndexDefinition> indexes{};
  std::string comment{};
  /// SQLite: if true, the table is STRICT.
  bool strict = false;
  /// SQLite: if true, the table is WITHOUT ROWID.
  bool without_rowid = false;
};

struct ViewDefinition {
  std::string name{};
  /// The SELECT of the view.
  std::string query{};
};

}  // namespace whimbrel
