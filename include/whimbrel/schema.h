#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "whimbrel/entity_options.h"
#include "whimbrel/model.h"
#include "whimbrel/query_runner.h"

// The schema operations of migrations that are written by hand. They say the same on every database: each becomes the
// statements that the connected one needs, a rebuild of the table on SQLite, say.
//
//     query_runner.create_table({.name = "tag",
//                                .columns = {{.name = "id", .type = whimbrel::type<std::int32_t>(), .generated = true},
//                                            {.name = "label", .type = whimbrel::type<std::string>(), .length = 40}}});
//
// All of them throw whimbrel::Error, before anything is changed, for a table or a column that is not there and for a
// definition that the database cannot have.

namespace whimbrel {

/// The type of a column: the one that a member of a C++ type has, by type<T>(), or the database's own: "decimal(10,2)".
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

/// The column type for members of type T. A std::optional is nullable; an enum is stored as text with its names.
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
  /// Of the primary key.
  bool primary = false;
  /// The primary key, one integer column, which the database counts up.
  bool generated = false;
  bool unique = false;
  DefaultValue default_value{};
  /// SQL.
  std::string default_expression{};
  std::string collation{};
  std::string comment{};
  /// SQL for the rows that are there, where the column takes no NULL and has no default.
  std::string fill{};
};

// The name of a constraint or an index is derived if none is given, as for entities.

struct UniqueDefinition {
  std::string name{};
  std::vector<std::string> columns{};
};

struct CheckDefinition {
  std::string name{};
  /// SQL that is false in no row.
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
  /// Columns by name, or KeyParts with an order, a collation, an expression.
  std::vector<model::KeyPart> columns{};
  bool unique = false;
  /// SQL: the rows that are in the index.
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
  /// SQLite: a STRICT table; a table WITHOUT ROWID.
  bool strict = false;
  bool without_rowid = false;
};

struct ViewDefinition {
  std::string name{};
  /// The query, in SQL.
  std::string query{};
};

}  // namespace whimbrel
