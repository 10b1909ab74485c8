#pragma once

#include <string>
#include <string_view>

namespace whimbrel::dialect::sqlite {

/// What the guard needs to know about a statement.
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
  /// reads: needs no transaction. writes: needs one, to be undone with. stands_alone: must not run in another one's.
  enum class Reach { reads, writes, stands_alone };

  Kind kind = Kind::other;  ///< create_dependent: an index or a trigger.
  Reach reach = Reach::writes;
  std::string table;       ///< For create_table, rename_table and drop_table.
  std::string dependent;   ///< The created or dropped index or trigger.
  std::string definition;  ///< The created or dropped view or trigger.
  bool drops_definition = false;
  bool is_private = false;    ///< For attach: if true, the connection's own database, in memory or unnamed.
  bool ends_journal = false;  ///< For pragma: nothing can be rolled back after it.
  std::string new_name;       ///< For rename_table, and for `column`.
  std::string column;         ///< The renamed column of `table`.
  bool alters_table = false;  ///< An ALTER TABLE, also for rename_table.
  /// For an ALTER TABLE: a column may get, now or later, the name that another one or the row number had.
  bool reuses_name = false;
  bool only_adds_rows = false;   ///< To `table`; a conflict or a trigger can still remove some.
  bool may_break_keys = false;   ///< Rows may reference missing rows.
  bool may_break_names = false;  ///< Tables, views and triggers may reference missing objects.
};

/// Parses the statement as far as its kind requires. An unknown statement may break keys and names.
[[nodiscard]] Command read_command(std::string_view statement);

/// The events that fire a trigger.
enum class TriggerEvent { insert, update, remove };
/// Returns the event of a CREATE TRIGGER statement.
[[nodiscard]] TriggerEvent trigger_event(std::string_view create_trigger);
/// Returns whether two triggers of a table fire at the same event and time: two of UPDATE may be of different columns.
[[nodiscard]] bool fire_together(std::string_view create_trigger, std::string_view other);

/// Returns whether the key in the CREATE TABLE statement has the keyword AUTOINCREMENT.
[[nodiscard]] bool has_autoincrement(std::string_view create_table);

}  // namespace whimbrel::dialect::sqlite
