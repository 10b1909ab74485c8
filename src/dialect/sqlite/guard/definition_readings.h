#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/guard/trial_schema.h"
#include "dialect/sqlite/text/names.h"

namespace whimbrel::dialect::sqlite {

/// The columns of each ordinary table.
using TableColumns = std::map<std::string, std::vector<std::string>, LessIgnoringCase>;

/// A column that gets another name, or, if `to` is empty, one that occurs nowhere.
struct ColumnMove {
  std::string table;
  std::string from;
  std::string to;
};

struct TableMove {
  std::string from;
  std::string to;
};

/// What a migration does to the columns of tables that exist before and after it.
struct ColumnChanges {
  std::vector<ColumnMove> old_columns;  ///< Dropped and renamed columns, by the tables' old names.
  std::vector<ColumnMove> new_columns;  ///< By the tables' new names.
  std::vector<TableMove> tables;
};

/// Checks that views and triggers which a migration does not replace still read what they read: a name in them can
/// become that of a new column, or, without a column, that of another one, of the row number or a string. NATURAL JOIN
/// joins by other columns.
///
/// SQLite resolves the names when it compiles a statement. So a definition reads a column by its name if it compiles to
/// something else when the column has a name that occurs nowhere.
class DefinitionReadings {
 public:
  explicit DefinitionReadings(Connection& connection) : connection_(connection) {}

  /// Records the schema before the migration.
  void record();
  /// Call it after each statement.
  void after(const Command& command);
  void table_renamed(const std::string& from, const std::string& to);
  /// Call them around an operation. One that drops and creates the same definition, because it is in the way of a
  /// rename, does not replace it.
  void begin_operation();
  void end_operation();
  /// Throws Error (unsafe) if a view or a trigger reads something else now.
  void require_same() const;
  void forget();

 private:
  /// A table before the migration, and the former names of its columns. An empty name: there was none.
  struct Origin {
    std::string table;
    std::map<std::string, std::string, LessIgnoringCase> columns{};
  };

  [[nodiscard]] Origin origin_of(const std::string& table) const;
  [[nodiscard]] ColumnChanges find_changes() const;

  Connection& connection_;
  std::vector<StoredObject> objects_;  ///< Empty without a view or a trigger.
  TableColumns columns_;
  std::map<std::string, Origin, LessIgnoringCase> origins_;  ///< By the current names of tables.
  Names dropped_;                                            ///< Views and triggers that a statement dropped.
  Names created_;
  Names dropped_before_;  ///< Before the operation.
  Names created_before_;
};

}  // namespace whimbrel::dialect::sqlite
