#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/command.h"

namespace whimbrel::dialect::sqlite {

/// Returns the table's name without the prefix of a copy, if it is the name of a table that a rebuild copies to or
/// from.
[[nodiscard]] bool is_temporary_name(std::string_view table);
[[nodiscard]] std::string_view without_temporary(std::string_view table);

/// Returns the table that gets other columns by this statement, or whose rebuild begins with it; empty: there is none.
[[nodiscard]] std::string changed_table(const Command& command);

/// Checks the step in the rebuild of a table at which one of its two copies is dropped.
///
/// `up` creates and fills `temporary_user`, drops `user` and renames `temporary_user` to it. `down` renames `user` to
/// `temporary_user`, creates and fills a new `user`, and drops `temporary_user`.
class RebuildChecker {
 public:
  explicit RebuildChecker(Connection& connection) : connection_(connection) {}

  void table_made(const std::string& table) { made_.push_back(table); }
  void table_renamed(const std::string& from, const std::string& to);

  /// Call it before a DROP TABLE that a copy replaces; empty: no copy. Throws Error (unsafe) if the copy has fewer rows
  /// than the dropped table; passes on the table's AUTOINCREMENT counter.
  void before_drop(const std::string& table, const std::string& copy);
  /// Call it after the DROP TABLE. Throws Error (unsafe) if rows disappeared from tables that reference the rebuilt
  /// one. Returns the remaining copy; empty if the table was not dropped in a rebuild.
  std::string after_drop(const std::string& table);
  /// Throws Error (unsafe) if a copy did not get the name of the table that was dropped for it.
  void require_renamed() const;
  void forget() {
    made_.clear();
    waiting_.clear();
  }

  /// Returns the copy that would replace the dropped table, by their names; empty: none.
  [[nodiscard]] std::string find_copy(const std::string& table) const;
  /// Returns the created tables.
  [[nodiscard]] const std::vector<std::string>& made() const { return made_; }

 private:
  struct Child {
    std::string table;
    std::int64_t rows;
  };
  struct Rebuild {
    std::string copy;
    std::vector<Child> children;
  };

  [[nodiscard]] std::string stored_name(const std::string& table) const;
  [[nodiscard]] std::int64_t count_rows(const std::string& table) const;
  /// Returns what to do if a copy does not have all rows of the table.
  [[nodiscard]] std::string way_to_copy(const std::string& table) const;
  [[nodiscard]] std::vector<Child> count_children(const std::string& table, const std::string& copy) const;
  void check_copy(const std::string& table, const std::string& copy) const;
  void carry_sequence(const std::string& table, const std::string& copy) const;

  Connection& connection_;
  std::vector<std::string> made_;  ///< Created or renamed tables, newest last.
  std::optional<Rebuild> rebuild_;
  std::map<std::string, std::string> waiting_;  ///< By temporary names, the tables that they will be.
};

}  // namespace whimbrel::dialect::sqlite
