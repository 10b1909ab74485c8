#include "change/table_change.h"

#include <algorithm>
#include <map>
#include <optional>

namespace whimbrel::run {

namespace {

using operation::Operation;
using Names = std::map<model::Name, model::Name>;

/// What is done to each table, by the name that it has after the operations or, if it is gone, before.
std::map<model::Name, TableWay> ways_of(const std::vector<Operation>& operations) {
  std::map<model::Name, TableWay> ways;
  for (const Operation& operation : operations) {
    if (const auto* rename = std::get_if<operation::RenameTable>(&operation)) {
      ways.emplace(rename->to, TableWay::altered);
      continue;
    }
    TableWay way = TableWay::altered;
    if (std::holds_alternative<operation::CreateTable>(operation)) way = TableWay::created;
    if (std::holds_alternative<operation::DropTable>(operation)) way = TableWay::dropped;
    if (std::holds_alternative<operation::RebuildTable>(operation)) way = TableWay::rebuilt;
    const auto [known, is_new] = ways.emplace(operation::subject(operation), way);
    if (is_new || way == TableWay::altered || known->second == TableWay::rebuilt) continue;
    // Dropped and made again is as good as rebuilt.
    const bool is_made_anew = known->second != TableWay::altered && known->second != way;
    known->second = is_made_anew ? TableWay::rebuilt : way;
  }
  return ways;
}

/// A rename can take two steps, over a temporary name.
template <class Name>
void add_rename(std::map<Name, Name>& names, const Name& from, const Name& to) {
  const auto known = std::find_if(names.begin(), names.end(), [&](const auto& pair) { return pair.second == from; });
  if (known == names.end()) {
    names[from] = to;
  } else {
    known->second = to;
  }
}

/// The names of columns that an item of a table has after its renames.
std::map<std::string, std::string> renamed_columns(const std::vector<Operation>& operations, const model::Name& before,
                                                   const model::Name& after) {
  std::map<std::string, std::string> names;
  for (const Operation& operation : operations) {
    const auto* rename = std::get_if<operation::RenameColumn>(&operation);
    if (rename != nullptr && (rename->table == before || rename->table == after)) {
      add_rename(names, rename->from, rename->to);
    }
  }
  return names;
}

/// What the tables are before and after one part.
class Reader {
 public:
  Reader(const dialect::Dialect& dialect, const plan::Plan& plan)
      : dialect_(dialect), plan_(plan), up_(ways_of(plan.up)), down_(ways_of(plan.down)) {
    for (const Operation& operation : plan.up) {
      if (const auto* op = std::get_if<operation::RenameTable>(&operation)) add_rename(new_names_, op->from, op->to);
    }
  }

  std::vector<TableChange> read(const std::vector<model::Table>& before, const std::vector<model::Table>& after) {
    std::map<model::Name, const model::Table*> rest;
    for (const model::Table& table : after) rest.emplace(table.name, &table);
    for (const model::Table& table : before) {
      const auto new_name = new_names_.find(table.name);
      const auto found = rest.find(new_name == new_names_.end() ? table.name : new_name->second);
      add(&table, found == rest.end() ? nullptr : found->second);
      if (found != rest.end()) rest.erase(found);
    }
    for (const model::Table& table : after) {
      if (rest.contains(table.name)) add(nullptr, &table);
    }
    return std::move(changes_);
  }

 private:
  void add(const model::Table* before, const model::Table* after) {
    const model::Table& any = after != nullptr ? *after : *before;
    const model::Table& first = before != nullptr ? *before : *after;
    const bool is_touched = up_.contains(any.name) || down_.contains(any.name) || down_.contains(first.name);
    // A table may change with another, to which it refers.
    if (!is_touched && before != nullptr && after != nullptr && *before == *after) return;
    TableChange change;
    change.name_before = first.name;
    change.name_after = any.name;
    change.up = way(up_, any.name, first.name, before == nullptr ? TableWay::created : TableWay::altered);
    change.down = way(down_, first.name, any.name, after == nullptr ? TableWay::created : TableWay::altered);
    add_items(change, before, after);
    if (!is_touched && change.hash_before == change.hash_after) return;
    changes_.push_back(std::move(change));
  }

  static TableWay way(const std::map<model::Name, TableWay>& ways, const model::Name& name, const model::Name& other,
                      TableWay otherwise) {
    auto found = ways.find(name);
    if (found == ways.end()) found = ways.find(other);
    return found == ways.end() ? otherwise : found->second;
  }

  void add_items(TableChange& change, const model::Table* before, const model::Table* after) {
    std::vector<TableItem> first = before != nullptr ? items_of(*before, dialect_) : std::vector<TableItem>();
    std::vector<TableItem> second = after != nullptr ? items_of(*after, dialect_) : std::vector<TableItem>();
    if (before != nullptr) change.hash_before = hash_of(first, dialect_);
    if (after != nullptr) change.hash_after = hash_of(second, dialect_);
    const std::vector<TableItem> named = first;
    const auto renames = renamed_columns(plan_.up, change.name_before, change.name_after);
    for (TableItem& item : first) {
      const auto found = renames.find(item.name);
      if (item.kind == "column" && found != renames.end()) item.name = found->second;
    }
    const ItemMatch match = match_items(first, second, dialect_);
    for (const auto* pairs : {&match.same, &match.changed}) {
      for (const auto& [i, j] : *pairs) {
        // What a constraint is called is no difference.
        const std::string& name = named[i].kind == "column" ? named[i].name : second[j].name;
        change.items.push_back({second[j].kind, name, named[i].hash, second[j].name, second[j].hash});
      }
    }
    for (const std::size_t i : match.only_first) {
      change.items.push_back({named[i].kind, named[i].name, named[i].hash, named[i].name, {}});
    }
    for (const std::size_t j : match.only_second) {
      change.items.push_back({second[j].kind, second[j].name, {}, second[j].name, second[j].hash});
    }
  }

  const dialect::Dialect& dialect_;
  const plan::Plan& plan_;
  std::map<model::Name, TableWay> up_, down_;
  Names new_names_;
  std::vector<TableChange> changes_;
};

/// The tables without the indexes that the operations make.
std::vector<model::Table> without_indexes(std::vector<model::Table> tables, const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto* op = std::get_if<operation::CreateIndex>(&operation);
    if (op == nullptr) continue;
    for (model::Table& table : tables) {
      if (table.name == op->table) std::erase(table.indexes, op->index);
    }
  }
  return tables;
}

}  // namespace

std::vector<std::vector<TableChange>> table_changes(const dialect::Dialect& dialect, const Generated& generated) {
  std::vector<std::vector<TableChange>> changes(generated.parts.size());
  std::vector<model::Table> after = generated.target.tables;
  // The first part does all but the indexes of those that follow, of which each makes some.
  for (std::size_t i = generated.parts.size(); i-- > 0;) {
    const plan::Plan& plan = generated.parts[i].plan;
    std::vector<model::Table> before = i == 0 ? generated.current.tables : without_indexes(after, plan.up);
    changes[i] = Reader(dialect, plan).read(before, after);
    after = std::move(before);
  }
  return changes;
}

}  // namespace whimbrel::run
