#pragma once

#include <string>
#include <string_view>

namespace whimbrel::dialect::sqlite {

/// What a statement is about, as far as the guard must know.
struct Command {
  enum class Kind {
    other,
    create_table,
    create_dependent,
    rename_table,
    drop_table,
    begin,
    commit,
    rollback,
    pragma,
    attach
  };
  /// Does it want a transaction, if there is none, to be undone with? Or must there be none of others?
  enum class Reach { reads, writes, stands_alone };

  Kind kind = Kind::other;  ///< create_dependent: an index or a trigger.
  Reach reach = Reach::writes;
  std::string table;             ///< Of create_table, rename_table and drop_table.
  std::string dependent;         ///< The index or trigger that is made or dropped.
  bool is_private = false;       ///< Of attach: what is attached is the connection's own, in memory or without a name.
  std::string new_name;          ///< Of rename_table.
  bool only_adds_rows = false;   ///< To the table that it names; a conflict or a trigger can take some away.
  bool may_break_keys = false;   ///< Rows may refer to rows that are not there any more.
  bool may_break_names = false;  ///< Tables, views and triggers may refer to what is not there any more.
};

/// Reads the statement as far as its kind needs. What it does not know may break keys and names.
[[nodiscard]] Command read_command(std::string_view statement);

/// The events that fire a trigger.
enum class TriggerEvent { insert, update, remove };
/// Of a CREATE TRIGGER statement.
[[nodiscard]] TriggerEvent trigger_event(std::string_view create_trigger);

/// Does the CREATE TABLE statement give its key the keyword AUTOINCREMENT?
[[nodiscard]] bool has_autoincrement(std::string_view create_table);

}  // namespace whimbrel::dialect::sqlite
