#include "dialect/mysql/rewrite/columns.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "dialect/mysql/generate/column_change.h"
#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/generate/table_options.h"
#include "dialect/mysql/generate/value_guard.h"
#include "dialect/mysql/rewrite/copies.h"
#include "dialect/mysql/text/character_set.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/names.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using Schema = model::IndexedSchema;
using model::Table;

bool is_virtual(const Column& column) { return column.computed && !column.computed->stored; }

void append(std::vector<Operation>& operations, std::vector<Operation> more) {
  std::move(more.begin(), more.end(), std::back_inserter(operations));
}

/// Returns a name for a column that the table does not have.
std::string free_name(const Table* table, const std::string& column) {
  std::string name = "whimbrel_" + column.substr(0, 40);
  while (table != nullptr && table->find_column(name) != nullptr) name += '_';
  return name;
}

bool is_altered(const std::vector<Operation>& operations, const Name& table, const std::string& column) {
  return std::any_of(operations.begin(), operations.end(), [&](const Operation& operation) {
    const auto* const altered = std::get_if<AlterColumn>(&operation);
    const auto* const dropped = std::get_if<DropColumn>(&operation);
    return (altered && altered->table == table && altered->before.name == column) ||
           (dropped && dropped->table == table && dropped->column.name == column);
  });
}

}  // namespace

bool must_recreate(const AlterColumn& op) {
  const bool is_changed = op.before.computed != op.after.computed || op.before.type != op.after.type;
  return is_changed && (op.after.computed || is_virtual(op.before));
}

namespace {

/// A virtual column that is copied before it is dropped.
struct Copied {
  std::string column;
  AddColumn copy;
};

/// Returns the place of the drop of the first of these columns.
std::vector<Operation>::iterator first_drop(std::vector<Operation>& operations, const std::vector<Copied>& columns) {
  return std::find_if(operations.begin(), operations.end(), [&](const Operation& operation) {
    const auto* const op = std::get_if<DropColumn>(&operation);
    return op != nullptr && op->table == columns.front().copy.table &&
           std::any_of(columns.begin(), columns.end(),
                       [&](const Copied& copied) { return copied.column == op->column.name; });
  });
}

/// Copies the columns in their order, so that each can be computed from the copies of those that it uses.
void insert_copies(std::vector<Operation>& operations, std::vector<Copied> columns, const Table* table) {
  if (table != nullptr) {
    std::sort(columns.begin(), columns.end(), [&](const Copied& a, const Copied& b) {
      return table->find_column(a.column) < table->find_column(b.column);
    });
  }
  std::vector<Operation> copies;
  for (auto copied = columns.begin(); copied != columns.end(); ++copied) {
    if (table != nullptr && keeps_history(*table)) {
      for (auto used = columns.begin(); used != copied; ++used) {
        copied->copy.backfill = with_renamed_column(*copied->copy.backfill, used->column, used->copy.column.name);
      }
    }
    copies.emplace_back(copied->copy);
  }
  operations.insert(first_drop(operations, columns), copies.begin(), copies.end());
}

}  // namespace

void copy_virtual_columns(std::vector<Operation>& operations, const Schema& from) {
  std::map<Name, std::vector<Copied>> copied;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto* const found = std::get_if<DropColumn>(&operations[i]);
    if (found == nullptr || !is_virtual(found->column)) continue;
    const DropColumn dropped = *found;
    const auto added = std::find_if(operations.begin(), operations.end(), [&](const Operation& operation) {
      const auto* const op = std::get_if<AddColumn>(&operation);
      return op && op->table == dropped.table && op->column.name == dropped.column.name && !op->column.computed;
    });
    if (added == operations.end()) continue;
    AddColumn copy = std::get<AddColumn>(*added);
    const Table* const table = from.find_table(copy.table);
    const RenameColumn rename{copy.table, free_name(table, copy.column.name), copy.column.name};
    // The value is a default there, which may not use a virtual column.
    const bool is_default = table != nullptr && keeps_history(*table);
    copy.backfill = is_default ? dropped.column.computed->expression : quote(rename.to);
    *added = rename;
    if (is_default && dropped.column.type != copy.column.type) {
      Column typed = dropped.column;
      typed.computed.reset();
      operations.insert(std::next(added), AlterColumn{copy.table, typed, copy.column, {}, {}});
      copy.column = std::move(typed);
    }
    copy.column.name = rename.from;
    std::vector<Copied>& of_table = copied[copy.table];
    of_table.push_back({rename.to, std::move(copy)});
  }
  for (const auto& [name, columns] : copied) insert_copies(operations, columns, from.find_table(name));
}

void backfill_from_defaults(std::vector<Operation>& operations, const Schema& from, const Server& server) {
  if (server.is_mariadb) return;
  for (Operation& operation : operations) {
    auto* const op = std::get_if<AddColumn>(&operation);
    const Table* const table = op == nullptr ? nullptr : from.find_table(op->table);
    if (table == nullptr || table->find_column(op->column.name) != nullptr || op->backfill) continue;
    if (!op->column.default_expression) continue;
    const std::string& value = *op->column.default_expression;
    if (!is_literal(value) && differs_by_row(value, *table)) op->backfill = value;
  }
}

void keep_checks_of_columns(std::vector<Operation>& operations, const Schema& from, const Schema& to,
                            const Server& server) {
  if (!server.is_mariadb) return;
  std::vector<Operation> made;
  for (const Operation& operation : operations) {
    if (const auto* const op = std::get_if<AlterColumn>(&operation); op && !only_changes_default(*op, server)) {
      const Table* const before = from.find_table(op->table);
      const Table* const after = to.find_table(op->table);
      if (before == nullptr || after == nullptr) continue;
      for (const model::Check& check : before->checks) {
        const bool stays = std::find(after->checks.begin(), after->checks.end(), check) != after->checks.end();
        if (!stays || !is_part_of_column(check, op->before, server)) continue;
        made.emplace_back(DropCheck{op->table, check});
        made.emplace_back(AddCheck{op->table, check});
      }
    }
    const auto* const dropped = std::get_if<DropCheck>(&operation);
    const auto* const added = std::get_if<AddCheck>(&operation);
    if (dropped == nullptr && added == nullptr) continue;
    const Table* const table = from.find_table(target_name(operation));
    if (table == nullptr) continue;
    for (const Column& column : table->columns) {
      if (!is_part_of_column(dropped ? dropped->check : added->check, column, server)) continue;
      if (is_altered(operations, table->name, column.name) || is_altered(made, table->name, column.name)) continue;
      made.emplace_back(AlterColumn{table->name, column, column, {}, {}});
    }
  }
  append(operations, std::move(made));
}

void follow_character_set(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<Operation> made;
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    if (op == nullptr) continue;
    const Table* const before = from.find_table(op->table);
    const Table* const after = to.find_table(op->table);
    if (before == nullptr || after == nullptr) continue;
    for (const Column& column : before->columns) {
      const bool follows = character_set(column, *before) != character_set(column, *after);
      const Column* const later = after->find_column(column.name);
      if (!follows || later == nullptr || *later != column || is_altered(operations, op->table, column.name)) continue;
      made.emplace_back(AlterColumn{op->table, column, column, {}, {}});
    }
  }
  append(operations, std::move(made));
}

void set_collations_of_enums(std::vector<Operation>& operations, const Schema& from) {
  for (Operation& operation : operations) {
    auto* const op = std::get_if<AlterColumn>(&operation);
    const Table* const table = op == nullptr ? nullptr : from.find_table(op->table);
    if (table == nullptr || op->renamed_values.empty()) continue;
    const CharacterSet own = character_set(op->before, *table);
    op->before.charset = own.name;
    op->before.collation = own.collation;
  }
}

namespace {

bool uses_column(const std::string& expression, const model::Uses& uses, const std::string& column) {
  if (!uses.value) return sql::mentions(expression, column, mysql_syntax);
  return std::any_of(uses.value->begin(), uses.value->end(),
                     [&](const model::Reference& used) { return sql::equal_ignoring_case(used.column, column); });
}

}  // namespace

bool is_read(const AlterColumn& op, const std::vector<const Operation*>& operations) {
  const bool changes_values = op.before.type != op.after.type || op.before.enum_values != op.after.enum_values ||
                              op.before.charset != op.after.charset || !op.renamed_values.empty();
  if (!changes_values || op.before.auto_increment || op.after.auto_increment) return false;
  return std::any_of(operations.begin(), operations.end(), [&](const Operation* operation) {
    const auto* const added = std::get_if<AddColumn>(operation);
    if (added == nullptr || !added->column.default_expression) return false;
    const Column& column = added->column;
    const std::string& value = *column.default_expression;
    const bool is_default = !added->backfill || added->backfill == value;
    return is_default && !is_literal(value) && !is_current_timestamp(value) &&
           uses_column(value, column.default_uses, op.after.name);
  });
}

void free_renamed_enums(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<Operation> made;
  const auto remake = [&](Operation drop, Operation make) {
    for (const std::vector<Operation>* const known : {&operations, &made}) {
      if (std::find(known->begin(), known->end(), drop) != known->end()) return;
    }
    made.push_back(std::move(drop));
    made.push_back(std::move(make));
  };
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterColumn>(&operation);
    const Table* const before = op == nullptr ? nullptr : from.find_table(op->table);
    const Table* const after = op == nullptr ? nullptr : to.find_table(op->table);
    if (before == nullptr || after == nullptr || !renames_in_place(*op, keeps_history(*before))) continue;
    for (const model::Check& check : before->checks) {
      const bool stays = std::find(after->checks.begin(), after->checks.end(), check) != after->checks.end();
      if (!stays || !uses_column(check.expression, check.uses, op->before.name)) continue;
      remake(DropCheck{op->table, check}, AddCheck{op->table, check});
    }
    for (const Column& column : before->columns) {
      const Column* const later = after->find_column(column.name);
      if (!column.computed || later == nullptr || *later != column) continue;
      if (!uses_column(column.computed->expression, column.computed->uses, op->before.name)) continue;
      remake(DropColumn{op->table, column, 0, {}}, AddColumn{op->table, column, 0, {}, {}});
    }
  }
  append(operations, std::move(made));
}

namespace {

/// The columns of tables while the operations run.
class Columns {
 public:
  Columns(const Schema& from, const Schema& to) : from_(from), to_(to) {}

  void follow(Operation& operation) {
    if (auto* const op = std::get_if<AddColumn>(&operation)) {
      op->self_updating = self_updating(op->table);
      place(*op);
    } else if (auto* const dropped = std::get_if<DropColumn>(&operation)) {
      std::vector<Column>& columns = of(dropped->table);
      const auto found = find(columns, dropped->column.name);
      dropped->position = static_cast<std::size_t>(found - columns.begin());
      if (found != columns.end()) columns.erase(found);
    } else if (auto* const altered = std::get_if<AlterColumn>(&operation)) {
      altered->self_updating = self_updating(altered->table);
      std::vector<Column>& columns = of(altered->table);
      const auto found = find(columns, altered->before.name);
      if (found != columns.end()) *found = altered->after;
    } else if (const auto* const renamed = std::get_if<RenameColumn>(&operation)) {
      std::vector<Column>& columns = of(renamed->table);
      const auto found = find(columns, renamed->from);
      if (found != columns.end()) found->name = renamed->to;
    }
  }

  void set_renamed(std::map<std::pair<Name, std::string>, std::string> names) { final_names_ = std::move(names); }

 private:
  static std::vector<Column>::iterator find(std::vector<Column>& columns, const std::string& name) {
    return std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return column.name == name; });
  }

  std::vector<Column>& of(const Name& table) {
    const auto [place, is_new] = tables_.emplace(table, std::vector<Column>());
    const Table* const before = from_.find_table(table);
    if (is_new && before != nullptr) place->second = before->columns;
    return place->second;
  }

  std::vector<std::string> self_updating(const Name& table) {
    std::vector<std::string> names;
    for (const Column& column : of(table)) {
      if (!column.on_update.empty()) names.push_back(column.name);
    }
    return names;
  }

  /// Puts it behind the last of the columns that precede it in the end and are already there.
  void place(AddColumn& op) {
    std::vector<Column>& columns = of(op.table);
    const Table* const after = to_.find_table(op.table);
    const auto renamed = final_names_.find({op.table, op.column.name});
    const std::string& final_name = renamed == final_names_.end() ? op.column.name : renamed->second;
    auto previous = columns.end();
    bool is_found = false;
    if (after != nullptr) {
      for (const Column& column : after->columns) {
        is_found = column.name == final_name;
        if (is_found) break;
        const auto there = find(columns, column.name);
        if (there != columns.end()) previous = there;
      }
    }
    auto place = columns.end();
    if (is_found) {
      place = previous == columns.end() ? columns.begin() : std::next(previous);
      if (place != columns.end()) op.behind = place == columns.begin() ? "" : std::prev(place)->name;
    }
    op.position = static_cast<std::size_t>(place - columns.begin());
    columns.insert(place, op.column);
  }

  const Schema& from_;
  const Schema& to_;
  std::map<Name, std::vector<Column>> tables_;
  std::map<std::pair<Name, std::string>, std::string> final_names_;
};

}  // namespace

void place_columns(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::map<std::pair<Name, std::string>, std::string> names;
  for (const Operation& operation : operations) {
    if (const auto* const op = std::get_if<RenameColumn>(&operation)) names[{op->table, op->from}] = op->to;
  }
  Columns columns(from, to);
  columns.set_renamed(std::move(names));
  for (Operation& operation : operations) columns.follow(operation);
}

void tell_taken_names(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const std::string names = names_like_passing(from.whole) + names_like_passing(to.whole);
  if (names.empty() || operations.empty()) return;
  const std::map<std::string, std::string> told = {{taken_option, names}};
  const Name table = target_name(operations.front());
  operations.insert(operations.begin(), AlterTable{table, told, told, {}, {}, {}, {}});
}

}  // namespace whimbrel::dialect::mysql
