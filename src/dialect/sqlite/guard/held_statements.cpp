#include "dialect/sqlite/guard/held_statements.h"

#include <algorithm>

#include "dialect/sqlite/guard/rebuild_checker.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

void HeldStatements::begin() {
  is_wanted_ = true;
  if (connection_.is_transaction_active()) return;
  connection_.run("BEGIN IMMEDIATE");
  is_open_ = true;
}

void HeldStatements::begin_operation() {
  if (is_wanted_) begin();
  if (is_rebuilding_ && copies_.empty()) end_rebuild();
  ++operations_;
}

void HeldStatements::before(const Command& command) {
  if (!is_wanted_) return;
  if (is_open_ && !connection_.is_transaction_active()) {
    is_open_ = false;
    throw Error(ErrorKind::unsafe, "SQLite rolled back the earlier changes of the migration after a failed statement.")
        .with_remedy("Do not catch the error of a statement in the migration, and run it again.");
  }
  if (is_open_ && command.reach == Command::Reach::stands_alone) return commit();
  if (command.reach == Command::Reach::writes) begin();
  if (!is_open_ || operations_ > 0) return;
  const bool goes_on = command.kind == Command::Kind::create_dependent || command.kind == Command::Kind::pragma;
  if (is_rebuilding_ && copies_.empty() && !goes_on) end_rebuild();
  if (is_rebuilding_ || !begins_rebuild(command)) return;
  connection_.run("SAVEPOINT whimbrel_rebuild");
  is_rebuilding_ = true;
}

void HeldStatements::after(const Command& command) {
  if (!is_rebuilding_) return;
  const bool is_rename = command.kind == Command::Kind::rename_table;
  if (is_rename || command.kind == Command::Kind::drop_table) {
    if (const auto copy = find_copy(command.table); copy != copies_.end()) copies_.erase(copy);
  }
  const std::string& made = is_rename ? command.new_name : command.table;
  if ((is_rename || command.kind == Command::Kind::create_table) && is_temporary_name(made)) copies_.push_back(made);
}

void HeldStatements::commit() {
  if (!is_open_) return;
  try {
    connection_.run("COMMIT");
  } catch (...) {
    is_unsafe_ = true;
    throw;
  }
  is_open_ = false;
  is_rebuilding_ = false;
  copies_.clear();
}

bool HeldStatements::keep_done() {
  if (!is_wanted_) return true;
  if (is_open_ && !connection_.is_transaction_active()) is_open_ = false, is_unsafe_ = true;
  if (!is_open_) return !is_unsafe_;
  if (is_unsafe_) {
    connection_.run("ROLLBACK");
    is_open_ = false;
    return false;
  }
  if (is_rebuilding_) connection_.run("ROLLBACK TO whimbrel_rebuild");
  commit();
  return true;
}

bool HeldStatements::begins_rebuild(const Command& command) const {
  const bool is_rename = command.kind == Command::Kind::rename_table;
  if (!is_rename && command.kind != Command::Kind::create_table) return false;
  const std::string& copy = is_rename ? command.new_name : command.table;
  if (!is_temporary_name(copy)) return false;
  const Rows::Data rows = connection_.run(
      "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", {Value(without_temporary(copy))});
  return !rows.values.empty();
}

std::vector<std::string>::iterator HeldStatements::find_copy(const std::string& name) {
  return std::find_if(copies_.begin(), copies_.end(),
                      [&](const std::string& copy) { return sql::equal_ignoring_case(copy, name); });
}

void HeldStatements::end_rebuild() {
  connection_.run("RELEASE whimbrel_rebuild");
  is_rebuilding_ = false;
}

}  // namespace whimbrel::dialect::sqlite
