#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/mysql/generate/algorithm.h"
#include "dialect/mysql/generate/time_zone.h"
#include "sql/statement.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::mysql {

/// A part of ALTER TABLE.
struct AlterPart {
  std::string sql;
  /// What it changes, such as `column a`. The server takes only one part for each in a statement.
  std::string subject{};
  Algorithm best = Algorithm::unknown;
  Zone zone = Zone::table;
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

  /// The tables with values that depend on the time zone.
  void set_local_tables(std::set<model::Name> tables) { local_ = std::move(tables); }
  /// Those of which an UPDATE runs triggers, which may depend on it.
  void set_triggered_tables(std::set<model::Name> tables) { triggered_ = std::move(tables); }
  /// Returns whether an UPDATE may depend on the time zone, whatever values it gives.
  [[nodiscard]] bool depends_on_zone(const model::Name& table) const {
    return local_.contains(table) || triggered_.contains(table);
  }

  /// The names that what exists only while a column changes cannot have, in lines.
  void set_taken_names(std::string names) { taken_names_ = std::move(names); }
  [[nodiscard]] const std::string& taken_names() const { return taken_names_; }

  void say(std::string sql);
  /// A statement on the definition of the table.
  void say_on(const model::Name& table, std::string sql);
  /// An UPDATE of rows of the table.
  void update(const model::Name& table, std::string sql, Zone zone);
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
  /// The next change begins a new statement.
  void end_alter();

  [[nodiscard]] std::vector<sql::Statement> take();

 private:
  /// An ALTER TABLE to which parts can be added.
  struct Open {
    model::Name table;
    sql::Statement statement;
    Zone zone = Zone::any;
    std::set<std::string> subjects{};
    std::vector<Algorithm> algorithms{};
  };

  [[nodiscard]] std::string head(const model::Name& table) const;
  [[nodiscard]] std::string session_for(const model::Name& table, Zone zone) const;
  [[nodiscard]] bool fits(const model::Name& table, const AlterPart& part) const;
  void append(const std::string& sql);
  void use(const std::string& session, const std::string& description);
  void add_on(const model::Name& table, Zone zone, sql::Statement statement);

  std::string description_;
  std::string session_;  ///< The assignments for the last statement; empty: those of every script.
  std::set<model::Name> plain_;
  std::set<model::Name> versioned_;
  std::set<model::Name> local_;
  std::set<model::Name> triggered_;
  std::string taken_names_;
  std::vector<sql::Statement> statements_;
  std::optional<Open> open_;
  sql::Statement next_;  ///< The statement that must follow the open one; empty: none.
};

}  // namespace whimbrel::dialect::mysql
