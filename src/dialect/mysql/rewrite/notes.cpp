#include "dialect/mysql/rewrite/notes.h"

#include <algorithm>
#include <map>

#include "dialect/mysql/generate/column_change.h"
#include "dialect/mysql/generate/table_options.h"
#include "dialect/mysql/generate/time_zone.h"
#include "dialect/mysql/rewrite/copies.h"
#include "dialect/mysql/rewrite/time_zone.h"
#include "dialect/mysql/text/character_set.h"
#include "dialect/mysql/text/program_text.h"
#include "operation/consequences.h"
#include "operation/describe.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using Schema = model::IndexedSchema;
using model::Table;

/// From this version on, MariaDB copies a table while it is written, unless a foreign key changes its rows.
/// https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-copy-alter-algorithm/
constexpr int first_with_online_copy = 110200;

/// A key that does not change fails, too, if there are rows that were written while it was not checked.
bool is_made_again(const AddForeignKey& op, const Schema& from) {
  const Table* const table = from.find_table(op.table);
  return table != nullptr &&
         std::any_of(table->foreign_keys.begin(), table->foreign_keys.end(), [&](model::ForeignKey key) {
           key.name = op.foreign_key.name;
           return key == op.foreign_key;
         });
}

bool is_unique(const Table& table, const std::string& column) {
  const auto has = [&](const auto& key) {
    return std::any_of(key.columns.begin(), key.columns.end(),
                       [&](const model::KeyPart& part) { return part.column == column; });
  };
  return (table.primary_key && has(*table.primary_key)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(), has) ||
         std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&](const model::Index& index) { return index.unique && has(index); });
}

/// Returns the notes on the text of a column.
std::vector<std::string> notes_on_text(const AlterColumn& op, const TableChange& change) {
  const CharacterSet before = character_set(op.before, change.before);
  const CharacterSet after = character_set(op.after, change.after);
  if (before == after || before.name.empty() || after.name.empty()) return {};
  const std::string column = "column " + in_quotes(op.after.name) + " of " + in_quotes(op.table);
  std::vector<std::string> notes;
  if (before.name != after.name) {
    std::string fails;
    if (lacks_characters(before.name, after.name)) fails = "a value has a character that " + after.name + " lacks";
    const std::string& type = op.after.type.name;
    // Their limit is in bytes.
    if (type.ends_with("text") && type != "longtext" && !keeps_bytes(before.name, after.name)) {
      fails += std::string(fails.empty() ? "a value" : ", or") + " is too long in " + after.name;
    }
    notes.push_back("converts " + column + " from " + before.name + " to " + after.name +
                    (fails.empty() ? "" : ", which fails if " + fails));
  }
  if (is_unique(change.before, op.before.name) && is_unique(change.after, op.after.name) &&
      may_unite(before.collation, after.collation)) {
    notes.push_back("fails if different values of " + column + " are equal in the collation " + after.collation);
  }
  return notes;
}

/// Rows are always in one of the partitions by a hash.
std::string note_on_partitions(const AlterTable& op) {
  const auto before = op.options_before.find("PARTITION BY");
  const auto after = op.options_after.find("PARTITION BY");
  if (after == op.options_after.end()) return {};
  if (before != op.options_before.end() && before->second == after->second) return {};
  const std::string& method = after->second;
  if (!method.starts_with("RANGE") && !method.starts_with("LIST")) return {};
  return "fails if a row of " + in_quotes(op.table) + " belongs to none of its partitions";
}

/// MariaDB verifies all checks of a table that it copies.
std::string note_on_copy(const TableChange& change, const Server& server) {
  const Table& table = change.before;
  if (!copies_table(change, server)) {
    std::string words = what_blocks_writes(change);
    return words.empty() ? words : words + "; writes are blocked until it finishes";
  }
  const bool keeps_check = std::any_of(table.checks.begin(), table.checks.end(), [&](const model::Check& check) {
    const std::vector<model::Check>& kept = change.after.checks;
    return std::find(kept.begin(), kept.end(), check) != kept.end();
  });
  const bool is_online = server.is_mariadb_since(first_with_online_copy) && table.foreign_keys.empty();
  return "copies table " + in_quotes(table.name) +
         (keeps_check && server.is_mariadb ? ", which fails if its rows violate its check constraints" : "") +
         (is_online ? "" : "; writes are blocked until it finishes");
}

/// Programs may write in another zone than that of the server.
std::string note_on_time_zone(const TableChange& change, const Server& server) {
  const bool writes =
      copies_table(change, server) || std::any_of(change.operations.begin(), change.operations.end(),
                                                  [](const Operation* operation) { return updates_rows(*operation); });
  if (!writes || (!depends_on_time_zone(change.before) && !depends_on_time_zone(change.after))) return {};
  return "recomputes the time-zone-dependent parts of table " + in_quotes(change.before.name) +
         " in the server's zone (@@GLOBAL.time_zone)";
}

/// Returns whether an UPDATE gives times in UTC.
bool updates_in_utc(const Operation& operation) {
  if (const auto* const op = std::get_if<AddColumn>(&operation)) {
    return op->backfill && zone_of_value(*op->backfill, op->column) == Zone::utc;
  }
  const auto* const op = std::get_if<AlterColumn>(&operation);
  return op != nullptr && op->backfill && zone_of_value(*op->backfill, op->after) == Zone::utc;
}

/// The rows are updated before triggers are created, and after those that change are dropped.
std::string note_on_triggers(const TableChange& change) {
  const bool is_local = depends_on_time_zone(change.before) || depends_on_time_zone(change.after);
  const bool depends_on_zone = is_local || has_update_trigger(change.before);
  std::vector<const Operation*> updates = change.operations;
  std::erase_if(updates, [&](const Operation* operation) {
    const auto* const op = std::get_if<AddColumn>(operation);
    const bool is_filled = op != nullptr && is_filled_by_default(*op, keeps_history(change.before), depends_on_zone);
    return is_filled || !updates_rows(*operation);
  });
  if (updates.empty()) return {};
  std::string names;
  for (const model::Trigger& trigger : change.before.triggers) {
    const bool stays =
        std::find(change.after.triggers.begin(), change.after.triggers.end(), trigger) != change.after.triggers.end();
    if (stays && is_on_update(trigger.definition)) names += (names.empty() ? "" : ", ") + in_quotes(trigger.name);
  }
  if (names.empty()) return {};
  const bool is_in_utc = std::any_of(updates.begin(), updates.end(),
                                     [](const Operation* operation) { return updates_in_utc(*operation); });
  return "updates rows of table " + in_quotes(change.before.name) + ", for each of which these triggers run" +
         (is_in_utc ? " in UTC: " : ": ") + names;
}

/// Returns whether the rows that a versioned table keeps change, too.
bool changes_history(const TableChange& change) {
  return keeps_history(change.before) &&
         std::any_of(change.operations.begin(), change.operations.end(), [](const Operation* operation) {
           return std::holds_alternative<AddColumn>(*operation) || std::holds_alternative<DropColumn>(*operation) ||
                  std::holds_alternative<AlterColumn>(*operation);
         });
}

/// Returns whether rows are updated because the column that they are in no longer accepts their values.
bool replaces_values(const TableChange& change) {
  return std::any_of(change.operations.begin(), change.operations.end(), [](const Operation* operation) {
    const auto* const op = std::get_if<AlterColumn>(operation);
    return op != nullptr && updates_rows(*operation) && (op->backfill || !renames_in_place(*op, true));
  });
}

/// A period is refused if its start in a row is not before its end.
std::string note_on_periods(const AlterTable& op) {
  for (const auto& [name, columns] : op.options_after) {
    if (!is_own_period(name)) continue;
    const auto before = op.options_before.find(name);
    if (before != op.options_before.end() && before->second == columns) continue;
    return "fails if a row of table " + in_quotes(op.table) + " has a period whose start is not before its end (" +
           name + ')';
  }
  return {};
}

}  // namespace

std::vector<std::string> notes_on(const std::vector<Operation>& operations, const Schema& from, const Schema& to,
                                  const Server& server) {
  std::vector<std::string> notes;
  std::map<Name, TableChange> changes;
  std::vector<Name> names;
  for (const Operation& operation : operations) {
    const Name& name = target_name(operation);
    const Table* const before = from.find_table(name);
    const Table* const after = to.find_table(name);
    if (before == nullptr || after == nullptr) continue;
    const auto [place, is_new] = changes.try_emplace(name, TableChange{*before, *after});
    if (is_new) names.push_back(name);
    place->second.operations.push_back(&operation);
  }
  for (const Operation& operation : operations) {
    const auto found = changes.find(target_name(operation));
    if (found == changes.end()) continue;
    if (const auto* const op = std::get_if<AlterColumn>(&operation)) {
      for (std::string& note : notes_on_text(*op, found->second)) notes.push_back(std::move(note));
    } else if (const auto* const options = std::get_if<AlterTable>(&operation)) {
      if (std::string note = note_on_partitions(*options); !note.empty()) notes.push_back(std::move(note));
      if (std::string note = note_on_periods(*options); !note.empty()) notes.push_back(std::move(note));
    } else if (const auto* const key = std::get_if<AddForeignKey>(&operation); key && is_made_again(*key, from)) {
      notes.push_back(*hazard(operation));
    }
  }
  for (const Name& name : names) {
    const TableChange& change = changes.at(name);
    if (std::string note = note_on_copy(change, server); !note.empty()) notes.push_back(std::move(note));
    if (std::string note = note_on_time_zone(change, server); !note.empty()) notes.push_back(std::move(note));
    if (const std::string parts = verified_in_utc(change, server); !parts.empty()) {
      notes.push_back("fails if rows of table " + in_quotes(name) +
                      " violate in UTC what depends on the time zone: " + parts);
    }
    if (std::string note = note_on_triggers(change); !note.empty()) notes.push_back(std::move(note));
    if (!changes_history(change)) continue;
    notes.push_back("also changes the row history (system versioning) of table " + in_quotes(name));
    if (replaces_values(change)) {
      notes.push_back("fails if rows of table " + in_quotes(name) +
                      " are updated by it: the row history keeps the earlier values");
    }
  }
  return notes;
}

std::vector<std::string> notes_on_defaults(const ServerFacts& from, const ServerFacts& to,
                                           const model::Schema& schema) {
  const auto default_of = [](const ServerFacts& facts) {
    const auto found = facts.settings.find("collation_database");
    return found == facts.settings.end() ? std::string() : found->second;
  };
  const bool has_programs = std::any_of(schema.objects.begin(), schema.objects.end(),
                                        [](const auto& object) { return object.after_tables; }) ||
                            std::any_of(schema.tables.begin(), schema.tables.end(),
                                        [](const auto& table) { return !table.triggers.empty(); });
  if (!has_programs || default_of(from) == default_of(to)) return {};
  return {"the default collations of the databases differ, " + default_of(from) + " and " + default_of(to) +
          ": parameters and variables of routines, events and triggers that name no character set have that of their "
          "database; ALTER DATABASE changes it for those that are created afterwards"};
}

}  // namespace whimbrel::dialect::mysql
