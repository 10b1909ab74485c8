#include "diff/constraint_diff.h"

#include <algorithm>

#include "operation/describe.h"
#include "operation/uses.h"

namespace whimbrel::diff {

namespace {

using namespace operation;
using model::Column;
using model::Table;

class ConstraintDiff {
 public:
  ConstraintDiff(ComparedTable& table, const std::vector<std::string>& dropped_columns)
      : table_(table),
        context_(table.context),
        match_(table.context.match),
        current_(table.current),
        desired_(table.desired),
        dropped_(dropped_columns) {
    renamed_ = context_.renamed.contains(current_.name);
    const auto created = context_.created.find(match_.fold_name(NameKind::table, current_.name));
    if (created != context_.created.end()) created_ = created->second;
  }

  void run() {
    diff_primary_key();
    diff_list<AddUnique, DropUnique>(&Table::uniques);
    diff_list<AddCheck, DropCheck>(&Table::checks);
    diff_list<AddExclusion, DropExclusion>(&Table::exclusions);
    diff_list<AddForeignKey, DropForeignKey>(&Table::foreign_keys);
    diff_list<CreateIndex, DropIndex>(&Table::indexes);
  }

 private:
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
    table_.add(AlterPrimaryKey{current_.name, before, after});
    table_.target.primary_key = after;
  }

  /// Entities do not define the order of its columns, which SQLite keeps.
  bool same_key(const std::vector<model::KeyPart>& current, const std::vector<model::KeyPart>& desired) const {
    if (table_.strict()) return match_.same_parts(desired_, current, desired);
    return match_.same_columns(model::column_names(current), model::column_names(desired));
  }

  /// Adds missing desired objects, and drops managed objects that are not desired.
  template <class AddOp, class DropOp, class T>
  void diff_list(std::vector<T> Table::*list) {
    std::vector<bool> kept((current_.*list).size());
    std::vector<const T*> replaced(kept.size());
    std::vector<const T*> added;
    for (const T& desired : desired_.*list) {
      const auto index = find_same(current_.*list, kept, desired);
      if (index < kept.size()) {
        kept[index] = true;
        const T& current = (current_.*list)[index];
        if (follows_rename(current, desired) || has_name_of_another(current, desired)) replaced[index] = &desired;
      } else {
        added.push_back(&desired);
      }
    }
    const bool stay_all = std::find(kept.begin(), kept.end(), false) == kept.end() &&
                          std::all_of(replaced.begin(), replaced.end(), [](const T* item) { return item == nullptr; });
    if (stay_all && added.empty()) return;
    std::vector<T> target;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const T& item = (current_.*list)[i];
      if (replaced[i]) {
        target.push_back(rename(AddOp{current_.name, item}, DropOp{current_.name, item}, replaced[i]->name));
        continue;
      }
      const bool is_ours = !kept[i] && (table_.strict() || is_own(item, list, added));
      const bool stays = kept[i] || (!is_ours && !uses_dropped_column(item));
      if (stays) {
        target.push_back(item);
        if (!kept[i] && !is_unmanaged(item.name.text)) {
          context_.result.unmanaged.push_back(describe_target(DropOp{current_.name, item}));
        }
      } else {
        DropOp op{current_.name, item};
        if (!is_ours) take_along(op, item);
        table_.add(std::move(op));
      }
    }
    for (const T* item : added) {
      table_.add(AddOp{current_.name, *item});
      target.push_back(*item);
    }
    table_.target.*list = std::move(target);
  }

  /// Returns whether it has a derived name from before a rename of the table or its column.
  template <class T>
  bool follows_rename(const T& current, const T& desired) const {
    return renamed_ && desired.name.derived.value && current.name.text != desired.name.text &&
           is_derived(current.name.text);
  }

  /// Returns whether it must give up its name, which another desired part has.
  template <class T>
  bool has_name_of_another(const T& current, const T& desired) const {
    if (table_.strict() || !desired.name.derived.value || desired.name.text.empty()) return false;
    if (std::is_same_v<T, model::Index> && is_unmanaged(current.name.text)) return false;
    return !match_.same_name(kind_of<T>, current.name.text, desired.name.text) &&
           context_.desired_names.has(current_.name, current);
  }

  bool is_derived(const std::string& name) const {
    return !name.empty() && context_.ownership.is_derived_name && context_.ownership.is_derived_name(name);
  }

  /// Recreates the object under another name, and returns it.
  template <class AddOp, class DropOp>
  auto rename(AddOp made, DropOp dropped, const model::ConstraintName& name) {
    table_.add(std::move(dropped));
    auto& item = content(made);
    item.name = name;
    if constexpr (std::is_same_v<AddOp, CreateIndex>) item.definition.value.clear();
    table_.add(made);
    return item;
  }
  static model::Unique& content(AddUnique& op) { return op.unique; }
  static model::Check& content(AddCheck& op) { return op.check; }
  static model::Exclusion& content(AddExclusion& op) { return op.exclusion; }
  static model::ForeignKey& content(AddForeignKey& op) { return op.foreign_key; }
  static model::Index& content(CreateIndex& op) { return op.index; }

  /// Returns the first unmatched equivalent object, if possible one that can keep its name; an explicit name must be
  /// equal too.
  template <class T>
  std::size_t find_same(const std::vector<T>& candidates, const std::vector<bool>& taken, const T& desired) const {
    std::size_t same = candidates.size();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const bool named = !desired.name.derived.value && (table_.strict() || !desired.name.text.empty());
      if (taken[i] || (named && !match_.same_name(kind_of<T>, candidates[i].name.text, desired.name.text))) continue;
      if (!same_rest(candidates[i], desired)) continue;
      if (!match_.same_content(desired_, resolved(candidates[i]), resolved(desired))) continue;
      if (!has_name_of_another(candidates[i], desired)) return i;
      same = std::min(same, i);
    }
    return same;
  }

  /// Compares properties that entities leave to the database, if two databases are compared.
  template <class T>
  bool same_rest(const T& current, const T& desired) const {
    if (!table_.strict()) return true;
    if constexpr (requires { current.on_conflict; }) {
      if (current.on_conflict != desired.on_conflict) return false;
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
      if (current.match != desired.match) return false;
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
    const Table* const table = context_.current_tables.find(key.referenced_table);
    if (table != nullptr && table->primary_key) {
      result.referenced_columns = model::column_names(table->primary_key->columns);
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
  void take_along(const Operation& drop, const T& item) {
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

  ComparedTable& table_;
  const Context& context_;
  const Matcher& match_;
  const Table& current_;
  const Table& desired_;
  const std::vector<std::string>& dropped_;
  const Table* created_ = nullptr;
  bool renamed_ = false;
};

}  // namespace

void diff_constraints(ComparedTable& table, const std::vector<std::string>& dropped_columns) {
  ConstraintDiff(table, dropped_columns).run();
}

}  // namespace whimbrel::diff
