#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.h"

namespace whimbrel::dialect::sqlite {

/// Keeps a rebuild that was written by hand from leaving away what the migration does not name. A table that was looked
/// at before is not looked at again.
///
/// A column or a constraint is named where a statement of the migration, in either direction, has its name and that of
/// the table; a constraint without a name where a CREATE TABLE makes the same; an index or a trigger anywhere.
class RebuildLoss {
 public:
  explicit RebuildLoss(Connection& connection) : connection_(connection) {}

  void watch(WrittenMigration written) {
    written_ = std::move(written);
    known_.reset();
    gone_.clear();
  }
  /// Comes before the DROP TABLE. `made`: the tables that were made in this run, of which one is the copy if a rename
  /// that follows says so; or `copy`, if that is known. Throws Error (unsafe).
  void before_drop(const std::string& table, std::string copy, const std::vector<std::string>& made);
  /// Comes after a table took this name: it may be the copy of one that is gone. Throws as above.
  void after_rename(const std::string& table);
  /// Throws Error (unsafe) if an index or a trigger that was to be made again is not there.
  void before_commit();

 private:
  struct Later {
    std::string kind, name, table;
  };

  [[nodiscard]] bool is_checked(const std::string& table) const;
  [[nodiscard]] std::string copy_by_rename(const std::string& table, const std::vector<std::string>& made) const;
  void require_whole(const model::Table& dropped, const model::Table& copy);
  [[nodiscard]] std::vector<std::string> find_losses(const model::Table& dropped, const model::Table& copy);
  void add_dependents(const model::Table& dropped, const std::vector<std::string>& known_words,
                      std::vector<std::string>& losses);

  Connection& connection_;
  WrittenMigration written_;
  std::optional<WrittenStatements> known_;
  std::map<std::string, model::Table> gone_;  ///< Tables whose copy is not known, by their names in lower case.
  std::vector<Later> later_;
};

}  // namespace whimbrel::dialect::sqlite
