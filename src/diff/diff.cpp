#include "diff/diff.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "diff/match.h"
#include "diff/parent_backfill.h"
#include "diff/rename_candidates.h"
#include "diff/renames.h"
#include "diff/table_diff.h"
#include "diff/table_index.h"
#include "diff/type_diff.h"
#include "operation/consequences.h"
#include "operation/uses.h"

namespace whimbrel::diff {

namespace {

using namespace operation;
using model::Name;
using model::Schema;
using model::Table;

std::map<Name, const Table*> created_tables(const Matcher& match, const Ownership& ownership) {
  std::map<Name, const Table*> tables;
  if (ownership.created == nullptr) return tables;
  for (const Table& table : ownership.created->tables)
    tables.emplace(match.fold_name(NameKind::table, table.name), &table);
  return tables;
}

std::set<Name> created_views(const Context& context) {
  std::set<Name> names;
  if (context.ownership.created == nullptr) return names;
  for (const model::View& view : context.ownership.created->views)
    names.insert(context.match.fold_name(NameKind::table, view.name));
  return names;
}

std::set<Name> unmanaged_tables(const Matcher& match, const Ownership& ownership) {
  std::set<Name> names;
  for (const Name& name : ownership.unmanaged_tables) names.insert(match.fold_name(NameKind::table, name));
  return names;
}

/// Returns the new names of the tables that are renamed, or one of whose columns is.
std::set<Name> renamed_tables(const std::vector<Operation>& renames) {
  std::set<Name> names;
  for (const Operation& operation : renames) {
    if (const auto* of_table = std::get_if<RenameTable>(&operation)) names.insert(of_table->to);
    if (const auto* of_column = std::get_if<RenameColumn>(&operation)) names.insert(of_column->table);
  }
  return names;
}

bool is_unmanaged(const Context& context, const Name& name) {
  return context.unmanaged.contains(context.match.fold_name(NameKind::table, name));
}

void diff_tables(const Context& context, const Schema& desired) {
  Difference& result = context.result;
  const TableIndex desired_tables(context.match, desired.tables);
  const auto owns = [&](const Table& table) {
    return context.ownership.everything ||
           context.created.contains(context.match.fold_name(NameKind::table, table.name));
  };
  UnmatchedTables unmatched;
  result.target.tables.reserve(desired.tables.size());
  for (const Table& table : context.current.tables) {
    if (const Table* wanted = desired_tables.find(table.name)) {
      result.target.tables.push_back(diff_table(context, table, *wanted));
    } else if (is_unmanaged(context, table.name)) {
      result.target.tables.push_back(table);
    } else if (owns(table)) {
      result.operations.emplace_back(DropTable{table});
      unmatched.dropped.push_back(&table);
    } else {
      result.target.tables.push_back(table);
      unmatched.unmanaged.push_back(&table);
      result.unmanaged.push_back("table \"" + to_string(table.name) + '"');
    }
  }
  for (const Table& table : desired.tables) {
    if (context.current_tables.find(table.name)) continue;
    result.operations.emplace_back(CreateTable{table});
    result.target.tables.push_back(table);
    unmatched.created.push_back(&table);
  }
  result.table_candidates = find_table_candidates(context.match, context.answers, unmatched);
  result.undecided_drops = find_undecided_drops(context.match, context.answers, unmatched, result.table_candidates);
}

/// Views by their folded names.
class ViewIndex {
 public:
  ViewIndex(const Matcher& match, const std::vector<model::View>& views) : match_(match) {
    for (const model::View& view : views) add(view);
  }

  void add(const model::View& view) { views_.emplace(match_.fold_name(NameKind::table, view.name), &view); }
  [[nodiscard]] const model::View* find(const model::View& view) const {
    const auto found = views_.find(match_.fold_name(NameKind::table, view.name));
    return found == views_.end() ? nullptr : found->second;
  }

 private:
  const Matcher& match_;
  std::map<Name, const model::View*> views_;
};

/// Compares views after the tables, whose columns may get other types.
class ViewDiff {
 public:
  explicit ViewDiff(const Context& context) : match_(context.match) {
    if (!match_.database().leaves_out_casts()) return;
    for (const Operation& operation : context.result.operations) {
      const auto* const op = std::get_if<AlterColumn>(&operation);
      if (op == nullptr || op->before.type.name == op->after.type.name) continue;
      changed_.insert({op->table, op->before.name, {}});
    }
  }

  /// Call it for each current view, in their order.
  [[nodiscard]] bool stays(const model::View& current, const model::View& desired) {
    const bool is_affected = uses_changed(current);
    if (is_affected) changed_.insert({current.name, {}, {}});
    return match_.same_view(current, desired) && (!is_affected || match_.database().same_words(current, desired));
  }

 private:
  [[nodiscard]] bool uses_changed(const model::View& view) const {
    if (changed_.empty() || !view.uses.value) return false;
    return std::any_of(view.uses.value->begin(), view.uses.value->end(), [&](const model::Reference& used) {
      return changed_.contains(used) || changed_.contains({used.name, {}, {}});
    });
  }

  const Matcher& match_;
  std::set<model::Reference> changed_;  ///< Columns with other types, and the views that select them.
};

/// Two databases are compared by their statements, except quotes and white space, which a database may rewrite.
void diff_all_views(const Context& context, const Schema& desired) {
  Difference& result = context.result;
  const ViewIndex current_views(context.match, context.current.views);
  const ViewIndex desired_views(context.match, desired.views);
  ViewDiff views(context);
  const auto are_same = [&](const model::View& current, const model::View& wanted) {
    return views.stays(current, wanted) && context.match.same_triggers(current.triggers, wanted.triggers) &&
           current.indexes == wanted.indexes && current.comment == wanted.comment;
  };
  std::set<const model::View*> kept;
  std::vector<Operation> dropped;
  for (const model::View& view : context.current.views) {
    const model::View* const wanted = desired_views.find(view);
    if (wanted != nullptr && are_same(view, *wanted)) {
      kept.insert(&view);
    } else {
      dropped.emplace_back(DropView{view});
    }
  }
  // The newest first, so that the way back creates each after those that it selects from.
  std::move(dropped.rbegin(), dropped.rend(), std::back_inserter(result.operations));
  for (const model::View& view : desired.views) {
    const model::View* const there = current_views.find(view);
    const bool stays = kept.contains(there);
    if (!stays) result.operations.emplace_back(CreateView{view});
    result.target.views.push_back(stays ? *there : view);
  }
}

/// The order in which views can be dropped: newest first, because a view is created after those that it selects from.
std::vector<Operation> drops(const std::vector<model::View>& views) {
  std::vector<Operation> operations;
  for (auto view = views.rbegin(); view != views.rend(); ++view) operations.emplace_back(DropView{*view});
  return operations;
}

/// Compares views with those of entities. A view cannot be altered: it is recreated, with its triggers.
void diff_described_views(const Context& context, const Schema& desired) {
  Difference& result = context.result;
  const ViewIndex desired_views(context.match, desired.views);
  const std::set<Name> created = created_views(context);
  ViewIndex kept(context.match, {});
  std::vector<model::View> dropped;
  ViewDiff views(context);
  for (const model::View& view : context.current.views) {
    const model::View* const wanted = desired_views.find(view);
    const bool is_ours = created.contains(context.match.fold_name(NameKind::table, view.name));
    const bool stays = wanted != nullptr ? views.stays(view, *wanted) : !is_ours;
    if (!stays && !is_unmanaged(context, view.name)) {
      dropped.push_back(view);
      continue;
    }
    kept.add(view);
    result.target.views.push_back(view);
    if (wanted != nullptr || is_unmanaged(context, view.name)) continue;
    result.unmanaged.push_back("view \"" + to_string(view.name) + '"');
  }
  for (Operation& operation : drops(dropped)) result.operations.push_back(std::move(operation));
  const ViewIndex former_views(context.match, dropped);
  for (const model::View& view : desired.views) {
    if (kept.find(view) != nullptr) continue;
    model::View made = view;
    if (const model::View* const former = former_views.find(view)) {
      made.triggers = former->triggers;
      made.indexes = former->indexes;
      made.comment = former->comment;
    }
    kept.add(view);
    result.target.views.push_back(made);
    result.operations.emplace_back(CreateView{std::move(made)});
  }
}

/// Returns what migrations created under its new names: the compared tables have them.
Schema after_renames(Schema created, const std::vector<Operation>& renames, const sql::Syntax& syntax) {
  for (const Operation& operation : renames) {
    bool applies = false;
    if (const auto* op = std::get_if<RenameTable>(&operation)) {
      applies = created.find_table(op->from) != nullptr && created.find_table(op->to) == nullptr;
    } else if (const auto* of_column = std::get_if<RenameColumn>(&operation)) {
      const Table* const table = created.find_table(of_column->table);
      applies = table != nullptr && table->find_column(of_column->from) != nullptr &&
                table->find_column(of_column->to) == nullptr;
    }
    if (applies) operation::apply(created, operation, syntax);
  }
  return created;
}

}  // namespace

Difference diff(const Schema& current, const Schema& desired, const Comparison& comparison, const Answers& answers,
                const Ownership& ownership) {
  ExpressionComparer comparer(comparison);
  const Matcher match(comparison, comparer);
  const Schema named = desired.enums.empty() ? Schema() : with_current_enum_names(current, desired, match, answers);
  const Schema& described = desired.enums.empty() ? desired : named;
  std::vector<Operation> renames = find_renames(current, described, match, answers, ownership);
  if (!renames.empty()) renames = comparison.rename_steps(current, std::move(renames), ownership.everything);
  if (ownership.everything) {
    std::vector<Operation> moves = comparison.moves(current, described);
    renames.insert(renames.begin(), std::make_move_iterator(moves.begin()), std::make_move_iterator(moves.end()));
  }
  std::optional<Schema> in_new_names;
  if (!renames.empty()) in_new_names = comparison.after_renames(current, renames);
  // After the renames, because a database may read renamed tables again.
  std::optional<SchemaPair> normalised =
      comparison.normalised(in_new_names ? *in_new_names : current, described, ownership.everything);
  if (normalised) in_new_names = std::move(normalised->current);
  const Schema& renamed = in_new_names ? *in_new_names : current;
  const Schema& wanted = normalised ? normalised->desired : described;
  Ownership owned = ownership;
  std::optional<Schema> renamed_created;
  if (owned.created != nullptr && !renames.empty()) {
    owned.created = &renamed_created.emplace(after_renames(*owned.created, renames, match.mapping().syntax()));
  }
  const std::map<Name, const Table*> created = created_tables(match, owned);
  const std::set<Name> tables_with_renames = renamed_tables(renames);
  const std::set<Name> unmanaged = unmanaged_tables(match, owned);
  const TableIndex current_tables(match, renamed.tables);
  const PartNames desired_names(match, wanted);
  for (;;) {
    Difference result;
    const Context context{renamed, current_tables,      match,         answers,  owned, result,
                          created, tables_with_renames, desired_names, unmanaged};
    diff_tables(context, wanted);
    if (ownership.everything) {
      diff_all_views(context, wanted);
    } else {
      diff_described_views(context, wanted);
    }
    pass_on_backfills(result.operations, renamed.tables, wanted.tables);
    diff_types(context, wanted);
    if (comparer.ask()) continue;
    operation::take_uses(result.target, wanted);
    result.renames = std::move(renames);
    result.renamed = std::move(in_new_names);
    result.remark = comparison.remark();
    result.is_whole = ownership.everything;
    return result;
  }
}

std::vector<MissingBackfill> missing_backfills(const std::vector<Operation>& operations) {
  std::vector<MissingBackfill> missing;
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<AddColumn>(&operation)) {
      if (op->column.nullable || operation::gives_values(*op)) continue;
      missing.push_back({op->table, op->column.name, true});
    }
    if (const auto* op = std::get_if<AlterColumn>(&operation)) {
      if (!op->before.nullable || op->after.nullable || op->after.computed || op->backfill) continue;
      if (operation::numbers_nulls(*op)) continue;
      missing.push_back({op->table, op->after.name, false});
    }
  }
  return missing;
}

}  // namespace whimbrel::diff
