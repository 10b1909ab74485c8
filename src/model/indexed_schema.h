#pragma once

#include <map>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::model {

/// A schema whose tables are found by their names without looking at all of them.
class IndexedSchema {
 public:
  /// The schema must outlive it, and its tables must stay.
  explicit IndexedSchema(const Schema& schema) : whole(schema), tables(schema.tables) {
    for (const Table& table : tables) places_.emplace(table.name, &table);
  }

  /// Null: there is none.
  [[nodiscard]] const Table* find_table(const Name& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? nullptr : found->second;
  }

  const Schema& whole;
  const std::vector<Table>& tables;

 private:
  std::map<Name, const Table*> places_;
};

}  // namespace whimbrel::model
