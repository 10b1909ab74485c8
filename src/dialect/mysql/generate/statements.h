#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/mysql/generate/algorithm.h"
#include "sql/statement.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::mysql {

/// A part of ALTER TABLE.
struct AlterPart {
  std::string sql;
  /// What it changes, such as `column a`. The server takes only one part for each in a statement.
  std::string subject{};
  Algorithm best = Algorithm::unknown;
};

/// The statements of a plan. Consecutive changes of one table become one ALTER TABLE, which the server makes as a whole
/// or not at all, and copies the table at most once.
class Statements {
 public:
  /// The purpose of the next statements.
  void describe(std::string description) { description_ = std::move(description); }
  /// The tables for which the best algorithm of a change is certain.
  void set_plain_tables(std::set<model::Name> tables) { plain_ = std::move(tables); }
  /// The tables that keep the history of their rows.
  void set_versioned_tables(std::set<model::Name> tables) { versioned_ = std::move(tables); }
  [[nodiscard]] bool keeps_history(const model::Name& table) const { return versioned_.contains(table); }

  /// The tables whose statements run in the time zone of the server, and not in UTC.
  void set_local_tables(std::set<model::Name> tables) { local_ = std::move(tables); }

  void say(std::string sql);
  /// A statement that reads or writes rows of the table.
  void say_on(const model::Name& table, std::string sql);
  /// A statement that creates a program. `session`: its assignments (text/program_session.h).
  void say_in(const std::string& session, std::string sql);
  void alter(const model::Name& table, AlterPart part);
  /// Adds the partitions, which end the statement.
  void alter_at_end(const model::Name& table, const std::string& clause);
  /// A part that must fail if the table has rows. The server would make up values for them, also in strict mode, but
  /// no row passes the check of this name, which the next statement drops.
  void alter_empty(const model::Name& table, AlterPart part, const std::string& check, std::string drop);
  /// A part in a statement of its own, before the one to which parts of this table can be added.
  void alter_before(const model::Name& table, const std::string& part);
  /// Copies the table in the time zone of the server, so that what depends on it is computed again.
  void recompute(const model::Name& table);
  /// The next change begins a new statement.
  void end_alter();

  [[nodiscard]] std::vector<sql::Statement> take();

 private:
  [[nodiscard]] std::string head(const model::Name& table) const;
  void use(const std::string& session);

  std::string description_;
  std::string session_;  ///< The assignments for the last statement; empty: those of every script.
  std::set<model::Name> plain_;
  std::set<model::Name> versioned_;
  std::set<model::Name> local_;
  std::vector<sql::Statement> statements_;
  bool is_open_ = false;  ///< If true, more parts can follow the last statement.
  model::Name table_;     ///< The table that it alters.
  std::set<std::string> subjects_;
  std::vector<Algorithm> algorithms_;
  sql::Statement next_;  ///< The statement that must follow the open one; empty: none.
};

}  // namespace whimbrel::dialect::mysql
