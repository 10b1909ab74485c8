#include "dialect/mysql/generate/visibility.h"

#include "dialect/mysql/generate/definition.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;

const char* hidden(const Server& server) { return server.is_mariadb ? "IGNORED" : "INVISIBLE"; }
const char* visible(const Server& server) { return server.is_mariadb ? "NOT IGNORED" : "VISIBLE"; }

/// The inspector writes it at the end. Returns whether it was there.
bool remove_hidden(model::Index& index, const Server& server) {
  std::string& parameters = index.storage_parameters;
  const std::string word = hidden(server);
  if (!parameters.ends_with(word)) return false;
  parameters.erase(parameters.size() - word.size());
  while (parameters.ends_with(' ')) parameters.pop_back();
  return true;
}

/// A unique key that is not hidden is read as a constraint.
model::Index as_index(const model::Unique& unique) {
  model::Index index;
  index.name = unique.name;
  index.columns = unique.columns;
  index.unique = true;
  return index;
}

using Indexes = std::map<IndexKey, model::Index>;

template <class OfIndex, class OfUnique>
Indexes indexes_in(const std::vector<Operation>& operations) {
  Indexes indexes;
  for (const Operation& operation : operations) {
    if (const auto* const op = std::get_if<OfIndex>(&operation)) {
      indexes.emplace(IndexKey{op->table, op->index.name.text}, op->index);
    } else if (const auto* const key = std::get_if<OfUnique>(&operation)) {
      indexes.emplace(IndexKey{key->table, key->unique.name.text}, as_index(key->unique));
    }
  }
  return indexes;
}

}  // namespace

std::map<IndexKey, std::string> changed_visibilities(const std::vector<Operation>& operations, const Server& server) {
  Indexes dropped = indexes_in<DropIndex, DropUnique>(operations);
  std::map<IndexKey, std::string> changed;
  for (const auto& [key, index] : indexes_in<CreateIndex, AddUnique>(operations)) {
    const auto before = dropped.find(key);
    if (before == dropped.end()) continue;
    model::Index after = index;
    const bool was_hidden = remove_hidden(before->second, server);
    const bool is_hidden = remove_hidden(after, server);
    if (was_hidden != is_hidden && before->second == after) changed[key] = is_hidden ? hidden(server) : visible(server);
  }
  return changed;
}

std::set<IndexKey> changed_periods(const std::vector<Operation>& operations) {
  const Indexes dropped = indexes_in<DropIndex, DropUnique>(operations);
  std::set<IndexKey> changed;
  for (const auto& [key, index] : indexes_in<CreateIndex, AddUnique>(operations)) {
    const auto before = dropped.find(key);
    if (before != dropped.end() && has_period(before->second.columns) != has_period(index.columns)) changed.insert(key);
  }
  return changed;
}

}  // namespace whimbrel::dialect::mysql
