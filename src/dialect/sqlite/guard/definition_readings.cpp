#include "dialect/sqlite/guard/definition_readings.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// A view or a trigger before and after a change.
struct KeptDefinition {
  StoredObject before;
  StoredObject after;
};

bool is_definition(const StoredObject& object) { return object.type == "view" || object.type == "trigger"; }

TableColumns columns_of_tables(Connection& connection) {
  TableColumns columns;
  const Rows::Data rows = connection.run(
      "SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name, 'main') c WHERE m.type = 'table' AND "
      "m.rootpage <> 0");
  for (const auto& row : rows.values) columns[row.at(0).text()].push_back(row.at(1).text());
  return columns;
}

bool rename_column_in(TrialSchema& trial, const std::string& table, const std::string& from, const std::string& to) {
  sql::Writer writer(sqlite_syntax);
  writer.raw("ALTER TABLE ").identifier(table).raw(" RENAME COLUMN ").identifier(from).raw(" TO ").identifier(to);
  return trial.run(writer.take());
}

bool rename_table_in(TrialSchema& trial, const std::string& from, const std::string& to) {
  return trial.run(
      sql::Writer(sqlite_syntax).raw("ALTER TABLE ").identifier(from).raw(" RENAME TO ").identifier(to).take());
}

/// Each name passes through one that occurs nowhere, because names may be exchanged. Returns false if SQLite cannot
/// rename something.
bool move_names(TrialSchema& trial, const std::vector<ColumnMove>& columns, const std::vector<TableMove>& tables) {
  const auto free_name = [](std::size_t number) { return "whimbrel: no name " + std::to_string(number); };
  bool is_done = true;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    is_done = is_done && rename_column_in(trial, columns[i].table, columns[i].from, free_name(i));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].to.empty()) continue;
    is_done = is_done && rename_column_in(trial, columns[i].table, free_name(i), columns[i].to);
  }
  for (std::size_t i = 0; i < tables.size(); ++i)
    is_done = is_done && rename_table_in(trial, tables[i].from, free_name(i));
  for (std::size_t i = 0; i < tables.size(); ++i)
    is_done = is_done && rename_table_in(trial, free_name(i), tables[i].to);
  return is_done;
}

bool fires(const TrialSchema::Program& program) {
  return std::any_of(program.begin(), program.end(), [](const auto& step) { return text_of(step.at(1)) == "Program"; });
}

/// Two schemas that differ only in names.
class SchemaPair {
 public:
  SchemaPair(const Connection& connection, const std::vector<StoredObject>& objects,
             const std::vector<StoredObject>& moved_objects, const std::vector<ColumnMove>& columns,
             const std::vector<TableMove>& tables)
      : left_(connection, objects), right_(connection, objects) {
    for (const TableMove& table : tables) moved_tables_.emplace(table.from, table.to);
    is_complete_ = move_names(right_, columns, tables);
    make_definitions(left_, objects);
    make_definitions(right_, moved_objects);
  }

  /// Returns the definitions that compile to something else. What does not compile is found elsewhere.
  std::vector<const KeptDefinition*> find_changed(const std::vector<KeptDefinition>& kept) {
    std::vector<const KeptDefinition*> changed;
    if (!is_complete_) return changed;
    std::vector<const KeptDefinition*> suspects;
    for (const KeptDefinition& one : kept) {
      if (one.before.type == "trigger") {
        if (!are_same_events(one)) suspects.push_back(&one);
      } else if (differ(left_.view_program(one.before.name), right_.view_program(one.after.name))) {
        changed.push_back(&one);
      }
    }
    for (const KeptDefinition* const one : suspects) {
      const std::optional<Program> before = left_.program_alone(one->before);
      const std::optional<Program> after = right_.program_alone(one->after);
      // A trigger of UPDATE OF does not fire without its column.
      if (differ(before, after) && fires(*before) && fires(*after)) changed.push_back(one);
    }
    return changed;
  }

 private:
  using Program = TrialSchema::Program;

  [[nodiscard]] bool differ(const std::optional<Program>& left, const std::optional<Program>& right) const {
    return left && right && !are_same(*left, *right);
  }

  [[nodiscard]] bool are_same(const Program& left, const Program& right) const {
    const auto is_same = [&](const Value& a, const Value& b) { return a == b || is_moved_table(a, b); };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](const auto& one, const auto& other) {
      return std::equal(one.begin(), one.end(), other.begin(), other.end(), is_same);
    });
  }

  /// An instruction that writes rows has the name of their table in it, and one before it that of AUTOINCREMENT.
  [[nodiscard]] bool is_moved_table(const Value& left, const Value& right) const {
    const auto found = moved_tables_.find(std::string(text_of(left)));
    return found != moved_tables_.end() && same_name(found->second, text_of(right));
  }

  static void make_definitions(TrialSchema& trial, const std::vector<StoredObject>& objects) {
    trial.make_views(objects);
    trial.make_triggers(objects);
  }

  /// Returns whether all triggers of the event, together, compile to the same.
  bool are_same_events(const KeptDefinition& trigger) {
    const TriggerEvent event = trigger_event(trigger.before.sql);
    const auto [place, is_new] = events_.try_emplace({sql::to_lower(trigger.before.table), event}, false);
    if (is_new) {
      const std::optional<Program> before = left_.event_program(trigger.before.table, event);
      const std::optional<Program> after = right_.event_program(trigger.after.table, event);
      place->second = before && after && are_same(*before, *after);
    }
    return place->second;
  }

  TrialSchema left_;
  TrialSchema right_;
  bool is_complete_ = false;
  std::map<std::string, std::string, LessIgnoringCase> moved_tables_;  ///< Names on the right, by those on the left.
  std::map<std::pair<std::string, TriggerEvent>, bool> events_;
};

[[noreturn]] void refuse_meaning(const StoredObject& definition, const std::string& words) {
  throw Error(ErrorKind::unsafe,
              "This would change the meaning of " + definition.type + " \"" + definition.name + "\": " + words + '.')
      .with_remedy(
          "Choose another name for the column. Or first recreate the " + definition.type +
          ", by hand or in an earlier migration, with the table before each name (t.a), with JOIN ... ON instead of "
          "NATURAL JOIN, and with strings in single quotes. If it is to have the new meaning, drop and create it in "
          "this migration.");
}

std::string words_of_move(const std::optional<ColumnMove>& move, bool is_new) {
  if (!move) return "a name in it would mean something else";
  const std::string of_table = "\" of \"" + move->table + '"';
  if (is_new) return '"' + move->from + "\" in it would be the new column of \"" + move->table + '"';
  if (move->to.empty()) return '"' + move->from + "\" in it would no longer be the column of \"" + move->table + '"';
  return "a name in it would mean something else when column \"" + move->from + of_table + " is renamed to \"" +
         move->to + '"';
}

/// Returns the definitions of the first list, those that are kept as they are after the change.
std::vector<StoredObject> with_kept(std::vector<StoredObject> objects, const std::vector<KeptDefinition>& kept) {
  std::map<std::pair<std::string, std::string>, const StoredObject*> later;
  for (const KeptDefinition& one : kept) later[{one.before.type, one.before.name}] = &one.after;
  for (StoredObject& object : objects) {
    const auto found = later.find({object.type, object.name});
    if (found != later.end()) object = *found->second;
  }
  return objects;
}

/// The words of definitions, in lower case. They find no meaning; they only leave out what no definition can read.
class MentionedWords {
 public:
  explicit MentionedWords(const std::vector<StoredObject>& objects) { add(objects); }

  void add(const std::vector<StoredObject>& objects) {
    for (const StoredObject& object : objects) {
      if (!is_definition(object)) continue;
      for (const sql::Token& token : sql::tokenize(object.sql, sqlite_syntax))
        words_.insert(sql::to_lower(token.value()));
    }
  }

  /// Leaves the columns of tables of which a definition may read such a column. All those of a table stay, because
  /// they may exchange names.
  [[nodiscard]] std::vector<ColumnMove> only_read(std::vector<ColumnMove> moves) const {
    Names tables;
    for (const ColumnMove& move : moves) {
      const bool may_be_read = has("natural") || has(move.from) || (!move.to.empty() && has(move.to));
      if (may_be_read && has(move.table)) tables.insert(move.table);
    }
    std::erase_if(moves, [&](const ColumnMove& move) { return !tables.contains(move.table); });
    return moves;
  }

 private:
  [[nodiscard]] bool has(const std::string& word) const { return words_.contains(sql::to_lower(word)); }

  std::set<std::string> words_;
};

}  // namespace

void DefinitionReadings::record() {
  objects_ = stored_objects(connection_);
  if (std::none_of(objects_.begin(), objects_.end(), is_definition)) objects_.clear();
  if (!objects_.empty()) columns_ = columns_of_tables(connection_);
}

DefinitionReadings::Origin DefinitionReadings::origin_of(const std::string& table) const {
  const auto found = origins_.find(table);
  return found == origins_.end() ? Origin{table} : found->second;
}

void DefinitionReadings::after(const Command& command) {
  if (objects_.empty()) return;
  if (!command.definition.empty()) (command.drops_definition ? dropped_ : created_).insert(command.definition);
  if (command.column.empty()) return;
  Origin origin = origin_of(command.table);
  const auto known = origin.columns.find(command.column);
  const std::string former = known == origin.columns.end() ? command.column : known->second;
  origin.columns[command.column].clear();
  origin.columns[command.new_name] = former;
  origins_[command.table] = std::move(origin);
}

void DefinitionReadings::begin_operation() {
  dropped_before_ = dropped_;
  created_before_ = created_;
}

void DefinitionReadings::end_operation() {
  std::erase_if(dropped_, [&](const std::string& name) {
    const bool is_created = created_.contains(name) && !created_before_.contains(name);
    return is_created && !dropped_before_.contains(name);
  });
}

void DefinitionReadings::table_renamed(const std::string& from, const std::string& to) {
  Origin origin = origin_of(from);
  origins_[from] = Origin{};
  origins_[to] = std::move(origin);
}

ColumnChanges DefinitionReadings::find_changes() const {
  ColumnChanges changes;
  for (const auto& [table, columns] : columns_of_tables(connection_)) {
    const Origin origin = origin_of(table);
    const auto before = columns_.find(origin.table);
    if (before == columns_.end()) continue;
    Names gone(before->second.begin(), before->second.end());
    for (const std::string& column : columns) {
      const auto known = origin.columns.find(column);
      const std::string& former = known == origin.columns.end() ? column : known->second;
      if (gone.erase(former) == 0) {
        changes.new_columns.push_back({table, column, {}});
      } else if (!same_name(former, column)) {
        changes.old_columns.push_back({origin.table, former, column});
      }
    }
    for (const std::string& column : gone) changes.old_columns.push_back({origin.table, column, {}});
    if (!same_name(origin.table, table)) changes.tables.push_back({origin.table, table});
  }
  return changes;
}

void DefinitionReadings::require_same() const {
  if (objects_.empty()) return;
  ColumnChanges changes = find_changes();
  if (changes.old_columns.empty() && changes.new_columns.empty()) return;
  const std::vector<StoredObject> objects = stored_objects(connection_);
  MentionedWords words(objects_);
  words.add(objects);
  changes.old_columns = words.only_read(std::move(changes.old_columns));
  changes.new_columns = words.only_read(std::move(changes.new_columns));
  std::map<std::pair<std::string, std::string>, const StoredObject*> now;
  for (const StoredObject& object : objects) now[{object.type, sql::to_lower(object.name)}] = &object;
  std::vector<KeptDefinition> kept;
  for (const StoredObject& object : objects_) {
    const auto found = now.find({object.type, sql::to_lower(object.name)});
    if (!is_definition(object) || found == now.end() || dropped_.contains(object.name)) continue;
    // A rebuild drops the triggers of its table, and creates them again.
    if (created_.contains(object.name) && !same_but_for_quotes(object.sql, found->second->sql)) continue;
    kept.push_back({object, *found->second});
  }
  const auto require = [&](const std::vector<StoredObject>& left, const std::vector<StoredObject>& right,
                           const std::vector<KeptDefinition>& definitions, const std::vector<ColumnMove>& moves,
                           const std::vector<TableMove>& tables, bool are_new) {
    if (moves.empty() || definitions.empty()) return;
    SchemaPair all(connection_, left, right, moves, tables);
    std::vector<const KeptDefinition*> changed = all.find_changed(definitions);
    if (!changed.empty() && !tables.empty()) {
      // If tables exchange names by hand, a definition reads another table, whatever the columns are.
      SchemaPair renamed(connection_, left, right, {}, tables);
      const std::vector<const KeptDefinition*> others = renamed.find_changed(definitions);
      const std::set<const KeptDefinition*> known(others.begin(), others.end());
      std::erase_if(changed, [&](const KeptDefinition* one) { return known.contains(one); });
    }
    if (changed.empty()) return;
    const KeptDefinition& first = *changed.front();
    for (const ColumnMove& move : moves) {
      SchemaPair one(connection_, left, right, {move}, tables);
      if (!one.find_changed({first}).empty()) refuse_meaning(first.after, words_of_move(move, are_new));
    }
    refuse_meaning(first.after, words_of_move(std::nullopt, are_new));
  };
  require(objects_, with_kept(objects_, kept), kept, changes.old_columns, changes.tables, false);
  for (KeptDefinition& one : kept) one.before = one.after;
  require(objects, objects, kept, changes.new_columns, {}, true);
}

void DefinitionReadings::forget() {
  objects_.clear();
  columns_.clear();
  origins_.clear();
  dropped_.clear();
  created_.clear();
}

}  // namespace whimbrel::dialect::sqlite
