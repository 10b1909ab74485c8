#include "diff/diff.h"

#include <algorithm>
#include <unordered_map>

#include "diff/match.h"
#include "diff/table_diff.h"

namespace whimbrel::diff {

namespace {

using namespace operation;
using model::Name;
using model::Schema;
using model::Table;

/// Tables by their folded names.
class TableIndex {
 public:
  TableIndex(const Matcher& match, const std::vector<Table>& tables) : match_(match) {
    tables_.reserve(tables.size());
    for (const Table& table : tables) tables_.emplace(key(table.name), &table);
  }

  [[nodiscard]] const Table* find(const Name& name) const {
    const auto found = tables_.find(key(name));
    return found == tables_.end() ? nullptr : found->second;
  }

 private:
  [[nodiscard]] std::string key(const Name& name) const {
    return name.schema.empty() ? match_.fold(name.name) : match_.fold(name.schema) + '\0' + match_.fold(name.name);
  }

  const Matcher& match_;
  std::unordered_map<std::string, const Table*> tables_;
};

const model::Column* find_column(const Matcher& match, const Table* table, const std::string& name) {
  if (!table) return nullptr;
  for (const model::Column& column : table->columns) {
    if (match.same_name(column.name, name)) return &column;
  }
  return nullptr;
}

/// The renames that apply: the old name is there and is not wanted, the new one is wanted and is not there.
std::vector<Operation> applicable_renames(const Schema& current, const Schema& desired, const Matcher& match,
                                          const Decisions& decisions) {
  std::vector<Operation> renames;
  if (decisions.table_renames.empty() && decisions.column_renames.empty()) return renames;
  const TableIndex current_tables(match, current.tables);
  const TableIndex desired_tables(match, desired.tables);
  for (const auto& [from, to] : decisions.table_renames) {
    const Table* old_table = current_tables.find(from);
    const Table* new_table = desired_tables.find(to);
    if (!old_table || !new_table || current_tables.find(to) || desired_tables.find(from)) continue;
    renames.emplace_back(RenameTable{old_table->name, new_table->name});
  }
  for (const auto& [table, from, to] : decisions.column_renames) {
    const Table* new_table = desired_tables.find(table);
    if (!new_table) continue;
    const Table* old_table = current_tables.find(table);
    for (const Operation& rename : renames) {
      const auto* renamed = std::get_if<RenameTable>(&rename);
      if (renamed && renamed->to == new_table->name) old_table = current_tables.find(renamed->from);
    }
    const model::Column* old_column = find_column(match, old_table, from);
    const model::Column* new_column = find_column(match, new_table, to);
    if (!old_column || !new_column || find_column(match, old_table, to) || find_column(match, new_table, from)) {
      continue;
    }
    const Name& name = current_tables.find(table) ? old_table->name : new_table->name;
    renames.emplace_back(RenameColumn{name, old_column->name, new_column->name});
  }
  return renames;
}

bool owns_table(const Context& context, const Table& table) {
  if (context.ownership.everything) return true;
  if (!context.ownership.created) return false;
  const auto& created = context.ownership.created->tables;
  return std::any_of(created.begin(), created.end(), [&](const Table& candidate) {
    return context.match.fold_name(candidate.name) == context.match.fold_name(table.name);
  });
}

void diff_tables(const Context& context, const Schema& desired) {
  Difference& result = context.result;
  const TableIndex current_tables(context.match, context.current.tables);
  const TableIndex desired_tables(context.match, desired.tables);
  result.target.tables.reserve(desired.tables.size());
  for (const Table& table : context.current.tables) {
    if (const Table* wanted = desired_tables.find(table.name)) {
      result.target.tables.push_back(diff_table(context, table, *wanted));
    } else if (owns_table(context, table)) {
      result.operations.emplace_back(DropTable{table});
    } else {
      result.target.tables.push_back(table);
      result.left_alone.push_back("table \"" + to_string(table.name) + '"');
    }
  }
  for (const Table& table : desired.tables) {
    if (current_tables.find(table.name)) continue;
    result.operations.emplace_back(CreateTable{table});
    result.target.tables.push_back(table);
  }
}

/// Views are nothing that entities describe yet: between whole databases they are compared by their statements.
void diff_views(const Context& context, const Schema& desired) {
  Difference& result = context.result;
  if (!context.ownership.everything) {
    result.target.views = context.current.views;
    return;
  }
  const auto has = [](const std::vector<model::View>& views, const model::View& view) {
    return std::find(views.begin(), views.end(), view) != views.end();
  };
  for (const model::View& view : context.current.views) {
    if (!has(desired.views, view)) result.operations.emplace_back(DropView{view});
  }
  for (const model::View& view : desired.views) {
    if (!has(context.current.views, view)) result.operations.emplace_back(CreateView{view});
  }
  result.target.views = desired.views;
}

}  // namespace

Difference diff(const Schema& current, const Schema& desired, const Comparison& comparison, const Decisions& decisions,
                const Ownership& ownership) {
  ExpressionJudge judge(comparison);
  const Matcher match(comparison, judge);
  std::vector<Operation> renames = applicable_renames(current, desired, match, decisions);
  Schema renamed = renames.empty() ? current : comparison.after_renames(current, renames);
  for (;;) {
    Difference result;
    const Context context{renamed, match, decisions, ownership, result};
    diff_tables(context, desired);
    diff_views(context, desired);
    if (judge.ask()) continue;
    result.renames = std::move(renames);
    result.renamed = std::move(renamed);
    return result;
  }
}

std::vector<MissingFill> missing_fills(const std::vector<Operation>& operations) {
  std::vector<MissingFill> missing;
  for (const Operation& operation : operations) {
    if (const auto* op = std::get_if<AddColumn>(&operation)) {
      const model::Column& column = op->column;
      const bool has_value = column.default_expression || column.computed || column.auto_increment || op->fill;
      if (column.nullable || has_value) continue;
      missing.push_back({op->table, column.name, true});
    }
    if (const auto* op = std::get_if<AlterColumn>(&operation)) {
      if (!op->before.nullable || op->after.nullable || op->after.computed || op->fill) continue;
      missing.push_back({op->table, op->after.name, false});
    }
  }
  return missing;
}

}  // namespace whimbrel::diff
