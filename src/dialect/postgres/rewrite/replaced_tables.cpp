#include "dialect/postgres/rewrite/replaced_tables.h"

#include <algorithm>
#include <concepts>
#include <optional>
#include <utility>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/generate/conversion.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/table_options.h"
#include "dialect/postgres/generate/table_replacement.h"
#include "dialect/postgres/generate/type_change.h"
#include "dialect/postgres/rewrite/fixed_columns.h"
#include "dialect/postgres/rewrite/free_name.h"
#include "dialect/postgres/text/syntax.h"
#include "operation/consequences.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using model::Schema;
using model::Table;

constexpr const char* partition_key = "PARTITION BY";

/// The tables of a schema by their names, and the partitions of each.
class PartitionTree {
 public:
  explicit PartitionTree(const Schema& schema) {
    for (const Table& table : schema.tables) {
      tables_.emplace(table.name, &table);
      if (is_partition(table)) partitions_[table.inherits.front()].push_back(&table);
    }
  }

  [[nodiscard]] const Table* find(const Name& name) const {
    const auto found = tables_.find(name);
    return found == tables_.end() ? nullptr : found->second;
  }
  [[nodiscard]] const std::vector<const Table*>& partitions(const Name& name) const {
    static const std::vector<const Table*> none;
    const auto found = partitions_.find(name);
    return found == partitions_.end() ? none : found->second;
  }
  /// Returns the partitioned tables that contain the table.
  [[nodiscard]] std::vector<Name> parents(const Table& table) const {
    std::vector<Name> names;
    for (const Table* at = &table; at != nullptr && is_partition(*at); at = find(at->inherits.front())) {
      names.push_back(at->inherits.front());
    }
    return names;
  }
  /// Returns all columns of a table: a partition has those of its table, but not their sequences.
  [[nodiscard]] std::vector<Column> columns(const Table& table) const {
    std::vector<Column> all;
    const Table* const parent = is_partition(table) ? find(table.inherits.front()) : nullptr;
    if (parent != nullptr) all = columns(*parent);
    for (Column& column : all) column.auto_increment = false;
    for (const Column& own : table.columns) {
      const auto known = std::find_if(all.begin(), all.end(), [&](const Column& one) { return one.name == own.name; });
      if (known == all.end()) {
        all.push_back(own);
      } else {
        *known = own;
      }
    }
    return all;
  }

 private:
  std::map<Name, const Table*> tables_;
  std::map<Name, std::vector<const Table*>> partitions_;
};

/// Returns the table whose column, key or other part the operation changes; null: none.
const Name* changed_table(const Operation& operation) {
  return std::visit(
      [](const auto& op) -> const Name* {
        if constexpr (requires {
                        { op.table } -> std::same_as<const Name&>;
                      }) {
          return &op.table;
        } else {
          return nullptr;
        }
      },
      operation);
}

bool changes_partitioning(const AlterTable& op) {
  const auto before = op.options_before.find(partition_key);
  const auto after = op.options_after.find(partition_key);
  const bool is_partitioned = before != op.options_before.end();
  if (is_partitioned != (after != op.options_after.end())) return true;
  return is_partitioned && before->second != after->second;
}

class Replacement {
 public:
  Replacement(std::vector<Operation>& operations, const Schema& from, const Schema& to)
      : operations_(operations), from_(from), to_(to), before_(from), after_(to) {}

  ReplacedTables run(const std::set<Name>& changed) {
    std::vector<const Table*> copied;
    // Partitions come after their tables.
    for (const Table& table : from_.tables) {
      if (!changed.contains(table.name) || replaced_.kept.contains(table.name)) continue;
      keep(table, table.name);
      copied.push_back(&table);
    }
    take_fills();
    std::vector<Operation> made;
    for (const auto& [name, root] : replaced_.kept) replace(*before_.find(name), name == root, made);
    for (const Table* const table : copied) made.emplace_back(rebuild(*table));
    drop_along();
    for (Operation& operation : made) operations_.push_back(std::move(operation));
    return std::move(replaced_);
  }

 private:
  /// Also keeps its partitions that are dropped or stay in it: their rows are copied with its own.
  void keep(const Table& table, const Name& root) {
    replaced_.kept.emplace(table.name, root);
    for (const Table* const part : before_.partitions(table.name)) {
      const Table* const later = after_.find(part->name);
      if (later == nullptr || (is_partition(*later) && later->inherits == part->inherits)) keep(*part, root);
    }
    if (table.name != root) return;
    const Table& later = *after_.find(root);
    add_members(later, root);
    for (const Name& parent : after_.parents(later)) replaced_.parents[parent].insert(root);
  }
  void add_members(const Table& table, const Name& root) {
    replaced_.members[table.name].insert(root);
    for (const Table* const part : after_.partitions(table.name)) add_members(*part, root);
  }

  /// Takes out the operations on the tables, and remembers what fills their columns.
  void take_fills() {
    for (const Operation& operation : operations_) {
      if (const auto* const add = std::get_if<AddColumn>(&operation); add != nullptr && add->backfill) {
        fills_[{add->table, add->column.name}] = *add->backfill;
      }
      const auto* const op = std::get_if<AlterColumn>(&operation);
      if (op == nullptr) continue;
      if (op->backfill) fills_[{op->table, op->after.name}] = *op->backfill;
      if (replaced_.kept.contains(op->table) && (!op->renamed_values.empty() || numbers_nulls(*op))) {
        throw Error(ErrorKind::unsafe, "Table \"" + to_string(op->table) +
                                           "\" is partitioned in another way, so its rows are copied into a new "
                                           "table, and values of column \"" +
                                           op->after.name + "\" cannot be replaced at the same time.")
            .with_remedy("Change the column first, in a migration of its own.");
      }
    }
    std::erase_if(operations_, [&](const Operation& operation) {
      const Name* const table = changed_table(operation);
      return table != nullptr && replaced_.kept.contains(*table) && after_.find(*table) != nullptr;
    });
  }

  /// Adds the operations that make way for the new table, and create it, if there is one. A partition leaves its table
  /// with all that it had of it.
  void replace(const Table& table, bool is_copied, std::vector<Operation>& made) {
    const Name& name = table.name;
    Table old = table;
    if (!is_copied) {
      old.inherits.clear();  // A partition stays in its old table.
    } else if (table.apart.value != nullptr) {
      old = *table.apart.value;
      old.foreign_keys = table.foreign_keys;  // The others are its own only after it left.
      old.options = table.options;
      old.inherits = table.inherits;
      old.triggers = table.triggers;
    }
    const Table* const later = after_.find(name);
    if (later != nullptr) {
      Table made_anew = *later;
      keep_sequences(old, made_anew);
      made.emplace_back(CreateTable{std::move(made_anew)});
    }
    made.emplace_back(DropTable{std::move(old), find_free_name(name, from_, to_)});
  }

  /// A serial column keeps its sequence, which it gets when the rows are copied.
  static void keep_sequences(Table& old, Table& made_anew) {
    for (Column& column : made_anew.columns) {
      Column* const before = old.find_column(column.name);
      if (before == nullptr || !has_same_sequence(*before, column)) continue;
      column.default_expression = nextval(*column.sequence.value);
      for (Column* const one : {before, &column}) {
        one->auto_increment = false;
        one->sequence.value.reset();
      }
    }
  }

  RebuildTable rebuild(const Table& table) const {
    const Table& later = *after_.find(table.name);
    RebuildTable op{table, later, {}, find_free_name(table.name, from_, to_), true};
    op.before.columns = before_.columns(table);
    op.after.columns = after_.columns(later);
    for (const Column& column : op.after.columns) {
      if (std::optional<CopiedColumn> copied = copy(op, column)) op.copy.push_back(*std::move(copied));
    }
    return op;
  }

  [[nodiscard]] std::optional<CopiedColumn> copy(const RebuildTable& op, const Column& column) const {
    if (column.computed) return std::nullopt;
    const Column* const before = op.before.find_column(column.name);
    const std::optional<std::string> fill = fill_of(op.after, column.name);
    if (before == nullptr) {
      if (!fill || column.auto_increment) return std::nullopt;
      return CopiedColumn{column.name, fill};
    }
    std::string value = before->type == column.type ? "" : conversion_sql(*before, column);
    if (fill && !column.nullable) {
      if (value.empty()) value = sql::quote_identifier(column.name, postgres_syntax);
      value = "COALESCE(" + value + ", " + *fill + ')';
    }
    return CopiedColumn{column.name, value.empty() ? std::nullopt : std::optional(std::move(value))};
  }

  /// Returns what backfills the column, which can be a column of the partitioned table.
  [[nodiscard]] std::optional<std::string> fill_of(const Table& table, const std::string& column) const {
    std::vector<Name> tables = after_.parents(table);
    tables.insert(tables.begin(), table.name);
    for (const Name& name : tables) {
      if (const auto found = fills_.find({name, column}); found != fills_.end()) return found->second;
    }
    return std::nullopt;
  }

  /// The server drops the old partitions with their old table.
  void drop_along() {
    std::erase_if(operations_, [&](const Operation& operation) {
      const auto* const op = std::get_if<DropTable>(&operation);
      return op != nullptr && replaced_.kept.contains(op->table.name);
    });
  }

  std::vector<Operation>& operations_;
  const Schema& from_;
  const Schema& to_;
  const PartitionTree before_, after_;
  ReplacedTables replaced_;
  std::map<std::pair<Name, std::string>, std::string> fills_;
};

/// Returns the enums, domains and composite types that the operations drop and create again.
std::set<model::Reference> recreated_types(const std::vector<Operation>& operations) {
  const auto is_type = [](const model::Object& object) { return object.kind == "domain" || object.kind == "type"; };
  std::set<model::Reference> dropped, recreated;
  for (const Operation& operation : operations) {
    const auto* const drop = std::get_if<DropObject>(&operation);
    if (drop != nullptr && is_type(drop->object)) dropped.insert({drop->object.name, {}, drop->object.kind});
  }
  for (const Operation& operation : operations) {
    if (const auto* const op = std::get_if<AlterEnum>(&operation)) {
      if (is_recreated(*op)) recreated.insert({op->before.name, {}, "enum"});
    } else if (const auto* const change = std::get_if<AlterObject>(&operation)) {
      const model::Object& before = change->before;
      if (is_type(before) && !can_change_in_place(before, change->after))
        recreated.insert({before.name, {}, before.kind});
    } else if (const auto* const made = std::get_if<CreateObject>(&operation)) {
      const model::Reference type{made->object.name, {}, made->object.kind};
      if (dropped.contains(type)) recreated.insert(type);
    }
  }
  return recreated;
}

bool uses_any(const std::vector<model::Reference>& uses, const std::set<model::Reference>& items) {
  return std::any_of(uses.begin(), uses.end(), [&](const model::Reference& used) { return items.contains(used); });
}

/// Takes the row level security out of the options of the table, into an operation that needs no parent.
std::optional<AlterTable> take_security(Table& table) {
  const auto security = table.options.find("ROW LEVEL SECURITY");
  if (security == table.options.end()) return std::nullopt;
  AlterTable op{table.name, table.options, table.options, table.comment, table.comment, {}, {}};
  table.options.erase(security);
  op.options_before = table.options;
  return op;
}

bool has_default_partition(const PartitionTree& tree, const Name& name) {
  const std::vector<const Table*>& parts = tree.partitions(name);
  return std::any_of(parts.begin(), parts.end(),
                     [](const Table* part) { return part->options.at(partition_bound) == "DEFAULT"; });
}

}  // namespace

ReplacedTables replace_tables(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::set<Name> changed;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    if (op != nullptr && changes_partitioning(*op)) changed.insert(op->table);
  }
  return changed.empty() ? ReplacedTables() : Replacement(operations, from, to).run(changed);
}

void copy_undisturbed(std::vector<Operation>& operations, const ReplacedTables& replaced, const Schema& from,
                      const Schema& to) {
  if (replaced.empty()) return;
  std::vector<Operation> later;
  std::set<std::pair<Name, std::string>> dropped;
  for (Operation& operation : operations) {
    if (const auto* const drop = std::get_if<DropTrigger>(&operation)) dropped.emplace(drop->table, drop->trigger.name);
    auto* const made = std::get_if<CreateTable>(&operation);
    if (made == nullptr || !replaced.members.contains(made->table.name)) continue;
    for (model::Trigger& trigger : std::exchange(made->table.triggers, {})) {
      later.emplace_back(CreateTrigger{made->table.name, std::move(trigger)});
    }
    if (std::optional<AlterTable> security = take_security(made->table)) later.emplace_back(*std::move(security));
  }
  const PartitionTree after(to);
  for (const Table& table : from.tables) {
    const Table* const joined = replaced.members.contains(table.name) ? after.find(table.name) : nullptr;
    if (joined == nullptr || replaced.kept.contains(table.name)) continue;
    for (const model::Trigger& trigger : table.triggers) {
      const auto& kept = joined->triggers;
      if (dropped.contains({table.name, trigger.name})) continue;
      if (std::find(kept.begin(), kept.end(), trigger) == kept.end()) continue;
      later.emplace_back(DropTrigger{table.name, trigger});
      later.emplace_back(CreateTrigger{table.name, trigger});
    }
  }
  for (Operation& operation : later) operations.push_back(std::move(operation));
}

void refuse_recreated_types(const std::vector<Operation>& operations, const ReplacedTables& replaced,
                            const Schema& from) {
  if (replaced.empty()) return;
  const std::set<model::Reference> recreated = recreated_types(operations);
  for (const Table& table : from.tables) {
    if (recreated.empty() || !replaced.kept.contains(table.name)) continue;
    for (const Column& column : table.columns) {
      if (!column.type_uses.value || !uses_any(*column.type_uses.value, recreated)) continue;
      const std::vector<std::string>& key = table.key_columns.value;
      if (std::find(key.begin(), key.end(), column.name) != key.end()) {
        throw Error(ErrorKind::unsafe, "Column \"" + column.name + "\" of \"" + to_string(table.name) +
                                           "\" is in the partition key of the table, so PostgreSQL cannot recreate its "
                                           "type.")
            .with_remedy(new_table_remedy);
      }
      throw Error(ErrorKind::unsafe,
                  "Table \"" + to_string(table.name) +
                      "\" is partitioned in another way, so its rows are copied into a new table, and "
                      "the type of its column \"" +
                      column.name + "\" cannot be recreated at the same time.")
          .with_remedy("Change the type first, in a migration of its own.");
    }
  }
}

model::Schema without(Schema schema, const ReplacedTables& replaced) {
  std::erase_if(schema.tables, [&](const Table& table) { return replaced.kept.contains(table.name); });
  return schema;
}

std::vector<std::string> notes_on_copies(const std::vector<Operation>& operations, const Schema& to) {
  std::vector<std::string> notes;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<RebuildTable>(&operation);
    if (op == nullptr) continue;
    const std::string name = '"' + to_string(op->after.name) + '"';
    notes.push_back("copies the rows of table " + name +
                    " into a new table, and blocks all access to it until the end");
    if (!op->after.options.contains(partition_key) || has_default_partition(PartitionTree(to), op->after.name))
      continue;
    notes.push_back("fails if " + name + " has rows that belong to none of its partitions");
  }
  return notes;
}

}  // namespace whimbrel::dialect::postgres
