#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/rewrite/attribute_order.h"
#include "dialect/postgres/rewrite/bound_notes.h"
#include "dialect/postgres/rewrite/column_order.h"
#include "dialect/postgres/rewrite/constraint_renames.h"
#include "dialect/postgres/rewrite/enum_change.h"
#include "dialect/postgres/rewrite/enum_columns.h"
#include "dialect/postgres/rewrite/family_order.h"
#include "dialect/postgres/rewrite/fixed_columns.h"
#include "dialect/postgres/rewrite/hidden_rows.h"
#include "dialect/postgres/rewrite/inheritance.h"
#include "dialect/postgres/rewrite/logging_order.h"
#include "dialect/postgres/rewrite/moved_partitions.h"
#include "dialect/postgres/rewrite/object_change.h"
#include "dialect/postgres/rewrite/own_columns.h"
#include "dialect/postgres/rewrite/partition_parts.h"
#include "dialect/postgres/rewrite/properties.h"
#include "dialect/postgres/rewrite/remake_rules.h"
#include "dialect/postgres/rewrite/replaced_tables.h"
#include "dialect/postgres/rewrite/replica_identity.h"
#include "dialect/postgres/rewrite/sequence_owners.h"
#include "dialect/postgres/rewrite/shared_sequences.h"
#include "dialect/postgres/rewrite/stale_notes.h"
#include "dialect/postgres/rewrite/typed_tables.h"
#include "dialect/postgres/rewrite/view_change.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;

/// Takes out parts that CREATE TABLE would change: it would make a NOT VALID check constraint valid, and merge two
/// unique constraints over the same columns.
void take_out_of_creation(model::Table& table, std::vector<Operation>& taken) {
  for (const model::Check& check : table.checks) {
    if (check.not_valid) taken.emplace_back(AddCheck{table.name, check});
  }
  std::erase_if(table.checks, [](const model::Check& check) { return check.not_valid; });
  std::vector<std::vector<model::KeyPart>> keys;
  if (table.primary_key) keys.push_back(table.primary_key->columns);
  std::erase_if(table.uniques, [&](const model::Unique& unique) {
    const bool is_repeated = std::find(keys.begin(), keys.end(), unique.columns) != keys.end();
    keys.push_back(unique.columns);
    if (is_repeated) taken.emplace_back(AddUnique{table.name, unique});
    return is_repeated;
  });
}

/// Keys between tables are created after all tables and dropped before them, so cycles need no special care.
void take_out_constraints(std::vector<Operation>& operations) {
  std::vector<Operation> taken;
  for (Operation& operation : operations) {
    if (auto* created = std::get_if<CreateTable>(&operation)) {
      model::Table& table = created->table;
      for (const model::ForeignKey& key : table.foreign_keys) taken.emplace_back(AddForeignKey{table.name, key});
      table.foreign_keys.clear();
      take_out_of_creation(table, taken);
    } else if (auto* dropped = std::get_if<DropTable>(&operation)) {
      model::Table& table = dropped->table;
      for (const model::ForeignKey& key : table.foreign_keys) taken.emplace_back(DropForeignKey{table.name, key});
      table.foreign_keys.clear();
    }
  }
  for (Operation& operation : taken) operations.push_back(std::move(operation));
}

/// The expression of a generated column cannot be changed in place in all versions, and its type only to one that the
/// expression fits.
bool must_recreate(const AlterColumn& op) {
  return op.after.computed && (op.after.computed != op.before.computed || op.after.type != op.before.type);
}

/// Columns of a primary key must be NOT NULL, so the old key is dropped before the columns change, and the new one is
/// created after.
void split_keys(std::vector<Operation>& operations) {
  std::vector<Operation> dropped;
  for (Operation& operation : operations) {
    auto* const op = std::get_if<AlterPrimaryKey>(&operation);
    if (op == nullptr || !op->before || !op->after) continue;
    dropped.emplace_back(AlterPrimaryKey{op->table, op->before, std::nullopt});
    op->before.reset();
  }
  for (Operation& operation : dropped) operations.push_back(std::move(operation));
}

/// Returns whether it is a part of ALTER TABLE that is independent of other tables.
int table_part(const Operation& operation) {
  if (const auto* op = std::get_if<AlterTable>(&operation)) {
    return op->inherits_before == op->inherits_after && !changes_logging(*op) ? 1 : 0;
  }
  if (std::holds_alternative<AddColumn>(operation) || std::holds_alternative<AlterColumn>(operation) ||
      std::holds_alternative<AlterPrimaryKey>(operation) || std::holds_alternative<DropColumn>(operation) ||
      std::holds_alternative<AddUnique>(operation) || std::holds_alternative<AddCheck>(operation) ||
      std::holds_alternative<AddExclusion>(operation)) {
    return 1;
  }
  if (std::holds_alternative<DropCheck>(operation) || std::holds_alternative<DropExclusion>(operation) ||
      std::holds_alternative<DropUnique>(operation)) {
    return 2;
  }
  return 0;
}

/// Returns the position of an operation among those of its table: generated columns are dropped before and added after
/// the columns that they use.
int place_in_table(const Operation& operation) {
  if (const auto* op = std::get_if<AlterPrimaryKey>(&operation); op != nullptr && !op->after) return 0;
  if (const auto* op = std::get_if<DropColumn>(&operation)) return op->column.computed ? 0 : 3;
  if (const auto* op = std::get_if<AddColumn>(&operation)) return op->column.computed ? 4 : 1;
  if (std::holds_alternative<AddUnique>(operation) || std::holds_alternative<AddCheck>(operation) ||
      std::holds_alternative<AddExclusion>(operation)) {
    return 5;
  }
  return 2;
}

/// Groups operations that one ALTER TABLE can perform; tables keep their order, and related ones that of their changes.
void group_by_table(std::vector<Operation>& operations, const Relatives& relatives) {
  for (auto begin = operations.begin(); begin != operations.end();) {
    const int part = table_part(*begin);
    std::set<Name> tables;
    const auto has_relative = [&](const Name& table) {
      const auto found = relatives.find(table);
      return found != relatives.end() && std::any_of(found->second.begin(), found->second.end(),
                                                     [&](const Name& other) { return tables.contains(other); });
    };
    auto end = begin;
    for (; end != operations.end() && table_part(*end) == part && !has_relative(target_name(*end)); ++end) {
      tables.insert(target_name(*end));
    }
    if (part != 0) plan::group_by_table({begin, end}, place_in_table);
    begin = end;
  }
}

/// Returns whether the index may be created later than the rest of the plan.
bool can_wait(const CreateIndex& op, const std::vector<Operation>& operations, const Schema& after) {
  const model::Table* const table = after.find_table(op.table);
  // https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
  if (table == nullptr || table->options.contains("PARTITION BY") || table->options.contains("REPLICA IDENTITY")) {
    return false;
  }
  return !op.index.unique || std::none_of(operations.begin(), operations.end(), [&](const Operation& other) {
    const auto* key = std::get_if<AddForeignKey>(&other);
    return key != nullptr && key->foreign_key.referenced_table == op.table;
  });
}

/// Marks the indexes with that option to be created concurrently, and to be dropped concurrently on the way back.
void make_concurrently(plan::Plan& plan, const Schema& after) {
  std::map<std::pair<Name, std::string>, DropIndex*> drops;
  for (Operation& operation : plan.down) {
    if (auto* op = std::get_if<DropIndex>(&operation)) drops[{op->table, op->index.name.text}] = op;
  }
  for (Operation& operation : plan.up) {
    auto* const op = std::get_if<CreateIndex>(&operation);
    if (op == nullptr || !op->index.concurrent.value || !can_wait(*op, plan.up, after)) continue;
    const auto drop = drops.find({op->table, op->index.name.text});
    if (drop == drops.end()) continue;
    op->concurrently = true;
    drop->second->concurrently = true;
  }
}

/// The server silently drops partitions with their table.
void refuse_unseen_partitions(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto* const dropped = std::get_if<DropTable>(&operation);
    if (dropped == nullptr || dropped->table.parts_elsewhere.value.empty()) continue;
    throw Error(ErrorKind::unsafe, "Dropping table \"" + to_string(dropped->table.name) +
                                       "\" would also drop its child tables in schemas that are not compared: " +
                                       dropped->table.parts_elsewhere.value + '.')
        .with_remedy("Compare these schemas, too, or detach them first.");
  }
}

/// New bounds move a position that is outside of them, and old ones do not bring it back.
std::vector<std::string> notes_on_positions(const std::vector<Operation>& operations, bool is_way_back) {
  std::vector<std::string> notes;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterObject>(&operation);
    if (op == nullptr || !op->before.sequence.value || !op->after.sequence.value) continue;
    const model::Sequence& before = *op->before.sequence.value;
    const model::Sequence& after = *op->after.sequence.value;
    const std::string name = "sequence \"" + to_string(op->after.name) + '"';
    if (has_narrower_bounds(before, after)) {
      notes.push_back("moves the position of " + name + " into its new bounds, " + after.least + " to " +
                      after.greatest + ", if it is outside of them");
    }
    if (is_way_back && has_narrower_bounds(after, before)) {
      notes.push_back("does not restore the position of " + name +
                      " if narrower bounds moved it: it can generate numbers again that it generated before");
    }
  }
  return notes;
}

std::vector<std::string> notes_on(const std::vector<Operation>& operations, const Schema& from, const Schema& to,
                                  bool is_way_back) {
  std::vector<std::string> notes = notes_on_hidden_rows(operations, from);
  for (std::string& note : notes_on_positions(operations, is_way_back)) notes.push_back(std::move(note));
  for (std::string& note : notes_on_bounds(operations, from, to)) notes.push_back(std::move(note));
  for (std::string& note : notes_on_copies(operations, to)) notes.push_back(std::move(note));
  for (std::string& note : notes_on_remakes(operations)) notes.push_back(std::move(note));
  for (std::string& note : notes_on_stale_values(operations, to)) notes.push_back(std::move(note));
  return notes;
}

bool copies_rows(const std::vector<Operation>& operations) {
  return std::any_of(operations.begin(), operations.end(),
                     [](const Operation& operation) { return std::holds_alternative<RebuildTable>(operation); });
}

class PostgresRewriter final : public plan::Rewriter {
 public:
  plan::Plan rewrite(plan::Plan plan, const Schema& before, const Schema& after) const override {
    plan.up = rewrite(std::move(plan.up), before, after);
    refuse_fixed_columns(plan.up, before, after);
    refuse_unreadable_texts(plan.up);
    MovingColumns columns(before, after);
    columns.follow(plan.up, after);
    std::vector<Operation> down = std::exchange(plan.down, {});
    const auto go_back = [&] { down = rewrite(std::exchange(down, {}), after, before); };
    if (keeps_view_as_type(plan.up, after) || copies_rows(plan.up)) {
      plan::check_reversible(plan, go_back);
    } else {
      go_back();
    }
    plan::check_reversible(plan, [&] {
      columns.follow(down, before);
      plan.down = std::move(down);
    });
    plan::check_reversible(plan, [&] {
      refuse_fixed_columns(plan.down, after, before);
      refuse_unreadable_texts(plan.down);
    });
    make_concurrently(plan, after);
    plan.notes = notes_on(plan.up, before, after, false);
    plan.down_notes = notes_on(plan.down, after, before, true);
    return plan;
  }

 private:
  static std::vector<Operation> rewrite(std::vector<Operation> operations, const Schema& from, const Schema& to) {
    const ReplacedTables replaced = replace_tables(operations, from, to);
    refuse_unseen_partitions(operations);
    split_parent_changes(operations);
    copy_undisturbed(operations, replaced, from, to);
    free_referenced_partitions(operations, from, to);
    follow_parents(operations, from, to);
    rename_constraints(operations, from, to);
    split_keys(operations);
    take_out_constraints(operations);
    std::optional<Schema> in_place;  // Without the tables that are replaced.
    if (!replaced.empty()) in_place = without(from, replaced);
    keep_partition_parts(operations, in_place ? *in_place : from, to);
    plan::recreate_columns(operations, must_recreate);
    exchange_as_texts(operations, from, to);
    for (Operation& operation : operations) {
      if (auto* op = std::get_if<AlterEnum>(&operation)) fill_enum(*op, operations, from, to);
    }
    take_calls_apart(operations, from, to);
    release_typed_tables(operations, from, to);
    split_objects(operations, from, to);
    replace_views(operations);
    plan::add_remakes(operations, from, to, PostgresRules());
    refuse_recreated_types(operations, replaced, from);
    split_attribute_changes(operations);
    refuse_lossy_texts(operations, from);
    name_children(operations, from);
    follow_owners(operations, from, to);
    order_merged_columns(operations, from, to);
    const Relatives relatives = find_relatives(from, to);
    operations = plan::order_and_detach(std::move(operations), [&](const std::vector<Operation>& unsorted) {
      std::vector<plan::Dependency> dependencies;
      add_family_dependencies(unsorted, from, to, dependencies);
      add_type_dependencies(unsorted, relatives, to, dependencies);
      add_logging_dependencies(unsorted, to, dependencies);
      add_list_dependencies(unsorted, to, dependencies);
      add_attribute_dependencies(unsorted, dependencies);
      add_copy_dependencies(unsorted, replaced, dependencies);
      return dependencies;
    });
    refuse_other_order(operations, from, to);
    leave_late(operations);
    reference_when_complete(operations, from, to);
    set_replica_identity_last(operations, from, to);
    drop_with_table(operations, in_place ? *in_place : from, to);
    keep_own_columns(operations, from, to);
    give_sequences_away(operations, from, to);
    group_by_table(operations, relatives);
    replace_shared_sequences(operations, from, to);
    return operations;
  }
};

}  // namespace

std::unique_ptr<plan::Rewriter> make_rewriter() { return std::make_unique<PostgresRewriter>(); }

}  // namespace whimbrel::dialect::postgres
