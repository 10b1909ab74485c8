#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"

namespace whimbrel::dialect::sqlite {

/// Is it the name of a table that is copied to or from in a rebuild? Then the name without what makes it that.
[[nodiscard]] bool is_temporary_name(std::string_view table);
[[nodiscard]] std::string_view without_temporary(std::string_view table);

/// Watches the moment in the rebuild of a table at which one of its two copies is dropped.
///
/// Upwards `temporary_user` is made and filled, `user` is dropped and `temporary_user` takes its name. Downwards `user`
/// is renamed to `temporary_user`, a new `user` is made and filled, and `temporary_user` is dropped.
class RebuildWatch {
 public:
  explicit RebuildWatch(Connection& connection) : connection_(connection) {}

  void table_made(const std::string& table) { made_.push_back(table); }
  void table_renamed(const std::string& from, const std::string& to);

  /// Comes before a DROP TABLE in favour of a copy; empty: there is none. Throws Error (unsafe) when the copy has not
  /// as many rows as the table that goes; hands on the table's mark of the last key that AUTOINCREMENT gave.
  void before_drop(const std::string& table, const std::string& copy);
  /// Comes after it. Throws Error (unsafe) when rows went from tables that refer to the one that is rebuilt. Returns
  /// the copy that stays; empty if the table was not dropped in a rebuild.
  std::string after_drop(const std::string& table);
  void forget() { made_.clear(); }

  /// The copy in whose favour the table would be dropped, by their names; empty: there is none.
  [[nodiscard]] std::string find_copy(const std::string& table) const;
  /// The tables that came into being.
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
  [[nodiscard]] std::vector<Child> count_children(const std::string& table, const std::string& copy) const;
  void check_copy(const std::string& table, const std::string& copy) const;
  void carry_sequence(const std::string& table, const std::string& copy) const;

  Connection& connection_;
  std::vector<std::string> made_;  ///< By CREATE TABLE, or renamed to; the last comes last.
  std::optional<Rebuild> rebuild_;
};

}  // namespace whimbrel::dialect::sqlite
