#include "diff/table_diff.h"

#include <algorithm>
#include <iterator>

#include "diff/rename_candidates.h"
#include "diff/value_checks.h"
#include "operation/describe.h"
#include "operation/uses.h"
#include "sql/lexer.h"

namespace whimbrel::diff {

namespace {

using namespace operation;
using model::Column;
using model::Table;

/// The kind of the name of such a part of a table.
template <class T>
constexpr NameKind kind_of = std::is_same_v<T, model::Index> ? NameKind::index : NameKind::constraint;

/// Compares a current table with the desired one in one pass.
class TableDiff {
 public:
  TableDiff(const Context& context, const Table& current, const Table& desired)
      : context_(context), match_(context.match), current_(current), desired_(desired), target_(current) {
    renamed_ = std::any_of(context.renames.begin(), context.renames.end(), [&](const Operation& operation) {
      const auto* table = std::get_if<RenameTable>(&operation);
      const auto* column = std::get_if<RenameColumn>(&operation);
      return (table && table->to == current.name) || (column && column->table == current.name);
    });
    const auto created = context.created.find(match_.fold_name(NameKind::table, current.name));
    if (created != context.created.end()) created_ = created->second;
  }

  Table run() {
    diff_options();
    diff_columns();
    diff_primary_key();
    diff_constraints<AddUnique, DropUnique>(&Table::uniques);
    diff_constraints<AddCheck, DropCheck>(&Table::checks);
    diff_constraints<AddExclusion, DropExclusion>(&Table::exclusions);
    diff_constraints<AddForeignKey, DropForeignKey>(&Table::foreign_keys);
    diff_constraints<CreateIndex, DropIndex>(&Table::indexes);
    if (strict()) diff_triggers();
    if (changed_) target_.definition.value.clear();
    target_.entity = desired_.entity;
    return std::move(target_);
  }

 private:
  /// Returns whether two databases are compared: then everything missing from the desired one does not exist.
  [[nodiscard]] bool strict() const { return context_.ownership.everything; }

  template <class Op>
  void add(Op op) {
    constexpr bool keeps_statement = std::is_same_v<Op, CreateIndex> || std::is_same_v<Op, DropIndex> ||
                                     std::is_same_v<Op, CreateTrigger> || std::is_same_v<Op, DropTrigger>;
    if (!keeps_statement) changed_ = true;
    context_.result.operations.emplace_back(std::move(op));
  }

  void diff_options() {
    auto options = desired_.options;
    if (!strict()) options.insert(current_.options.begin(), current_.options.end());
    const std::string& comment = desired_.comment.empty() && !strict() ? current_.comment : desired_.comment;
    const std::vector<model::Name>& inherits = strict() ? desired_.inherits : current_.inherits;
    if (options == current_.options && comment == current_.comment && inherits == current_.inherits) return;
    add(AlterTable{current_.name, current_.options, options, current_.comment, comment, current_.inherits, inherits});
    target_.options = options;
    target_.comment = comment;
    target_.inherits = inherits;
  }

  void diff_columns() {
    std::vector<bool> described(current_.columns.size());
    std::vector<PlacedColumn> added;
    for (std::size_t i = 0; i < desired_.columns.size(); ++i) {
      const Column& desired = desired_.columns[i];
      const std::size_t index = find_current(desired.name, i);
      if (index == current_.columns.size()) {
        added.push_back({&desired, i});
        continue;
      }
      described[index] = true;
      alter(index, desired);
    }
    for (const auto& [column, place] : added) {
      const bool numbers_rows = match_.numbers_rows(desired_, *column);
      add(AddColumn{current_.name, *column, target_.columns.size(), fill(column->name), {}, numbers_rows});
      target_.columns.push_back(*column);
    }
    drop_columns(described, added);
  }

  std::size_t find_current(const std::string& name, std::size_t likely_place) const {
    const auto& columns = current_.columns;
    if (likely_place < columns.size() && columns[likely_place].name == name) return likely_place;
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const Column& column) { return match_.same_column(column.name, name); });
    return static_cast<std::size_t>(found - columns.begin());
  }

  void alter(std::size_t index, const Column& desired) {
    const Column& before = current_.columns[index];
    const Column after = merge(before, desired);
    auto renamed = renamed_values(match_, context_.answers, current_.name, before, after);
    if (after == before && renamed.empty()) return;
    if (!before.enum_values.empty() && !after.enum_values.empty()) {
      auto candidates = find_value_candidates(match_, context_.answers, current_.name, before, after, renamed);
      std::move(candidates.begin(), candidates.end(), std::back_inserter(context_.result.rename_candidates));
    }
    const auto fill_if = [&](bool stops_to_be_nullable) {
      return stops_to_be_nullable ? fill(before.name) : std::nullopt;
    };
    add(AlterColumn{current_.name, before, after, fill_if(before.nullable && !after.nullable),
                    fill_if(!before.nullable && after.nullable), std::move(renamed),
                    match_.numbers_rows(desired_, after), match_.numbers_rows(current_, before)});
    target_.columns[index] = after;
  }

  /// Returns the desired column, with the current one's text wherever both are equivalent.
  Column merge(const Column& current, const Column& desired) const {
    Column merged = desired;
    merged.name = current.name;
    if (keeps_type(current, desired)) merged.type = current.type;
    if (current.default_expression && desired.default_expression &&
        may_stay(*current.default_expression, *desired.default_expression, desired.name)) {
      merged.default_expression = current.default_expression;
    }
    if (same_set(current.enum_values, desired.enum_values)) merged.enum_values = current.enum_values;
    if (match_.same_name(NameKind::collation, current.collation, desired.collation))
      merged.collation = current.collation;
    if (current.computed && desired.computed && current.computed->stored == desired.computed->stored &&
        match_.same_expression(desired_, ExpressionUse::computed, current.computed->expression,
                               desired.computed->expression, desired.name)) {
      merged.computed = current.computed;
    }
    if (strict()) return merged;
    // An explicit type can be that of an enum like any other.
    if (desired.enum_name.empty() && merged.type == current.type) merged.enum_name = current.enum_name;
    if (desired.auto_increment && current.auto_increment) {
      merged.identity_always = desired.identity && current.identity_always;
      if (desired.sequence_options.empty()) merged.sequence_options = current.sequence_options;
    }
    if (desired.charset.empty()) merged.charset = current.charset;
    if (desired.collation.empty()) merged.collation = current.collation;
    if (desired.comment.empty()) merged.comment = current.comment;
    if (!merged.nullable) merged.not_null_on_conflict = current.not_null_on_conflict;
    // SQLite allows NULL in a primary key without NOT NULL. A description cannot express this and means no change.
    if (is_key_column(current_, current.name) && is_key_column(desired_, desired.name) &&
        !match_.numbers_rows(desired_, merged)) {
      merged.nullable = current.nullable;
    }
    return merged;
  }

  bool keeps_type(const Column& current, const Column& desired) const {
    if (!match_.same_type(current.type, desired.type)) return false;
    Column kept = desired;
    kept.type = current.type;
    return match_.numbers_rows(desired_, kept) == match_.numbers_rows(desired_, desired);
  }

  bool may_stay(const std::string& current, const std::string& desired, const std::string& column) const {
    if (current == desired) return true;
    const auto same = [&](const std::string& other) {
      return match_.same_expression(desired_, ExpressionUse::default_value, current, other, column);
    };
    const auto accepted = context_.ownership.accepted_defaults.find({desired_.name, column});
    if (accepted != context_.ownership.accepted_defaults.end() &&
        std::any_of(accepted->second.begin(), accepted->second.end(), same)) {
      return true;
    }
    return same(desired);
  }

  bool is_key_column(const Table& table, const std::string& column) const {
    if (!table.primary_key) return false;
    const auto& parts = table.primary_key->columns;
    return std::any_of(parts.begin(), parts.end(),
                       [&](const model::KeyPart& part) { return match_.same_column(part.column, column); });
  }

  static bool same_set(std::vector<std::string> a, std::vector<std::string> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
  }

  std::optional<std::string> fill(const std::string& column) const {
    for (const auto& [key, sql] : context_.answers.backfills) {
      if (match_.same_name(NameKind::table, key.first, model::to_string(desired_.name)) &&
          match_.same_column(key.second, column)) {
        return sql;
      }
    }
    return std::nullopt;
  }

  void drop_columns(const std::vector<bool>& described, const std::vector<PlacedColumn>& added) {
    std::vector<PlacedColumn> dropped;
    for (std::size_t i = 0; i < described.size(); ++i) {
      if (!described[i]) dropped.push_back({&current_.columns[i], i});
    }
    auto candidates = find_rename_candidates(match_, context_.answers, current_.name, dropped, added);
    auto& all = context_.result.rename_candidates;
    all.insert(all.end(), candidates.begin(), candidates.end());
    for (std::size_t i = 0; i < dropped.size(); ++i) {
      const auto& [column, place] = dropped[i];
      const std::size_t position = place - i;
      const bool numbers_rows = match_.numbers_rows(current_, *column);
      add(DropColumn{current_.name, *column, position, {}, fill(column->name), numbers_rows});
      dropped_.push_back(column->name);
      target_.columns.erase(target_.columns.begin() + static_cast<std::ptrdiff_t>(position));
    }
  }

  void diff_primary_key() {
    const auto& before = current_.primary_key;
    const auto& after = desired_.primary_key;
    const bool named = after && !after->name.derived.value && !after->name.text.empty();
    const bool same_name =
        !named || (before && match_.same_name(NameKind::constraint, before->name.text, after->name.text));
    if (before && after && same_name && same_key(before->columns, after->columns) && same_rest(*before, *after)) {
      return;
    }
    if (!before && !after) return;
    add(AlterPrimaryKey{current_.name, before, after});
    target_.primary_key = after;
  }

  /// Entities do not define the order of its columns, which SQLite keeps.
  bool same_key(const std::vector<model::KeyPart>& current, const std::vector<model::KeyPart>& desired) const {
    if (strict()) return match_.same_parts(desired_, current, desired);
    return match_.same_columns(model::column_names(current), model::column_names(desired));
  }

  /// Adds missing desired objects, and drops managed objects that are not desired.
  template <class AddOp, class DropOp, class T>
  void diff_constraints(std::vector<T> Table::*list) {
    std::vector<bool> kept((current_.*list).size());
    std::vector<const T*> replaced(kept.size());
    std::vector<const T*> added;
    for (const T& desired : desired_.*list) {
      const auto index = find_same(current_.*list, kept, desired);
      if (index < kept.size()) {
        kept[index] = true;
        if (follows_rename((current_.*list)[index], desired)) replaced[index] = &desired;
      } else {
        added.push_back(&desired);
      }
    }
    std::vector<T> target;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const T& item = (current_.*list)[i];
      if (replaced[i]) {
        target.push_back(rename(AddOp{current_.name, item}, DropOp{current_.name, item}, replaced[i]->name));
        continue;
      }
      const bool is_ours = !kept[i] && (strict() || is_own(item, list, added));
      const bool stays = kept[i] || (!is_ours && !uses_dropped_column(item));
      if (stays) {
        target.push_back(item);
        if (!kept[i] && !is_unmanaged(item.name.text)) leave_unmanaged(DropOp{current_.name, item});
      } else {
        DropOp op{current_.name, item};
        if (!is_ours) take_along(op, item);
        add(std::move(op));
      }
    }
    for (const T* item : added) {
      add(AddOp{current_.name, *item});
      target.push_back(*item);
    }
    target_.*list = std::move(target);
  }

  /// Returns whether it has a derived name from before a rename of the table or its column.
  template <class T>
  bool follows_rename(const T& current, const T& desired) const {
    return renamed_ && desired.name.derived.value && current.name.text != desired.name.text &&
           is_derived(current.name.text);
  }

  bool is_derived(const std::string& name) const {
    return !name.empty() && context_.ownership.is_derived_name && context_.ownership.is_derived_name(name);
  }

  /// Recreates the object under another name, and returns it.
  template <class AddOp, class DropOp>
  auto rename(AddOp made, DropOp dropped, const model::ConstraintName& name) {
    add(std::move(dropped));
    auto& item = content(made);
    item.name = name;
    if constexpr (std::is_same_v<AddOp, CreateIndex>) item.definition.value.clear();
    add(made);
    return item;
  }
  static model::Unique& content(AddUnique& op) { return op.unique; }
  static model::Check& content(AddCheck& op) { return op.check; }
  static model::Exclusion& content(AddExclusion& op) { return op.exclusion; }
  static model::ForeignKey& content(AddForeignKey& op) { return op.foreign_key; }
  static model::Index& content(CreateIndex& op) { return op.index; }

  /// Returns the first unmatched equivalent object; an explicit name must be equal too.
  template <class T>
  std::size_t find_same(const std::vector<T>& candidates, const std::vector<bool>& taken, const T& desired) const {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const bool named = !desired.name.derived.value && (strict() || !desired.name.text.empty());
      if (taken[i] || (named && !match_.same_name(kind_of<T>, candidates[i].name.text, desired.name.text))) continue;
      if (!same_rest(candidates[i], desired)) continue;
      if (match_.same_content(desired_, resolved(candidates[i]), resolved(desired))) return i;
    }
    return candidates.size();
  }

  /// Compares properties that entities leave to the database, if two databases are compared.
  template <class T>
  bool same_rest(const T& current, const T& desired) const {
    if (!strict()) return true;
    if constexpr (requires { current.on_conflict; }) {
      if (!sql::equal_ignoring_case(current.on_conflict, desired.on_conflict)) return false;
    }
    if constexpr (requires { current.not_valid; }) {
      if (current.not_valid != desired.not_valid) return false;
    }
    if constexpr (requires { current.no_inherit; }) {
      if (current.no_inherit != desired.no_inherit) return false;
    }
    if constexpr (requires { current.storage_parameters; }) {
      if (current.storage_parameters != desired.storage_parameters) return false;
    }
    if constexpr (std::is_same_v<T, model::PrimaryKey>) {
      if (current.deferral != desired.deferral || current.included != desired.included) return false;
    }
    if constexpr (requires { current.match; }) {
      if (!sql::equal_ignoring_case(current.match, desired.match)) return false;
    } else if constexpr (requires { current.columns; }) {
      if (!same_collations(current.columns, desired.columns)) return false;
    }
    return desired.name.derived.value || match_.same_name(kind_of<T>, current.name.text, desired.name.text);
  }

  /// A part without a collation has that of its column.
  bool same_collations(const std::vector<model::KeyPart>& current, const std::vector<model::KeyPart>& desired) const {
    const auto collation = [](const Table& table, const model::KeyPart& part) {
      const Column* column = part.collation.empty() ? table.find_column(part.column) : nullptr;
      return column ? column->collation : part.collation;
    };
    return std::equal(current.begin(), current.end(), desired.begin(), desired.end(),
                      [&](const model::KeyPart& a, const model::KeyPart& b) {
                        const bool said = !a.collation.empty() || !b.collation.empty();
                        return !said ||
                               match_.same_name(NameKind::collation, collation(current_, a), collation(desired_, b));
                      });
  }

  template <class T>
  static const T& resolved(const T& item) {
    return item;
  }

  /// A key without columns references the primary key of its table.
  model::ForeignKey resolved(const model::ForeignKey& key) const {
    model::ForeignKey result = key;
    if (!key.referenced_columns.empty()) return result;
    for (const Table& table : context_.current.tables) {
      if (match_.fold_name(NameKind::table, table.name) != match_.fold_name(NameKind::table, key.referenced_table) ||
          !table.primary_key)
        continue;
      result.referenced_columns = model::column_names(table.primary_key->columns);
    }
    return result;
  }

  template <class T>
  bool is_own(const T& item, std::vector<T> Table::*list, const std::vector<const T*>& added) const {
    const std::string& name = item.name.text;
    if (std::is_same_v<T, model::Index> && is_unmanaged(name)) return false;
    if (is_derived(name)) return true;
    const bool replaced = std::any_of(added.begin(), added.end(), [&](const T* other) {
      return !name.empty() && match_.same_name(kind_of<T>, other->name.text, name);
    });
    if (replaced) return true;
    if (!created_) return false;
    const auto& ours = created_->*list;
    return std::any_of(ours.begin(), ours.end(), [&](const T& other) {
      return match_.same_name(kind_of<T>, other.name.text, name) && match_.same_content(desired_, other, item);
    });
  }

  /// A dropped column takes its dependents with it.
  template <class T>
  bool uses_dropped_column(const T& item) const {
    return std::any_of(dropped_.begin(), dropped_.end(),
                       [&](const std::string& column) { return uses_column(item, column); });
  }
  template <class T>
  bool uses_column(const T& item, const std::string& column) const {
    return uses(item.uses, current_.name, column);
  }
  bool uses_column(const model::Index& index, const std::string& column) const {
    return uses(uses_of(index, current_.name), current_.name, column);
  }
  bool uses_column(const model::Unique& unique, const std::string& column) const {
    return has_column(model::column_names(unique.columns), column) || has_column(unique.included, column);
  }
  bool uses_column(const model::ForeignKey& key, const std::string& column) const {
    return has_column(key.columns, column);
  }
  bool has_column(const std::vector<std::string>& columns, const std::string& column) const {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const std::string& name) { return match_.same_column(name, column); });
  }

  template <class T>
  void take_along(const operation::Operation& drop, const T& item) {
    const auto used = std::find_if(dropped_.begin(), dropped_.end(),
                                   [&](const std::string& column) { return uses_column(item, column); });
    context_.result.taken_along.push_back("also drops " + describe_target(drop) + ", which uses column \"" + *used +
                                          "\" and is not described by any entity");
  }

  bool is_unmanaged(const std::string& name) const {
    const auto& names = context_.ownership.unmanaged_indexes;
    return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
      return match_.same_name(NameKind::index, candidate, name);
    });
  }

  template <class DropOp>
  void leave_unmanaged(DropOp op) {
    context_.result.unmanaged.push_back(describe_target(std::move(op)));
  }

  void diff_triggers() {
    std::vector<model::Trigger> target;
    for (const model::Trigger& trigger : current_.triggers) {
      if (find_same(desired_.triggers, trigger) == nullptr) add(DropTrigger{current_.name, trigger});
    }
    for (const model::Trigger& trigger : desired_.triggers) {
      const model::Trigger* const there = find_same(current_.triggers, trigger);
      if (there == nullptr) add(CreateTrigger{current_.name, trigger});
      target.push_back(there == nullptr ? trigger : *there);
    }
    target_.triggers = std::move(target);
  }

  const model::Trigger* find_same(const std::vector<model::Trigger>& triggers, const model::Trigger& trigger) const {
    const auto found = std::find_if(triggers.begin(), triggers.end(),
                                    [&](const model::Trigger& other) { return match_.same_trigger(other, trigger); });
    return found == triggers.end() ? nullptr : &*found;
  }

  const Context& context_;
  const Matcher& match_;
  const Table& current_;
  const Table& desired_;
  Table target_;
  const Table* created_ = nullptr;
  std::vector<std::string> dropped_;
  bool renamed_ = false;
  bool changed_ = false;
};

bool loses_column(const Matcher& match, const Table& current, const Table& desired) {
  return std::any_of(current.columns.begin(), current.columns.end(), [&](const Column& column) {
    return std::none_of(desired.columns.begin(), desired.columns.end(),
                        [&](const Column& other) { return match.same_column(column.name, other.name); });
  });
}

}  // namespace

Table diff_table(const Context& context, const Table& current, const Table& desired) {
  Table checked = with_value_checks(context, current, desired);
  if (loses_column(context.match, current, desired)) context.match.find_uses(checked);
  if (checked == current) return TableDiff(context, checked, desired).run();
  Table target = TableDiff(context, checked, desired).run();
  if (target.definition.value.empty()) return target;
  target.columns = current.columns;
  target.checks = current.checks;
  return target;
}

}  // namespace whimbrel::diff
