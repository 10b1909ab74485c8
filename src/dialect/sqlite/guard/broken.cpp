#include <map>
#include <optional>
#include <utility>

#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/guard/trial_schema.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Finds out why triggers cannot be used. They are tried together, once for each table and event, and one by one only
/// if that fails.
class Triggers {
 public:
  explicit Triggers(Connection& connection) : connection_(connection) {}

  std::optional<std::string> error(const StoredObject& trigger) {
    const std::pair key(trigger.table, trigger_event(trigger.sql));
    const auto [place, is_new] = errors_.try_emplace(key);
    if (is_new) place->second = find_error(trigger.table, key.second);
    if (!place->second || !has_others(trigger)) return place->second;
    if (!trial_) {
      const std::vector<StoredObject> objects = stored_objects(connection_);
      trial_.emplace(connection_, objects);
      trial_->make_views(objects);
    }
    return trial_->error_alone(trigger);
  }

 private:
  // The columns of an unreadable view are unknown; reading it returns the reason.
  std::optional<std::string> find_error(const std::string& table, TriggerEvent event) {
    if (auto error = compile_error(connection_, "SELECT * FROM " + sql::quote_identifier(table, sqlite_syntax)))
      return error;
    return compile_error(connection_, firing_statement(connection_, table, event));
  }

  bool has_others(const StoredObject& trigger) {
    if (counts_.empty()) {
      const Rows::Data rows = connection_.run("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'");
      for (const auto& row : rows.values) ++counts_[{row.at(0).text(), trigger_event(row.at(1).text())}];
    }
    return counts_[{trigger.table, trigger_event(trigger.sql)}] > 1;
  }

  Connection& connection_;
  std::map<std::pair<std::string, TriggerEvent>, std::optional<std::string>> errors_;
  std::map<std::pair<std::string, TriggerEvent>, std::size_t> counts_;
  std::optional<TrialSchema> trial_;
};

/// `row`: kind, name, table and definition.
std::optional<std::string> why_broken(Connection& connection, Triggers& triggers, const std::vector<Value>& row) {
  const std::string kind = row.at(0).text();
  if (kind == virtual_table_kind) return content_error(connection, row.at(3).text());
  if (kind == "view")
    return compile_error(connection, "SELECT * FROM " + sql::quote_identifier(row.at(1).text(), sqlite_syntax));
  return triggers.error({kind, row.at(1).text(), row.at(2).text(), row.at(3).text()});
}

}  // namespace

std::vector<BrokenObject> find_broken(Connection& connection) {
  std::vector<BrokenObject> broken;
  Triggers triggers(connection);
  const Rows::Data objects = connection.run(
      "SELECT CASE type WHEN 'table' THEN 'virtual table' ELSE type END, name, tbl_name, sql FROM sqlite_master WHERE "
      "type IN ('view', 'trigger') OR type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE %' ORDER BY rowid");
  for (const auto& row : objects.values) {
    const std::string kind = row.at(0).text();
    const std::string name = row.at(1).text();
    const std::optional<std::string> error = why_broken(connection, triggers, row);
    if (error) broken.push_back({kind, name, *error});
  }
  return broken;
}

std::optional<std::string> error_of(Connection& connection, const std::string& kind, const std::string& name) {
  Triggers triggers(connection);
  const Rows::Data rows =
      connection.run("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type = ? AND name = ? COLLATE NOCASE",
                     {Value(kind), Value(name)});
  return why_broken(connection, triggers, rows.values.at(0));
}

Error with_obstacles(Connection& connection, const Error& error) {
  constexpr std::string_view unexplained = "SQL logic error";
  const std::string_view message = error.what();
  if (error.kind() != ErrorKind::statement || !message.ends_with(unexplained)) return error;
  std::string words;
  for (const BrokenObject& object : find_broken(connection)) {
    if (object.kind == virtual_table_kind) continue;  // ALTER TABLE does not read it.
    words += (words.empty() ? "error in " : "; error in ") + object.kind + ' ' + object.name + ": " + object.reason;
  }
  if (words.empty()) return error;
  Error named(error.kind(), std::string(message.substr(0, message.size() - unexplained.size())) + words);
  named.with_remedy(
      "SQLite renames or drops a column only if it can read every view and trigger of the database. Drop them or "
      "create what they lack, then run the command again.");
  return named.with_statement(error.statement()).with_native_code(error.native_code());
}

}  // namespace whimbrel::dialect::sqlite
