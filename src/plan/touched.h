#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/remake.h"

namespace whimbrel::plan {

/// The changes to items that others use.
class Touched {
 public:
  /// Finds the changes of the operations.
  Touched(const std::vector<operation::Operation>& operations, const RemakeRules& rules);

  [[nodiscard]] bool empty() const { return changes_.empty() && keys_.empty(); }
  /// Adds what happens to the columns of child tables with those of their parents.
  void spread(const model::Schema& schema);
  void add(model::Reference item, Change change) { changes_[std::move(item)].changes.insert(change); }

  /// Returns the changes to an item, and to the table or view that contains it.
  [[nodiscard]] std::set<Change> changes_of(const model::Reference& used) const;
  [[nodiscard]] bool is_gone(const model::Reference& used) const;
  /// Returns whether one of them is gone.
  [[nodiscard]] bool is_gone(const model::Uses& uses) const;
  /// Something that no longer exists is not used again: the same text then calls another function of that name.
  void forget_gone(model::Uses& uses) const;
  /// Returns whether the key that the foreign key references is dropped.
  [[nodiscard]] bool has_key(const model::ForeignKey& foreign_key) const;

 private:
  struct Item {
    std::set<Change> changes;
    bool is_gone = false;
  };

  void drop(model::Reference item, bool comes_back);
  /// Returns whether that was new.
  bool inherit(const model::Name& parent, const model::Name& child);
  template <class Function>
  void for_each(const model::Reference& used, Function function) const;

  std::map<model::Reference, Item> changes_;
  std::set<std::pair<model::Name, std::vector<std::string>>> keys_;  ///< With sorted columns.
};

/// Returns what the object uses before and after. What it ceases to use can change after it.
[[nodiscard]] model::Uses kept_uses(const operation::AlterObject& op);

/// Returns all columns in the index of the key.
template <class Key>
std::vector<std::string> columns_of(const Key& key) {
  std::vector<std::string> columns = model::column_names(key.columns);
  columns.insert(columns.end(), key.included.begin(), key.included.end());
  return columns;
}

}  // namespace whimbrel::plan
