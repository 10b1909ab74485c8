#include "plan/remake.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "operation/uses.h"
#include "plan/effects.h"
#include "plan/kept_parents.h"
#include "plan/remake_error.h"
#include "plan/shared_types.h"
#include "plan/touched.h"
#include "plan/type_detour.h"

namespace whimbrel::plan {

namespace {

using namespace operation;
using model::Name;
using model::Reference;
using model::Schema;
using model::Table;

template <class T>
bool has(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

class Remaker {
 public:
  Remaker(const std::vector<Operation>& operations, const Schema& from, const Schema& to, const RemakeRules& rules)
      : from_(from), to_(to), rules_(rules), touched_(operations, rules), detours_(rules.text_type()) {
    if (touched_.empty()) return;
    touched_.spread(from);
    for (const Operation& operation : operations) {
      by_table_[target_name(operation)].push_back(&operation);
      const auto* const type = std::get_if<AlterEnum>(&operation);
      if (type == nullptr) continue;
      for (const EnumColumn& user : type->columns) by_table_[user.table].push_back(&operation);
    }
    for (const Table& table : from.tables) tables_before_.emplace(table.name, &table);
    for (const Table& table : to.tables) tables_after_.emplace(table.name, &table);
  }

  /// Recreated objects have dependents of their own, so the search is repeated until it finds nothing new.
  void run() {
    if (touched_.empty()) return;
    std::size_t known = 0, found = 0;
    do {
      known = found;
      for (const Table& table : from_.tables) {
        const auto after = tables_after_.find(table.name);
        if (after != tables_after_.end() && !is_replaced(table.name)) remake_parts(table, *after->second);
      }
      for (const model::View& view : from_.views) remake(view);
      for (const model::Object& object : from_.objects) remake(object);
      touched_.spread(from_);
      found = drops_.size() + detours_.size() + recreated_.size() + recreated_views_.size();
    } while (found != known);
  }

  /// A column that changes in another way loses its default first, but not one that stops using what is recreated.
  void drop_defaults(std::vector<Operation>& operations) {
    for (Operation& operation : operations) {
      auto* const op = std::get_if<AlterColumn>(&operation);
      if (op == nullptr || !op->before.default_expression) continue;
      model::Uses used = op->before.default_uses;
      if (used.value) std::erase_if(*used.value, [&](const Reference& item) { return !uses(op->after, item); });
      if (!is_hit({DependentKind::default_value}, used)) continue;
      AlterColumn drop{op->table, op->before, without_default(op->before), {}};
      op->before = drop.after;
      touched_.forget_gone(op->after.default_uses);
      drops_.emplace_back(std::move(drop));
    }
  }

  /// Existing views are recreated before new ones are created, which may select from them.
  void put(std::vector<Operation>& operations) {
    std::erase_if(operations, [&](const Operation& operation) {
      const auto* const op = std::get_if<AlterColumn>(&operation);
      return op != nullptr && made_anew_.contains({op->table, op->before.name});
    });
    drop_defaults(operations);
    detours_.put(operations, drops_, makes_);
    split_altered(operations);
    std::reverse(drops_.begin(), drops_.end());
    operations.insert(operations.begin(), std::make_move_iterator(views_.begin()),
                      std::make_move_iterator(views_.end()));
    std::move(drops_.begin(), drops_.end(), std::back_inserter(operations));
    std::move(makes_.begin(), makes_.end(), std::back_inserter(operations));
  }

 private:
  [[nodiscard]] bool is_hit(const Dependent& dependent, const Reference& used) const {
    return touched_.is_gone(used) || is_changed(dependent, used);
  }
  [[nodiscard]] bool is_changed(const Dependent& dependent, const Reference& used) const {
    const std::set<Change> changes = touched_.changes_of(used);
    return std::any_of(changes.begin(), changes.end(),
                       [&](Change change) { return rules_.must_remake(dependent, change); });
  }

  /// Unknown uses are left to the database.
  [[nodiscard]] bool is_hit(const Dependent& dependent, const model::Uses& uses) const {
    return uses.value && std::any_of(uses.value->begin(), uses.value->end(),
                                     [&](const Reference& used) { return is_hit(dependent, used); });
  }

  [[nodiscard]] bool is_hit(DependentKind kind, const Name& table, const std::vector<std::string>& columns) const {
    return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
      return is_hit({kind}, {table, column, {}});
    });
  }
  [[nodiscard]] bool is_hit(const Name& table, const model::ForeignKey& key) const {
    return touched_.has_key(key) || is_hit(DependentKind::foreign_key, table, key.columns) ||
           is_hit(DependentKind::foreign_key, key.referenced_table, key.referenced_columns) ||
           is_hit(DependentKind::foreign_key, key.referenced_table, included_in(key));
  }

  /// Returns the columns that the referenced key or index may contain without being a part of the key.
  [[nodiscard]] std::vector<std::string> included_in(const model::ForeignKey& key) const {
    const auto found = tables_before_.find(key.referenced_table);
    return found == tables_before_.end() ? std::vector<std::string>() : included_columns(*found->second);
  }

  /// Returns whether it is the same in both schemas and no operation drops it.
  template <class Drop, class T>
  [[nodiscard]] bool stays(const Name& table, const std::vector<T>& after, const T& item, T Drop::*member) const {
    return has(after, item) && !is_dropped(table, item, member);
  }

  template <class Drop, class T>
  [[nodiscard]] bool is_dropped(const Name& name, const T& item, T Drop::*member) const {
    return is_any_of(name, [&](const Operation& operation) {
      const auto* op = std::get_if<Drop>(&operation);
      return op != nullptr && op->*member == item;
    });
  }

  /// Returns whether the table is created anew with its parts.
  [[nodiscard]] bool is_replaced(const Name& name) const {
    return is_any_of(name, [](const Operation& one) { return std::holds_alternative<DropTable>(one); });
  }

  /// Checks the operations on this table, view or object.
  template <class Condition>
  [[nodiscard]] bool is_any_of(const Name& name, Condition condition) const {
    const auto given = by_table_.find(name);
    const auto holds = [&](const Operation* operation) { return condition(*operation); };
    if (given != by_table_.end() && std::any_of(given->second.begin(), given->second.end(), holds)) return true;
    const auto added = added_by_table_.find(name);
    return added != added_by_table_.end() && std::any_of(added->second.begin(), added->second.end(),
                                                         [&](std::size_t place) { return condition(drops_[place]); });
  }

  void add(Operation drop, Operation make) {
    add_drop(std::move(drop));
    makes_.push_back(std::move(make));
  }
  void add_drop(Operation drop) {
    added_by_table_[target_name(drop)].push_back(drops_.size());
    drops_.push_back(std::move(drop));
  }

  void remake_parts(const Table& table, const Table& after) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      keep_values(table, after, table.columns[i]);
      remake(table, after, i);
    }
    const Name& name = table.name;
    for (const model::ForeignKey& key : table.foreign_keys) {
      if (!is_hit(name, key) || !stays(name, after.foreign_keys, key, &DropForeignKey::foreign_key)) continue;
      add(DropForeignKey{name, key}, AddForeignKey{name, key});
    }
    if (table.primary_key && is_hit(DependentKind::unique, name, columns_of(*table.primary_key))) {
      remake(name, after, *table.primary_key);
    }
    for (const model::Unique& unique : table.uniques) {
      if (!is_hit(DependentKind::unique, name, columns_of(unique))) continue;
      if (!stays(name, after.uniques, unique, &DropUnique::unique)) continue;
      add(DropUnique{name, unique}, AddUnique{name, unique});
      touched_.add({name, unique.name.text, "constraint"}, Change::made_anew);
    }
    for (const model::Check& check : table.checks) {
      if (!is_hit({DependentKind::check}, check.uses)) continue;
      if (stays(name, after.checks, check, &DropCheck::check))
        add(DropCheck{name, check}, AddCheck{name, recreated(check)});
    }
    for (const model::Exclusion& exclusion : table.exclusions) {
      if (!is_hit({DependentKind::exclusion}, exclusion.uses)) continue;
      if (!stays(name, after.exclusions, exclusion, &DropExclusion::exclusion)) continue;
      add(DropExclusion{name, exclusion}, AddExclusion{name, recreated(exclusion)});
    }
    for (const model::Index& index : table.indexes) {
      if (!is_hit({DependentKind::index, has_expression(index)}, uses_of(index, name))) continue;
      if (stays(name, after.indexes, index, &DropIndex::index))
        add(DropIndex{name, index}, CreateIndex{name, recreated(index)});
    }
    for (const model::Trigger& trigger : table.triggers) {
      if (!is_hit({DependentKind::trigger}, trigger.uses)) continue;
      if (!stays(name, after.triggers, trigger, &DropTrigger::trigger)) continue;
      if (would_break(trigger.uses, find_equal(after.triggers, trigger)->uses)) {
        refuse_broken("Trigger \"" + trigger.name + "\" of table \"" + to_string(name) + "\" uses something",
                      "trigger");
      }
      add(DropTrigger{name, trigger}, CreateTrigger{name, recreated(trigger)});
    }
  }

  void remake(const Name& name, const Table& after, const model::PrimaryKey& key) {
    const bool is_altered =
        is_any_of(name, [](const Operation& operation) { return std::holds_alternative<AlterPrimaryKey>(operation); });
    if (is_altered || after.primary_key != key) return;
    add(AlterPrimaryKey{name, key, std::nullopt}, AlterPrimaryKey{name, std::nullopt, key});
    touched_.add({name, key.name.text, "constraint"}, Change::made_anew);
  }

  [[nodiscard]] bool is_changed(const Name& table, const std::string& column) const {
    return is_any_of(table, [&](const Operation& operation) {
      const auto* altered = std::get_if<AlterColumn>(&operation);
      const auto* dropped = std::get_if<DropColumn>(&operation);
      const auto* type = std::get_if<AlterEnum>(&operation);
      return (altered != nullptr && altered->before.name == column && !altered->after.computed) ||
             (dropped != nullptr && dropped->column.name == column) ||
             (type != nullptr && std::any_of(type->columns.begin(), type->columns.end(), [&](const EnumColumn& user) {
                return user.table == table && user.column.name == column;
              }));
    });
  }

  /// A generated column is recreated with its values and changes; for any other column, only the default is recreated.
  void remake(const Table& table, const Table& after, std::size_t place) {
    const model::Column& column = table.columns[place];
    const bool is_computed = column.computed && (is_hit({DependentKind::computed}, column.computed->uses) ||
                                                 is_hit({DependentKind::computed}, column.type_uses));
    if (!is_computed && !is_hit({DependentKind::default_value}, column.default_uses)) return;
    const model::Column* const later = after.find_column(column.name);
    if (later == nullptr || (!is_computed && *later != column) || is_changed(table.name, column.name)) return;
    if (is_computed) {
      add(DropColumn{table.name, column, place, {}},
          AddColumn{table.name, recreated(*later), table.columns.size(), {}, {}});
      touched_.add({table.name, column.name, {}}, Change::made_anew);
      made_anew_.emplace(table.name, column.name);
      return;
    }
    const model::Column bare = without_default(column);
    add(AlterColumn{table.name, column, bare, {}}, AlterColumn{table.name, bare, recreated(column), {}});
  }

  template <class Condition>
  static bool any_uses(const model::View& view, Condition condition) {
    const auto holds = [&](const model::Trigger& trigger) { return condition(trigger.uses); };
    return condition(view.uses) || std::any_of(view.triggers.begin(), view.triggers.end(), holds);
  }

  [[nodiscard]] bool is_altered(const model::View& view) const {
    return is_any_of(view.name,
                     [](const Operation& operation) { return std::holds_alternative<AlterView>(operation); });
  }

  /// It can make way for what is dropped, but not for what comes back.
  [[nodiscard]] bool must_split(const model::Uses& uses) const {
    return uses.value && std::any_of(uses.value->begin(), uses.value->end(),
                                     [&](const Reference& used) { return is_changed({DependentKind::view}, used); });
  }

  void remake(const model::View& view) {
    if (is_altered(view)) {
      const bool is_split = any_uses(view, [&](const model::Uses& uses) { return must_split(uses); });
      if (is_split && recreated_views_.insert(view.name).second) touched_.add({view.name, {}, {}}, Change::made_anew);
      return;
    }
    const bool is_used = any_uses(view, [&](const model::Uses& uses) { return is_hit({DependentKind::view}, uses); });
    if (!is_used || !stays(view.name, to_.views, view, &DropView::view)) return;
    if (would_break(view.uses, find_equal(to_.views, view)->uses)) {
      refuse_broken("View \"" + to_string(view.name) + "\" uses something", "view");
    }
    add_drop(DropView{view});
    views_.emplace_back(CreateView{recreated(view)});
    touched_.add({view.name, {}, {}}, Change::made_anew);
  }

  [[nodiscard]] bool stays(const model::Object& object) const {
    return has(to_.objects, object) && !is_any_of(object.name, [&](const Operation& operation) {
             const auto* dropped = std::get_if<DropObject>(&operation);
             return dropped != nullptr && dropped->object == object;
           });
  }
  [[nodiscard]] const AlterObject* find_change(const model::Object& object) const {
    const AlterObject* found = nullptr;
    const bool is_there = is_any_of(object.name, [&](const Operation& operation) {
      found = std::get_if<AlterObject>(&operation);
      return found != nullptr && found->before == object;
    });
    return is_there ? found : nullptr;
  }

  /// A change in place would come too late or too early for what the view or object uses.
  void split_altered(std::vector<Operation>& operations) {
    for (Operation& operation : operations) {
      auto* const view = std::get_if<AlterView>(&operation);
      if (view != nullptr && recreated_views_.contains(view->before.name)) {
        makes_.emplace_back(CreateView{recreated(view->after)});
        operation = DropView{model::View(view->before)};
        continue;
      }
      auto* const op = std::get_if<AlterObject>(&operation);
      if (op == nullptr || !recreated_.contains({op->before.kind, op->before.name})) continue;
      makes_.emplace_back(CreateObject{recreated(op->after)});
      operation = DropObject{op->before};
    }
  }

  void remake(const model::Object& object) {
    if (!is_hit({DependentKind::object, true, object.kind}, object.uses)) return;
    if (const AlterObject* const op = find_change(object)) {
      if (!rules_.keeps_texts(*op)) {
        if (!is_hit({DependentKind::object, true, object.kind}, kept_uses(*op))) return;
        refuse_broken(object.kind + " \"" + to_string(object.name) + "\" changes and uses something", object.kind);
      }
      if (recreated_.emplace(object.kind, object.name).second) touch(object);
      return;
    }
    if (!stays(object)) return;
    if (would_break(object.uses, find_equal(to_.objects, object)->uses)) {
      if (rules_.is_dropped_along(object)) return;
      refuse_broken(object.kind + " \"" + to_string(object.name) + "\" uses something", object.kind);
    }
    add(DropObject{object}, CreateObject{recreated(object)});
    touch(object);
  }

  void touch(const model::Object& object) { touched_.add({object.name, {}, object.kind}, Change::made_anew); }

  template <class T>
  [[nodiscard]] T recreated(T item) const {
    touched_.forget_gone(item.uses);
    return item;
  }
  [[nodiscard]] model::Column recreated(model::Column column) const {
    touched_.forget_gone(column.default_uses);
    if (column.computed) touched_.forget_gone(column.computed->uses);
    return column;
  }
  /// Returns whether an item that is the same in both schemas uses something that is dropped, also after the change.
  /// Otherwise the same words mean something else there: another function of that name.
  [[nodiscard]] bool would_break(const model::Uses& before, const model::Uses& after) const {
    return touched_.is_gone(before) && (!after.value || touched_.is_gone(after));
  }
  template <class T>
  static typename std::vector<T>::const_iterator find_equal(const std::vector<T>& items, const T& item) {
    return std::find(items.begin(), items.end(), item);
  }

  /// A type that is dropped takes its columns along, even if it comes back.
  void keep_values(const Table& table, const Table& after, const model::Column& column) {
    if (!column.type_uses.value || column.type_uses.value->empty()) return;
    const model::Column* const later = after.find_column(column.name);
    if (later == nullptr) return;
    const bool keeps_type = later->type == column.type && later->enum_name == column.enum_name;
    const auto shared = [&] { return shared_types_.of(column, *later, rules_); };
    for (const Reference& used : keeps_type ? *column.type_uses.value : shared()) {
      const bool comes_back = touched_.changes_of(used).contains(Change::made_anew);
      if (!comes_back && (!keeps_type || !touched_.is_gone(used))) continue;
      if (comes_back && column.computed) continue;  // It is recreated with its values.
      // Values of the row type of a table or view are not those of its columns.
      if (!comes_back || used.kind.empty()) refuse_lost_type(table, column, used);
      const std::vector<Name> parents = kept_parents_with(tables_before_, tables_after_, table, column.name);
      if (detours_.add(table.name, column, recreated(*later), parents) && parents.empty()) {
        touched_.add({table.name, column.name, {}}, Change::made_anew);
      }
    }
  }

  const Schema& from_;
  const Schema& to_;
  const RemakeRules& rules_;
  Touched touched_;
  TypeDetours detours_;  ///< The columns whose values are kept.
  std::map<Name, std::vector<const Operation*>> by_table_;
  TablesByName tables_before_, tables_after_;
  const SharedTypes shared_types_{from_, to_};
  std::vector<Operation> drops_, makes_;
  std::map<Name, std::vector<std::size_t>> added_by_table_;  ///< The positions of their drops.
  std::set<std::pair<std::string, Name>> recreated_;         ///< Objects whose changes cannot be made in place.
  std::set<Name> recreated_views_;                           ///< The same for views.
  std::set<std::pair<Name, std::string>> made_anew_;         ///< Generated columns, with their changes.
  std::vector<Operation> views_;                             ///< Recreated.
};

}  // namespace

void add_remakes(std::vector<Operation>& operations, const Schema& from, const Schema& to, const RemakeRules& rules) {
  Remaker remaker(operations, from, to, rules);
  remaker.run();
  remaker.put(operations);
}

}  // namespace whimbrel::plan
