#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "diff/match.h"

namespace whimbrel::diff {

/// Tables by their folded names.
class TableIndex {
 public:
  TableIndex(const Matcher& match, const std::vector<model::Table>& tables) : match_(match) {
    tables_.reserve(tables.size());
    for (const model::Table& table : tables) tables_.emplace(key(table.name), &table);
  }

  [[nodiscard]] const model::Table* find(const model::Name& name) const {
    const auto found = tables_.find(key(name));
    return found == tables_.end() ? nullptr : found->second;
  }

 private:
  [[nodiscard]] std::string key(const model::Name& name) const {
    const model::Name folded = match_.fold_name(NameKind::table, name);
    return folded.schema.empty() ? folded.name : folded.schema + '\0' + folded.name;
  }

  const Matcher& match_;
  std::unordered_map<std::string, const model::Table*> tables_;
};

}  // namespace whimbrel::diff
