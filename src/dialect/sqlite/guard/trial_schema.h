#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/command.h"

namespace whimbrel::dialect::sqlite {

/// A row of sqlite_schema.
struct StoredObject {
  std::string type;
  std::string name;
  std::string table;
  std::string sql;
};

/// Returns every object that a statement created, in their order.
[[nodiscard]] std::vector<StoredObject> stored_objects(Connection& connection);

/// Returns a statement that fires all triggers of the table (or view) for the event, including those of UPDATE OF.
[[nodiscard]] std::string firing_statement(Connection& connection, const std::string& table, TriggerEvent event);

/// A scratch database with the tables, indexes, views and triggers of another one, as far as they can be created.
class TrialSchema {
 public:
  /// A compiled statement, as EXPLAIN shows it, without what is not the same in equal schemas.
  using Program = std::vector<std::vector<Value>>;

  /// Creates the tables and indexes. Functions that only a program's own connection has get a stand-in.
  TrialSchema(const Connection& connection, const std::vector<StoredObject>& objects);

  /// Returns whether a statement succeeds.
  bool run(const std::string& statement);
  void make_views(const std::vector<StoredObject>& objects);
  void make_triggers(const std::vector<StoredObject>& objects);

  /// Return nullopt for what does not compile.
  [[nodiscard]] std::optional<Program> view_program(const std::string& name);
  [[nodiscard]] std::optional<Program> event_program(const std::string& table, TriggerEvent event);
  /// Return the program of an event of which this is the only trigger, or why it does not compile: a function that does
  /// not exist yet is an error then.
  [[nodiscard]] std::optional<Program> program_alone(const StoredObject& trigger);
  [[nodiscard]] std::optional<std::string> error_alone(const StoredObject& trigger);

 private:
  void make(const StoredObject& object);
  template <class Result>
  Result with_only(const StoredObject& trigger, Result (*look)(Connection&, const std::string&));

  std::unique_ptr<Connection> scratch_;
  std::vector<std::string> stand_ins_;
  std::vector<std::string> triggers_;  ///< The names of those that exist.
};

}  // namespace whimbrel::dialect::sqlite
