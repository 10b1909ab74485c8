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

/// Keeps a rebuild that was written by hand from leaving away what the migration does not know. A table that was looked
/// at before is not looked at again.
///
/// There are two kinds: a copy is filled and takes the name of the dropped table; or the rows are put aside, and the
/// table is dropped, made again and filled. A column is known as known_column.h says; a constraint, a default and the
/// like where a CREATE TABLE of the migration makes the same, an index or a trigger where a statement makes or drops
/// it, all of that in either direction.
class RebuildLoss {
 public:
  explicit RebuildLoss(Connection& connection) : connection_(connection) {}

  void watch(WrittenMigration written);
  /// Comes before each statement.
  void before(const Command& command);
  /// Comes before the DROP TABLE. `made`: the tables that were made in this run, of which one is the copy if a rename
  /// that follows says so; or `copy`, if that is known. Returns the copy; empty if it is not known. Throws Error
  /// (unsafe).
  std::string before_drop(const std::string& table, std::string copy, const std::vector<std::string>& made);
  /// Come after a table took a name, which may be that of one that was dropped. Throw as above.
  void after_create(const std::string& table);
  void after_rename(const std::string& from, const std::string& to);
  /// Throws Error (unsafe) if an index or a trigger that was to be made again is not there, or rows are not that were
  /// put aside.
  void before_commit();

 private:
  struct Later {
    std::string kind, name, table;
  };
  /// A table that was dropped.
  struct Gone {
    model::Table table;
    std::int64_t rows = 0;
    std::int64_t last_key = 0;  ///< Which AUTOINCREMENT gave.
  };

  [[nodiscard]] bool is_checked(const std::string& table) const;
  [[nodiscard]] const WrittenStatements& known();
  [[nodiscard]] std::string find_copy(const std::string& table, const std::vector<std::string>& made);
  [[nodiscard]] bool is_there(const std::string& table) const;
  [[nodiscard]] Gone describe(const model::Table& table) const;
  [[nodiscard]] std::int64_t count_rows(const std::string& table) const;
  void require_rows(const std::string& table, std::int64_t rows) const;
  /// If there was a table of this name: what took it has all that is not known.
  std::optional<Gone> take_name(const std::string& table);
  void keep_last_key(const Gone& gone, const model::Table& table) const;
  void require_whole(const model::Table& dropped, const model::Table& copy);
  [[nodiscard]] std::vector<std::string> find_losses(const model::Table& dropped, const model::Table& copy);
  void add_dependents(const model::Table& dropped, std::vector<std::string>& losses);

  Connection& connection_;
  WrittenMigration written_;
  std::optional<WrittenStatements> known_;
  bool was_there_ = false;  ///< Is the table there that is to be created?
  std::map<std::string, Gone, LessIgnoringCase> gone_;
  std::map<std::string, std::string, LessIgnoringCase> renamed_;  ///< New names of tables, and the old ones.
  std::set<std::string, LessIgnoringCase> fresh_;  ///< Made in this run, and the copy of no table that is gone.
  std::map<std::string, std::int64_t, LessIgnoringCase>
      refilled_;  ///< How many rows the tables had that were put aside.
  std::vector<Later> later_;
};

}  // namespace whimbrel::dialect::sqlite
