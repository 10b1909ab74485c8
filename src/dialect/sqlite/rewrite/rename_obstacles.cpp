#include "dialect/sqlite/rewrite/rename_obstacles.h"

#include <algorithm>
#include <set>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using namespace operation;
using Operations = std::vector<Operation>;
using Key = std::pair<std::string, std::string>;  ///< `view` or `trigger`, and its name.

std::set<Key> keys(const std::vector<BrokenObject>& objects) {
  std::set<Key> result;
  for (const BrokenObject& object : objects) result.emplace(object.kind, object.name);
  return result;
}

// SQLite reports what prevents a rename only without legacy_alter_table.
void try_run(Connection& scratch, const Operations& operations) {
  for (const sql::Statement& statement : generate(operations)) {
    scratch.run("PRAGMA legacy_alter_table = OFF");
    scratch.run(statement.sql);
  }
}

/// The reason why renames cannot be run: SQLite's message, or an object whose meaning they change.
struct Failure {
  std::string message;
  std::optional<Key> changed{};
};

std::map<Key, std::string> definitions(Connection& scratch) {
  std::map<Key, std::string> result;
  const Rows::Data rows = scratch.run("SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')");
  for (const auto& row : rows.values) result[{row.at(0).text(), row.at(1).text()}] = row.at(2).text();
  return result;
}

/// Every ALTER TABLE changes double-quoted strings everywhere to single quotes. The renames do not cause this change.
void settle_quotes(Connection& scratch) {
  scratch.run("SAVEPOINT settle_quotes");
  try {
    scratch.run(
        "PRAGMA legacy_alter_table = OFF; CREATE TABLE whimbrel_trial (a);"
        "ALTER TABLE whimbrel_trial RENAME a TO b; DROP TABLE whimbrel_trial");
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    scratch.run("ROLLBACK TO settle_quotes");  // Something is broken; the renames report it.
  }
  scratch.run("RELEASE settle_quotes");
}

/// Returns why the operations and those that undo them cannot be run; nullopt if they can.
///
/// RENAME can give a view or a trigger another meaning without an error: `excluded` becomes the name of the table, a
/// double-quoted name that is no longer found becomes a string, or it matches another column. Then the reverse renames
/// do not restore the text.
std::optional<Failure> failure(Connection& scratch, const Operations& operations) {
  std::optional<Failure> message;
  scratch.run("SAVEPOINT try_renames");
  settle_quotes(scratch);
  const std::map<Key, std::string> before = definitions(scratch);
  try {
    try_run(scratch, operations);
    try_run(scratch, reverse(operations));
    const std::map<Key, std::string> after = definitions(scratch);
    for (const auto& [key, definition] : before) {
      const auto found = after.find(key);
      if (found != after.end() && same_but_for_quotes(definition, found->second)) continue;
      message = {"", key};
      break;
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    message = {reason(error, scratch)};
  }
  scratch.run("PRAGMA legacy_alter_table = ON");
  scratch.run("ROLLBACK TO try_renames; RELEASE try_renames");
  return message;
}

/// Returns the statement of a trigger on a table with another name.
std::string on_table(const std::string& definition, const std::string& table) {
  const std::vector<sql::Token> tokens = sql::tokenize(definition, sqlite_syntax);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].is("ON")) continue;
    return definition.substr(0, tokens[i + 1].offset) + sql::quote_identifier(table, sqlite_syntax) +
           definition.substr(tokens[i + 1].end());
  }
  return definition;
}

class Obstacles {
 public:
  Obstacles(const model::Schema& current, Operations renames) : current_(current), renames_(std::move(renames)) {}

  /// Records the object of SQLite's message, `error in view a after rename: ...`. Returns false if there is no such
  /// object.
  bool take(const std::string& message) {
    const Key* named = nullptr;
    const std::vector<Key> all = objects();
    for (const Key& key : all) {
      const std::string words = "error in " + key.first + ' ' + key.second;
      const bool is_it = message.starts_with(words + ':') || message.starts_with(words + " after ");
      if (is_it && (named == nullptr || named->second.size() < key.second.size())) named = &key;
    }
    return named != nullptr && take(*named);
  }
  bool take(const Key& object) {
    const std::vector<Key> all = objects();
    return std::find(all.begin(), all.end(), object) != all.end() && taken_.insert(object).second;
  }

  /// Returns the renames with operations for the recorded objects around them.
  [[nodiscard]] Operations around() const {
    Operations drops;
    Operations creations;
    const auto triggers = [&](const auto& item) {
      for (const model::Trigger& trigger : item.triggers) {
        if (!taken_.contains({"trigger", trigger.name})) continue;
        drops.emplace_back(DropTrigger{item.name, trigger});
        creations.emplace_back(made_again(item.name, trigger));
      }
    };
    for (const model::Table& table : current_.tables) triggers(table);
    for (const model::View& view : current_.views) {
      if (!taken_.contains({"view", view.name.name})) {
        triggers(view);
        continue;
      }
      drops.emplace_back(DropView{view});
      creations.emplace_back(CreateView{view});
    }
    // A full-text index that is filled at the end, here or on the way back, may read one of the views.
    const auto is_rename = [](const Operation& operation) { return !std::holds_alternative<AlterObject>(operation); };
    const auto first = std::find_if(renames_.begin(), renames_.end(), is_rename);
    const auto last = std::find_if(renames_.rbegin(), renames_.rend(), is_rename).base();
    Operations result(renames_.begin(), first);
    // Triggers fire in an order that follows their creation, so the way back must create them in the same order.
    result.insert(result.end(), drops.rbegin(), drops.rend());
    if (first < last) result.insert(result.end(), first, last);
    result.insert(result.end(), creations.begin(), creations.end());
    result.insert(result.end(), std::max(first, last), renames_.end());
    return result;
  }

 private:
  [[nodiscard]] std::vector<Key> objects() const {
    std::vector<Key> all;
    const auto add_triggers = [&](const auto& item) {
      for (const model::Trigger& trigger : item.triggers) all.emplace_back("trigger", trigger.name);
    };
    for (const model::Table& table : current_.tables) add_triggers(table);
    for (const model::View& view : current_.views) {
      all.emplace_back("view", view.name.name);
      add_triggers(view);
    }
    return all;
  }

  [[nodiscard]] CreateTrigger made_again(model::Name table, model::Trigger trigger) const {
    const model::Name before = table;
    for (const Operation& operation : renames_) {
      const auto* rename = std::get_if<RenameTable>(&operation);
      if (rename != nullptr && rename->from == table) table = rename->to;
    }
    if (table != before) trigger.definition = on_table(trigger.definition, table.name);
    return {table, trigger};
  }

  const model::Schema& current_;
  const Operations renames_;
  std::set<Key> taken_;
};

}  // namespace

std::unique_ptr<Connection> copy_for_renames(Connection& connection) {
  std::vector<std::string> left_out;
  std::unique_ptr<Connection> scratch = copy_schema(connection, left_out);
  // Like the database while migrations run.
  scratch->run("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
  const std::vector<BrokenObject> broken = find_broken(*scratch);
  if (broken.empty()) return scratch;
  const std::set<Key> really_broken = keys(find_broken(connection));
  for (const BrokenObject& object : broken) {
    if (object.kind == virtual_table_kind) continue;  // ALTER TABLE does not read it.
    if (really_broken.contains({object.kind, object.name})) continue;
    scratch->run("DROP " + object.kind + " IF EXISTS " + sql::quote_identifier(object.name, sqlite_syntax));
  }
  return scratch;
}

bool can_alter(Connection& connection) {
  if (!find_broken(connection).empty()) return false;
  const std::unique_ptr<Connection> scratch = copy_for_renames(connection);
  try {
    scratch->run(
        "PRAGMA legacy_alter_table = OFF; CREATE TABLE whimbrel_trial (kept, dropped);"
        "ALTER TABLE whimbrel_trial DROP COLUMN dropped");
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    return false;
  }
}

Operations without_obstacles(Connection& connection, const model::Schema& current, Operations renames) {
  const std::unique_ptr<Connection> scratch = copy_for_renames(connection);
  Obstacles obstacles(current, renames);
  while (const std::optional<Failure> failed = failure(*scratch, renames)) {
    if (!failed->changed) {
      if (!obstacles.take(failed->message)) break;
    } else if (!obstacles.take(*failed->changed)) {
      const auto& [kind, name] = *failed->changed;
      throw Error(ErrorKind::unsafe, "The rename would change the meaning of " + kind + " \"" + name + "\".")
          .with_remedy("Drop it first, and recreate it for the new name.");
    }
    renames = obstacles.around();
  }
  return renames;
}

}  // namespace whimbrel::dialect::sqlite
