#include <algorithm>
#include <map>
#include <set>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/generate/algorithm.h"
#include "dialect/mysql/generate/column_change.h"
#include "dialect/mysql/generate/table_options.h"
#include "dialect/mysql/generate/time_zone.h"
#include "dialect/mysql/rewrite/columns.h"
#include "dialect/mysql/rewrite/copies.h"
#include "dialect/mysql/rewrite/creatable.h"
#include "dialect/mysql/rewrite/foreign_keys.h"
#include "dialect/mysql/rewrite/keys.h"
#include "dialect/mysql/rewrite/lost_privileges.h"
#include "dialect/mysql/rewrite/merge_tables.h"
#include "dialect/mysql/rewrite/notes.h"
#include "dialect/mysql/rewrite/remake_rules.h"
#include "dialect/mysql/rewrite/table_options.h"
#include "dialect/mysql/rewrite/time_zone.h"
#include "dialect/mysql/rewrite/triggers.h"
#include "plan/remake.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Name;
using Schema = model::IndexedSchema;
using model::Table;

/// Returns whether ALTER TABLE makes the change, without regard to other tables.
bool is_of_table(const Operation& operation) {
  return std::holds_alternative<AlterTable>(operation) || std::holds_alternative<AddColumn>(operation) ||
         std::holds_alternative<DropColumn>(operation) || std::holds_alternative<AlterColumn>(operation) ||
         std::holds_alternative<AlterPrimaryKey>(operation) || std::holds_alternative<AddUnique>(operation) ||
         std::holds_alternative<DropUnique>(operation) || std::holds_alternative<AddCheck>(operation) ||
         std::holds_alternative<DropCheck>(operation) || std::holds_alternative<CreateIndex>(operation) ||
         std::holds_alternative<DropIndex>(operation);
}

/// The order of the operations on a table. The values that rows get need not fulfil checks and unique keys that are
/// dropped, and may be computed from columns that change. What depends on AUTO_INCREMENT is a part of the same
/// statement: it comes at the end, as its key does, and no statement in UTC may come between.
enum class PlaceInTable {
  options,
  dropped_constraints,
  dropped_expressions,
  read_columns,
  updated_rows,
  given_times,
  dropped_indexes,
  dropped_columns,
  added_columns,
  altered_columns,
  primary_key,
  others,
  late_options,
};

/// What is known of all operations on a table.
struct Changes {
  bool rename_in_place = false;  ///< The values of an enum are renamed so, which expressions on it do not survive.
  std::set<std::string> read{};  ///< The columns that change before rows get values that are computed from them.
};

PlaceInTable place_in_table(const Operation& operation, const Table* table, const Changes& changes) {
  const auto counts = [&](const std::vector<model::KeyPart>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](const model::KeyPart& part) {
      const model::Column* const column = table == nullptr ? nullptr : table->find_column(part.column);
      return column != nullptr && column->auto_increment;
    });
  };
  if (const auto* const op = std::get_if<AlterTable>(&operation)) {
    return changes_late_options(*op) ? PlaceInTable::late_options : PlaceInTable::options;
  }
  if (std::holds_alternative<DropCheck>(operation)) return PlaceInTable::dropped_constraints;
  if (const auto* const op = std::get_if<DropUnique>(&operation)) {
    return counts(op->unique.columns) ? PlaceInTable::dropped_indexes : PlaceInTable::dropped_constraints;
  }
  const auto* const column = std::get_if<DropColumn>(&operation);
  if (changes.rename_in_place && column != nullptr && column->column.computed) return PlaceInTable::dropped_expressions;
  if (changes.rename_in_place || !changes.read.empty()) {
    const auto* const index = std::get_if<DropIndex>(&operation);
    if (index != nullptr && !counts(index->index.columns)) return PlaceInTable::dropped_constraints;
  }
  const auto* const altered = std::get_if<AlterColumn>(&operation);
  if (altered != nullptr && changes.read.contains(altered->before.name)) return PlaceInTable::read_columns;
  if (updates_rows(operation)) return PlaceInTable::updated_rows;
  const auto is_local = [&] { return table != nullptr && depends_on_time_zone(*table); };
  if (needs_utc(operation) && is_local()) return PlaceInTable::given_times;
  if (const auto* const op = std::get_if<DropIndex>(&operation)) {
    const bool is_constraint = op->index.unique && !counts(op->index.columns) && is_local();
    return is_constraint ? PlaceInTable::dropped_constraints : PlaceInTable::dropped_indexes;
  }
  if (std::holds_alternative<DropColumn>(operation)) return PlaceInTable::dropped_columns;
  if (std::holds_alternative<AddColumn>(operation)) return PlaceInTable::added_columns;
  if (std::holds_alternative<AlterColumn>(operation)) return PlaceInTable::altered_columns;
  if (std::holds_alternative<AlterPrimaryKey>(operation)) return PlaceInTable::primary_key;
  return PlaceInTable::others;
}

/// Groups what one ALTER TABLE can do; tables keep their order.
void group_by_table(std::vector<Operation>& operations, const Schema& from) {
  std::map<Name, std::vector<const Operation*>> of_tables;
  for (const Operation& operation : operations) of_tables[target_name(operation)].push_back(&operation);
  std::map<Name, Changes> tables;
  for (const auto& [name, all] : of_tables) {
    const Table* const table = from.find_table(name);
    Changes& changes = tables[name];
    for (const Operation* const operation : all) {
      const auto* const op = std::get_if<AlterColumn>(operation);
      if (table == nullptr || op == nullptr) continue;
      if (renames_in_place(*op, keeps_history(*table))) changes.rename_in_place = true;
      if (is_read(*op, all)) changes.read.insert(op->before.name);
    }
  }
  const auto place = [&](const Operation& operation) {
    const Name& name = target_name(operation);
    return static_cast<int>(place_in_table(operation, from.find_table(name), tables[name]));
  };
  for (auto end = operations.begin(); end != operations.end();) {
    const auto begin = std::find_if(end, operations.end(), is_of_table);
    end = std::find_if_not(begin, operations.end(), is_of_table);
    plan::group_by_table({begin, end}, place);
  }
}

/// A table that neither is new nor vanishes.
const Table* find_kept(const Name& name, const Schema& from, const Schema& to) {
  return to.find_table(name) == nullptr ? nullptr : from.find_table(name);
}

/// Adds operations without a difference, by which the generator knows the tables whose best algorithms are certain, and
/// those that keep the history of their rows.
void tell_tables(std::vector<Operation>& operations, const Schema& from, const Schema& to, const Server& server) {
  std::set<Name> names;
  std::set<Name> told;
  std::vector<Operation> made;
  for (const Operation& operation : operations) {
    if (std::holds_alternative<AlterTable>(operation)) names.insert(target_name(operation));
  }
  for (const Operation& operation : operations) {
    const bool is_altered = is_of_table(operation) || std::holds_alternative<RenameConstraint>(operation) ||
                            std::holds_alternative<DropForeignKey>(operation) ||
                            std::holds_alternative<AddForeignKey>(operation);
    if (!is_altered) continue;
    const Name& name = target_name(operation);
    const Table* const before = find_kept(name, from, to);
    if (before == nullptr) continue;
    const bool is_told =
        keeps_history(*before) || (is_plain(*before, server) && is_plain(*to.find_table(name), server));
    if (!is_told || (!keeps_history(*before) && names.contains(name)) || !told.insert(name).second) continue;
    made.emplace_back(AlterTable{name, before->options, before->options, before->comment, before->comment, {}, {}});
  }
  operations.insert(operations.begin(), made.begin(), made.end());
}

class MysqlRewriter final : public plan::Rewriter {
 public:
  MysqlRewriter(const Server& server, Connection* connection) : server_(server), connection_(connection) {}

  plan::Plan rewrite(plan::Plan plan, const model::Schema& first, const model::Schema& last) const override {
    const Schema before(first);
    const Schema after(last);
    refuse_loss_of_history(plan.up);
    plan::check_reversible(plan, [&] { refuse_loss_of_history(plan.down); });
    plan.up = rewrite(std::move(plan.up), before, after);
    require_creatable(plan.up, connection_, server_);
    require_unreferenced(plan.up, after, connection_);
    require_no_merge_table(plan.up, before, after, connection_);
    plan.down = rewrite(std::move(plan.down), after, before);
    plan::check_reversible(plan, [&] { require_creatable(plan.down, connection_, server_); });
    plan.notes = notes_on(plan.up, before, after, server_);
    plan.down_notes = notes_on(plan.down, after, before, server_);
    append(plan.notes, notes_on_privileges(plan.up, connection_, server_));
    append(plan.down_notes, notes_on_privileges(plan.down, connection_, server_));
    return plan;
  }

 private:
  static void append(std::vector<std::string>& notes, const std::vector<std::string>& more) {
    notes.insert(notes.end(), more.begin(), more.end());
  }

  [[nodiscard]] std::vector<Operation> rewrite(std::vector<Operation> operations, const Schema& from,
                                               const Schema& to) const {
    follow_character_set(operations, from, to);
    set_collations_of_enums(operations, from);
    free_renamed_enums(operations, from, to);
    keep_checks_of_columns(operations, from, to, server_);
    take_out_foreign_keys(operations);
    split_late_options(operations);
    plan::recreate_columns(operations, must_recreate);
    backfill_from_defaults(operations, from, server_);
    remake_local_constraints(operations, from, to, server_);
    plan::add_remakes(operations, from.whole, to.whole, MysqlRules());
    free_foreign_keys(operations, from, to, server_);
    rename_indexes(operations, from);
    keep_own_indexes(operations, from, to);
    operations = plan::order_and_detach(std::move(operations), plan::IndexNames::of_table);
    join_replaced_indexes(operations, from, to);
    group_by_table(operations, from);
    free_names_of_checks(operations, server_);
    copy_virtual_columns(operations, from);
    place_columns(operations, from, to);
    keep_trigger_order(operations, from, to);
    tell_tables(operations, from, to, server_);
    tell_time_zones(operations, from, to);
    tell_taken_names(operations, from, to);
    return operations;
  }

  Server server_;
  Connection* connection_;
};

}  // namespace

std::unique_ptr<plan::Rewriter> make_rewriter(const Server& server, Connection* connection) {
  return std::make_unique<MysqlRewriter>(server, connection);
}

}  // namespace whimbrel::dialect::mysql
