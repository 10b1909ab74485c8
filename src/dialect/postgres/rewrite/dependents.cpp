#include "dialect/postgres/rewrite/dependents.h"

#include <algorithm>
#include <map>
#include <set>

#include "dialect/postgres/generate/column_change.h"
#include "dialect/postgres/text/syntax.h"
#include "operation/uses.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Schema;
using model::Table;

using ColumnSet = std::set<model::ColumnReference>;

/// What the operations touch.
struct Touched {
  ColumnSet retyped;            ///< Columns of another type.
  ColumnSet remade;             ///< Generated columns that are dropped and added.
  ColumnSet dropped;            ///< Columns that go; with an empty column, tables and views.
  std::set<std::string> enums;  ///< Enums that are made anew, by to_string().
  std::vector<const AlterPrimaryKey*> changed_keys;
  std::vector<const DropUnique*> dropped_uniques;
};

template <class Op, class T>
bool is_there(const std::vector<Operation>& operations, const Name& table, const T& item, T Op::*member) {
  return std::any_of(operations.begin(), operations.end(), [&](const Operation& operation) {
    const auto* op = std::get_if<Op>(&operation);
    return op != nullptr && op->table == table && op->*member == item;
  });
}

template <class T>
bool has(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

bool overlaps(const std::vector<std::string>& columns, const Name& table, const ColumnSet& touched) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return touched.contains({table, column});
  });
}

bool same_columns(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

class Dependents {
 public:
  Dependents(std::vector<Operation>& operations, const Schema& from, const Schema& to)
      : operations_(operations), from_(from), to_(to), touched_(find_touched()) {}

  void add() {
    const bool is_quiet = touched_.retyped.empty() && touched_.dropped.empty() && touched_.enums.empty() &&
                          touched_.changed_keys.empty() && touched_.dropped_uniques.empty() && touched_.remade.empty();
    if (is_quiet) return;
    std::vector<Operation> added;
    for (const Table& table : from_.tables) {
      const Table* const after = to_.find_table(table.name);
      if (after != nullptr) add_computed(added, table, *after);
    }
    for (const Table& table : from_.tables) {
      const Table* const after = to_.find_table(table.name);
      if (after == nullptr) continue;
      add_foreign_keys(added, table, *after);
      add_uniques(added, table, *after);
      add_triggers(added, table, *after);
      add_expressions(added, table, *after);
    }
    add_views(added);
    for (Operation& operation : added) operations_.push_back(std::move(operation));
  }

 private:
  [[nodiscard]] Touched find_touched() const {
    Touched touched;
    ColumnSet made;
    for (const Operation& operation : operations_) {
      if (const auto* op = std::get_if<AddColumn>(&operation)) made.insert({op->table, op->column.name});
    }
    for (const Operation& operation : operations_) {
      if (const auto* op = std::get_if<AlterColumn>(&operation)) {
        if (op->before.type != op->after.type || op->before.collation != op->after.collation) {
          touched.retyped.insert({op->table, op->before.name});
        }
      } else if (const auto* dropped = std::get_if<DropColumn>(&operation)) {
        const model::ColumnReference column{dropped->table, dropped->column.name};
        (made.contains(column) ? touched.remade : touched.dropped).insert(column);
      } else if (const auto* table = std::get_if<DropTable>(&operation)) {
        touched.dropped.insert({table->table.name, ""});
      } else if (const auto* view = std::get_if<DropView>(&operation)) {
        touched.dropped.insert({view->view.name, ""});
      } else if (const auto* type = std::get_if<AlterEnum>(&operation)) {
        if (type->columns.empty() && only_adds_values(type->before, type->after)) continue;
        touched.enums.insert(to_string(type->before.name));
        for (const EnumColumn& user : type->columns) touched.retyped.insert({user.table, user.column.name});
      } else if (const auto* key = std::get_if<AlterPrimaryKey>(&operation)) {
        if (key->before) touched.changed_keys.push_back(key);
      } else if (const auto* unique = std::get_if<DropUnique>(&operation)) {
        touched.dropped_uniques.push_back(unique);
      }
    }
    return touched;
  }

  /// Do the key's columns, or those that it refers to, get another type, or does the key that it refers to change?
  [[nodiscard]] bool is_touched(const Table& table, const model::ForeignKey& key) const {
    for (const ColumnSet* const anew : {&touched_.retyped, &touched_.remade}) {
      if (overlaps(key.columns, table.name, *anew)) return true;
      if (overlaps(key.referenced_columns, key.referenced_table, *anew)) return true;
    }
    const auto refers = [&](const Name& to, const std::vector<model::KeyPart>& columns) {
      return to == key.referenced_table && same_columns(model::column_names(columns), key.referenced_columns);
    };
    return std::any_of(touched_.changed_keys.begin(), touched_.changed_keys.end(),
                       [&](const AlterPrimaryKey* op) { return refers(op->table, op->before->columns); }) ||
           std::any_of(touched_.dropped_uniques.begin(), touched_.dropped_uniques.end(),
                       [&](const DropUnique* op) { return refers(op->table, op->unique.columns); });
  }

  void add_foreign_keys(std::vector<Operation>& added, const Table& table, const Table& after) const {
    for (const model::ForeignKey& key : table.foreign_keys) {
      const bool stays = has(after.foreign_keys, key);
      if (!stays || !is_touched(table, key)) continue;
      if (is_there(operations_, table.name, key, &DropForeignKey::foreign_key)) continue;
      added.emplace_back(DropForeignKey{table.name, key});
      added.emplace_back(AddForeignKey{table.name, key});
    }
  }

  // https://www.postgresql.org/docs/current/sql-altertable.html: a column that a generated one uses keeps its type.
  void add_computed(std::vector<Operation>& added, const Table& table, const Table& after) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const model::Column& column = table.columns[i];
      const model::Column* const later = after.find_column(column.name);
      if (!column.computed || later == nullptr || *later != column) continue;
      const bool uses = std::any_of(touched_.retyped.begin(), touched_.retyped.end(), [&](const auto& reference) {
        return reference.table == table.name && operation::uses(*column.computed, reference.column, postgres_syntax);
      });
      if (!uses) continue;
      added.emplace_back(DropColumn{table.name, column, i, {}});
      added.emplace_back(AddColumn{table.name, column, table.columns.size(), {}, {}});
      touched_.remade.insert({table.name, column.name});
    }
  }

  /// With a column goes what is over it.
  void add_uniques(std::vector<Operation>& added, const Table& table, const Table& after) const {
    for (const model::Unique& unique : table.uniques) {
      if (!has(after.uniques, unique) || !overlaps(model::column_names(unique.columns), table.name, touched_.remade)) {
        continue;
      }
      added.emplace_back(DropUnique{table.name, unique});
      added.emplace_back(AddUnique{table.name, unique});
    }
    for (const model::Exclusion& exclusion : table.exclusions) {
      if (!has(after.exclusions, exclusion) || !uses_remade(table, exclusion)) continue;
      added.emplace_back(DropExclusion{table.name, exclusion});
      added.emplace_back(AddExclusion{table.name, exclusion});
    }
  }

  template <class T>
  [[nodiscard]] bool uses_any(const ColumnSet& columns, const Table& table, const T& item) const {
    return std::any_of(columns.begin(), columns.end(), [&](const model::ColumnReference& reference) {
      return reference.table == table.name && operation::uses(item, reference.column, postgres_syntax);
    });
  }

  template <class T>
  [[nodiscard]] bool uses_remade(const Table& table, const T& item) const {
    return uses_any(touched_.remade, table, item);
  }

  void add_triggers(std::vector<Operation>& added, const Table& table, const Table& after) const {
    for (const model::Trigger& trigger : table.triggers) {
      const bool stays = has(after.triggers, trigger);
      if (!stays || (!uses_any(touched_.retyped, table, trigger) && !uses_remade(table, trigger))) continue;
      added.emplace_back(DropTrigger{table.name, trigger});
      added.emplace_back(CreateTrigger{table.name, trigger});
    }
  }

  /// What says a value of an enum that is made anew, or calls a function of it, is made from its text; what is over a
  /// column that is made anew goes with it.
  template <class T>
  [[nodiscard]] bool is_over_made_anew(const Table& table, const T& item) const {
    return uses_remade(table, item) ||
           std::any_of(table.columns.begin(), table.columns.end(), [&](const model::Column& column) {
             return touched_.enums.contains(column.enum_name) && operation::uses(item, column.name, postgres_syntax);
           });
  }

  static bool has_expression(const model::Index& index) {
    return !index.where.empty() || std::any_of(index.columns.begin(), index.columns.end(),
                                               [](const model::KeyPart& part) { return !part.expression.empty(); });
  }

  void add_expressions(std::vector<Operation>& added, const Table& table, const Table& after) const {
    for (const model::Check& check : table.checks) {
      if (!has(after.checks, check) || !is_over_made_anew(table, check)) continue;
      added.emplace_back(DropCheck{table.name, check});
      added.emplace_back(AddCheck{table.name, check});
    }
    for (const model::Index& index : table.indexes) {
      const bool goes = has_expression(index) ? is_over_made_anew(table, index) : uses_remade(table, index);
      if (!goes || !has(after.indexes, index)) continue;
      added.emplace_back(DropIndex{table.name, index});
      added.emplace_back(CreateIndex{table.name, index});
    }
  }

  static bool uses(const model::View& view, const ColumnSet& columns) {
    return std::any_of(view.uses.value.begin(), view.uses.value.end(), [&](const model::ColumnReference& use) {
      return columns.contains(use) || columns.contains({use.table, ""});
    });
  }

  [[nodiscard]] bool is_made_again(const Name& view) const {
    return std::any_of(operations_.begin(), operations_.end(), [&](const Operation& operation) {
      const auto* op = std::get_if<CreateView>(&operation);
      return op != nullptr && op->view.name == view;
    });
  }

  /// Views that stay as they are, but are over what is made anew: each after those that it selects from.
  [[nodiscard]] std::vector<const model::View*> views_to_make_again() const {
    ColumnSet made_anew = touched_.retyped;
    made_anew.insert(touched_.remade.begin(), touched_.remade.end());
    ColumnSet gone;
    for (const model::ColumnReference& reference : touched_.dropped) {
      const bool comes_back = reference.column.empty() && is_made_again(reference.table);
      (comes_back ? made_anew : gone).insert(reference);
    }
    std::vector<const model::View*> views;
    for (const model::View& view : from_.views) {
      if (touched_.dropped.contains({view.name, ""})) continue;
      if (uses(view, gone)) refuse(view);
      if (!uses(view, made_anew)) continue;
      views.push_back(&view);
      made_anew.insert({view.name, ""});
    }
    return views;
  }

  void add_views(std::vector<Operation>& added) const {
    const std::vector<const model::View*> again = views_to_make_again();
    if (again.empty()) return;
    for (const model::View* view : again) added.emplace_back(CreateView{*view});
    for (const model::View* view : again) added.emplace_back(DropView{*view});
  }

  [[noreturn]] void refuse(const model::View& view) const {
    throw Error(ErrorKind::unsafe,
                "The change would drop what the view \"" + to_string(view.name) + "\" selects, and the view stays.")
        .with_remedy(
            "Write a migration before this one that drops the view, or that makes it without what goes "
            "(`newmigration`), run it, and generate again.");
  }

  std::vector<Operation>& operations_;
  const Schema& from_;
  const Schema& to_;
  Touched touched_;
};

/// The places of the operations of one kind.
template <class Op>
std::vector<std::size_t> places_of(const std::vector<Operation>& operations) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (std::holds_alternative<Op>(operations[i])) places.push_back(i);
  }
  return places;
}

/// The newest view first, since each is made after those that it selects from.
void order_drops(std::vector<Operation>& operations, const Schema& from) {
  std::map<Name, std::size_t> ages;
  for (const model::View& view : from.views) ages.emplace(view.name, ages.size());
  const std::vector<std::size_t> places = places_of<DropView>(operations);
  std::vector<Operation> drops;
  drops.reserve(places.size());
  for (const std::size_t place : places) drops.push_back(operations[place]);
  std::stable_sort(drops.begin(), drops.end(),
                   [&](const Operation& a, const Operation& b) { return ages[subject(a)] > ages[subject(b)]; });
  for (std::size_t i = 0; i < places.size(); ++i) operations[places[i]] = std::move(drops[i]);
}

/// Each view after those that its statement names.
void order_creations(std::vector<Operation>& operations) {
  const std::vector<std::size_t> places = places_of<CreateView>(operations);
  std::vector<Operation> rest;
  rest.reserve(places.size());
  for (const std::size_t place : places) rest.push_back(operations[place]);
  const auto names = [&](const Operation& operation, const Operation& other) {
    const std::string& definition = std::get<CreateView>(operation).view.definition;
    return &operation != &other && sql::mentions(definition, subject(other).name, postgres_syntax);
  };
  for (const std::size_t place : places) {
    auto next = std::find_if(rest.begin(), rest.end(), [&](const Operation& candidate) {
      return std::none_of(rest.begin(), rest.end(), [&](const Operation& other) { return names(candidate, other); });
    });
    if (next == rest.end()) next = rest.begin();
    operations[place] = std::move(*next);
    rest.erase(next);
  }
}

}  // namespace

void add_dependents(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const std::size_t size = operations.size();
  Dependents(operations, from, to).add();
  if (operations.size() == size) return;
  order_drops(operations, from);
  order_creations(operations);
}

}  // namespace whimbrel::dialect::postgres
