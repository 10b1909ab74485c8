#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/guard/integrity.h"

namespace whimbrel::dialect::sqlite {

/// Keeps a hand-written rebuild from losing parts of a table that the migration does not know. A table that was already
/// checked is not checked again.
///
/// There are two kinds: a copy is filled and renamed to the dropped table; or the rows are moved elsewhere, and the
/// table is recreated and filled. known_column.h defines when a column is known. A constraint, a default and the like
/// are known if a CREATE TABLE of the migration has the same; an index or a trigger if a statement creates or drops it;
/// in either direction.
class RebuildLoss {
 public:
  explicit RebuildLoss(Connection& connection) : connection_(connection) {}

  void watch(WrittenMigration written);
  /// Call it before each statement.
  void before(const Command& command);
  /// Call it before the DROP TABLE. `made`: the tables that this run created, one of which is the copy if a later
  /// rename says so; or `copy`, if it is known. Returns the copy; empty if unknown. Throws Error (unsafe).
  std::string before_drop(const std::string& table, std::string copy, const std::vector<std::string>& made);
  /// Call it after a table got a name, which may be that of a dropped table. Throws Error (unsafe).
  void after_create(const std::string& table);
  void after_rename(const std::string& from, const std::string& to);
  /// Throws Error (unsafe) if an index or a trigger was not recreated, or rows that were moved elsewhere are
  /// missing.
  void before_commit();

 private:
  struct Later {
    std::string kind, name, table;
  };
  /// A dropped table.
  struct Gone {
    model::Table table;
    std::int64_t rows = 0;
    std::int64_t last_key = 0;  ///< The AUTOINCREMENT counter.
  };

  [[nodiscard]] bool is_checked(const std::string& table) const;
  [[nodiscard]] const WrittenStatements& known();
  [[nodiscard]] std::string find_copy(const std::string& table, const std::vector<std::string>& made);
  [[nodiscard]] bool is_there(const std::string& table) const;
  [[nodiscard]] Gone describe(const model::Table& table) const;
  [[nodiscard]] std::int64_t count_rows(const std::string& table) const;
  void require_rows(const std::string& table, std::int64_t rows) const;
  /// If a table of this name was dropped: checks that its successor has all unknown parts.
  std::optional<Gone> take_name(const std::string& table);
  void keep_last_key(const Gone& gone, const model::Table& table) const;
  void require_whole(const model::Table& dropped, const model::Table& copy);
  [[nodiscard]] std::vector<std::string> find_losses(const model::Table& dropped, const model::Table& copy);
  void add_dependents(const model::Table& dropped, std::vector<std::string>& losses);

  Connection& connection_;
  WrittenMigration written_;
  std::optional<WrittenStatements> known_;
  bool was_there_ = false;  ///< If true, the table to create already exists.
  std::map<std::string, Gone, LessIgnoringCase> gone_;
  std::map<std::string, std::string, LessIgnoringCase> renamed_;  ///< New names of tables, with the old ones.
  std::set<std::string, LessIgnoringCase> fresh_;  ///< Created in this run, and not the copy of a dropped table.
  std::map<std::string, std::int64_t, LessIgnoringCase>
      refilled_;  ///< The numbers of rows in tables whose rows were moved elsewhere.
  std::vector<Later> later_;
};

}  // namespace whimbrel::dialect::sqlite
