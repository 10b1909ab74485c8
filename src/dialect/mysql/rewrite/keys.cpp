#include "dialect/mysql/rewrite/keys.h"

#include <algorithm>
#include <map>
#include <set>

#include "dialect/mysql/text/character_set.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::Name;
using Schema = model::IndexedSchema;
using model::Table;

template <class T>
bool has(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

bool is_taken(const Schema& schema, const Name& table, const std::string& name) {
  const Table* const found = schema.find_table(table);
  if (found == nullptr) return true;
  const auto has_name = [&](const auto& item) { return sql::equal_ignoring_case(item.name.text, name); };
  return std::any_of(found->indexes.begin(), found->indexes.end(), has_name) ||
         std::any_of(found->uniques.begin(), found->uniques.end(), has_name);
}

/// Returns whether only their names differ.
template <class T>
bool are_alike(T dropped, const T& made) {
  dropped.name = made.name;
  return dropped == made;
}

using OfTable = std::vector<Operation*>;

/// Returns whether the server drops the key with its columns.
bool loses_column(const OfTable& operations, const std::vector<model::KeyPart>& columns) {
  return std::any_of(operations.begin(), operations.end(), [&](const Operation* operation) {
    const auto* const op = std::get_if<DropColumn>(operation);
    return op != nullptr && std::any_of(columns.begin(), columns.end(),
                                        [&](const model::KeyPart& part) { return part.column == op->column.name; });
  });
}

/// Replaces each drop and the creation of the same index under a free name by one rename. Null: the creation is gone.
template <class Drop, class Make, class T>
void rename(OfTable& operations, const Schema& from, T Drop::*dropped_part, T Make::*made_part) {
  for (Operation* const drop : operations) {
    const auto* const dropped = drop == nullptr ? nullptr : std::get_if<Drop>(drop);
    if (dropped == nullptr || (dropped->*dropped_part).name.text.empty()) continue;
    if (loses_column(operations, (dropped->*dropped_part).columns)) continue;
    const auto make = std::find_if(operations.begin(), operations.end(), [&](const Operation* operation) {
      const auto* const made = std::get_if<Make>(operation);
      return made && are_alike(dropped->*dropped_part, made->*made_part) && !(made->*made_part).name.text.empty() &&
             !is_taken(from, made->table, (made->*made_part).name.text);
    });
    if (make == operations.end()) continue;
    *drop = RenameConstraint{dropped->table, (dropped->*dropped_part).name.text,
                             (std::get<Make>(**make).*made_part).name.text, NamedPart::index};
    *make = nullptr;
  }
}

}  // namespace

void rename_indexes(std::vector<Operation>& operations, const Schema& from) {
  std::map<Name, OfTable> tables;
  for (Operation& operation : operations) tables[target_name(operation)].push_back(&operation);
  for (auto& [name, of_table] : tables) {
    rename<DropIndex, CreateIndex>(of_table, from, &DropIndex::index, &CreateIndex::index);
    rename<DropUnique, AddUnique>(of_table, from, &DropUnique::unique, &AddUnique::unique);
  }
  std::set<const Operation*> kept;
  for (const auto& [name, of_table] : tables) kept.insert(of_table.begin(), of_table.end());
  std::erase_if(operations, [&](const Operation& operation) { return !kept.contains(&operation); });
}

namespace {

/// Returns the dropped key; null: it is another operation.
const std::vector<model::KeyPart>* dropped_key(const Operation& operation) {
  if (const auto* const op = std::get_if<DropIndex>(&operation)) return &op->index.columns;
  const auto* const op = std::get_if<DropUnique>(&operation);
  return op == nullptr ? nullptr : &op->unique.columns;
}

bool makes_key(const Operation& operation, const Name& table) {
  if (std::holds_alternative<AddUnique>(operation) || std::holds_alternative<CreateIndex>(operation)) {
    return target_name(operation) == table;
  }
  const auto* const op = std::get_if<AlterPrimaryKey>(&operation);
  return op != nullptr && op->after && op->table == table;
}

/// Returns whether a foreign key that stays, and is not remade, may need the index.
bool is_needed(const std::vector<model::KeyPart>& parts, const Table* before, const Table* after,
               const std::vector<Operation>& operations) {
  return before != nullptr && after != nullptr && !parts.empty() &&
         std::any_of(before->foreign_keys.begin(), before->foreign_keys.end(), [&](const model::ForeignKey& key) {
           return has(after->foreign_keys, key) && has(key.columns, parts.front().column) &&
                  !has(operations, Operation(DropForeignKey{before->name, key}));
         });
}

}  // namespace

void join_replaced_indexes(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  for (std::size_t i = operations.size(); i-- > 0;) {
    const std::vector<model::KeyPart>* const parts = dropped_key(operations[i]);
    if (parts == nullptr) continue;
    const Name table = target_name(operations[i]);
    if (!is_needed(*parts, from.find_table(table), to.find_table(table), operations)) continue;
    std::size_t last = operations.size();
    for (std::size_t j = i + 1; j < operations.size(); ++j) {
      if (makes_key(operations[j], table)) last = j;
    }
    if (last == operations.size()) continue;
    const auto begin = operations.begin() + static_cast<std::ptrdiff_t>(i);
    std::rotate(begin, begin + 1, operations.begin() + static_cast<std::ptrdiff_t>(last));
  }
}

void free_names_of_checks(std::vector<Operation>& operations, const Server& server) {
  if (server.is_mariadb) return;
  std::multimap<std::string, Name> made;
  const auto add = [&](const Name& table, const model::Check& check) {
    made.emplace(sql::to_lower(check.name.text), table);
  };
  for (const Operation& operation : operations) {
    if (const auto* const added = std::get_if<AddCheck>(&operation)) add(added->table, added->check);
    const auto* const created = std::get_if<CreateTable>(&operation);
    if (created == nullptr) continue;
    for (const model::Check& check : created->table.checks) add(created->table.name, check);
  }
  std::stable_partition(operations.begin(), operations.end(), [&](const Operation& operation) {
    const auto* const dropped = std::get_if<DropCheck>(&operation);
    if (dropped == nullptr) return false;
    const auto [begin, end] = made.equal_range(sql::to_lower(dropped->check.name.text));
    return std::any_of(begin, end, [&](const auto& other) { return other.second != dropped->table; });
  });
}

}  // namespace whimbrel::dialect::mysql
