#include "dialect/mysql/rewrite/foreign_keys.h"

#include <algorithm>
#include <map>
#include <set>

#include "dialect/mysql/rewrite/columns.h"
#include "dialect/mysql/text/character_set.h"
#include "operation/describe.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using model::ForeignKey;
using model::Index;
using model::KeyPart;
using model::Name;
using Schema = model::IndexedSchema;
using model::Table;
using Tables = std::vector<const Table*>;

template <class T>
bool is_among(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

/// Removes tables that reference no other of the tables, or by which none is referenced, until there are no more.
Tables without_loose_ends(Tables tables) {
  for (;;) {
    std::set<Name> names;
    std::set<Name> referenced;
    for (const Table* const table : tables) names.insert(table->name);
    const auto is_other = [&](const Table& table, const ForeignKey& key) {
      return key.referenced_table != table.name && names.contains(key.referenced_table);
    };
    for (const Table* const table : tables) {
      for (const ForeignKey& key : table->foreign_keys) {
        if (is_other(*table, key)) referenced.insert(key.referenced_table);
      }
    }
    const std::size_t removed = std::erase_if(tables, [&](const Table* table) {
      return !referenced.contains(table->name) ||
             std::none_of(table->foreign_keys.begin(), table->foreign_keys.end(),
                          [&](const ForeignKey& key) { return is_other(*table, key); });
    });
    if (removed == 0) return tables;
  }
}

/// Returns the names of the tables of these operations that are in a cycle of references, or between two.
template <class TableOperation>
std::set<Name> in_cycles(const std::vector<Operation>& operations) {
  Tables tables;
  for (const Operation& operation : operations) {
    if (const auto* const op = std::get_if<TableOperation>(&operation)) tables.push_back(&op->table);
  }
  std::set<Name> names;
  for (const Table* const table : without_loose_ends(std::move(tables))) names.insert(table->name);
  return names;
}

/// Returns the tables whose columns or keys change.
std::set<Name> changed_tables(const std::vector<Operation>& operations) {
  std::set<Name> names;
  for (const Operation& operation : operations) {
    const bool is_change =
        std::holds_alternative<AlterTable>(operation) || std::holds_alternative<AddColumn>(operation) ||
        std::holds_alternative<DropColumn>(operation) || std::holds_alternative<AlterColumn>(operation) ||
        std::holds_alternative<AlterPrimaryKey>(operation) || std::holds_alternative<AddUnique>(operation) ||
        std::holds_alternative<DropUnique>(operation) || std::holds_alternative<CreateIndex>(operation) ||
        std::holds_alternative<DropIndex>(operation);
    if (is_change) names.insert(target_name(operation));
  }
  return names;
}

/// Moves the keys to these other tables into operations of their own.
template <class KeyOperation>
void take_out(Table& table, const std::set<Name>& others, std::vector<Operation>& taken) {
  const auto is_taken = [&](const ForeignKey& key) {
    return key.referenced_table != table.name && others.contains(key.referenced_table);
  };
  for (const ForeignKey& key : table.foreign_keys) {
    if (is_taken(key)) taken.emplace_back(KeyOperation{table.name, key});
  }
  std::erase_if(table.foreign_keys, is_taken);
}

/// Returns whether the server refuses the change for a column in a foreign key, although its type stays. A column that
/// is redefined as it was gets the character set of its table.
bool is_refused(const AlterColumn& op, const ForeignKey& key, bool is_referenced, const Server& server) {
  if (op.before == op.after && has_characters(op.after)) return true;
  const bool changes_counting = op.before.auto_increment != op.after.auto_increment;
  if (is_referenced) return changes_counting && !server.is_mariadb;
  const bool sets_null =
      key.on_delete == model::ReferentialAction::set_null || key.on_update == model::ReferentialAction::set_null;
  const bool is_same_text = op.before.charset == op.after.charset && op.before.enum_values == op.after.enum_values;
  return !is_same_text || (sets_null && op.before.nullable != op.after.nullable);
}

}  // namespace

void take_out_foreign_keys(std::vector<Operation>& operations) {
  const std::set<Name> created = in_cycles<CreateTable>(operations);
  const std::set<Name> dropped = in_cycles<DropTable>(operations);
  const std::set<Name> changed = changed_tables(operations);
  std::vector<Operation> taken;
  for (Operation& operation : operations) {
    if (auto* const op = std::get_if<CreateTable>(&operation)) {
      if (created.contains(op->table.name)) take_out<AddForeignKey>(op->table, created, taken);
      take_out<AddForeignKey>(op->table, changed, taken);
    } else if (auto* const drop = std::get_if<DropTable>(&operation)) {
      if (dropped.contains(drop->table.name)) take_out<DropForeignKey>(drop->table, dropped, taken);
      take_out<DropForeignKey>(drop->table, changed, taken);
    }
  }
  for (Operation& operation : taken) operations.push_back(std::move(operation));
}

void free_foreign_keys(std::vector<Operation>& operations, const Schema& from, const Schema& to, const Server& server) {
  std::map<Name, std::vector<const AlterColumn*>> altered;
  std::map<Name, std::vector<ForeignKey>> dropped;
  for (const Operation& operation : operations) {
    if (const auto* const op = std::get_if<AlterColumn>(&operation)) altered[op->table].push_back(op);
    if (const auto* const op = std::get_if<DropForeignKey>(&operation)) dropped[op->table].push_back(op->foreign_key);
  }
  if (altered.empty()) return;
  const auto is_hit = [&](const Name& table, const std::vector<std::string>& columns, const ForeignKey& key,
                          bool is_referenced) {
    const auto found = altered.find(table);
    return found != altered.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const AlterColumn* op) {
             return is_among(columns, op->before.name) && is_refused(*op, key, is_referenced, server);
           });
  };
  std::vector<Operation> made;
  for (const Table& table : from.tables) {
    const Table* const after = to.find_table(table.name);
    if (after == nullptr) continue;
    for (const ForeignKey& key : table.foreign_keys) {
      if (!is_hit(table.name, key.columns, key, false) &&
          !is_hit(key.referenced_table, key.referenced_columns, key, true)) {
        continue;
      }
      const auto drops = dropped.find(table.name);
      const bool is_dropped = drops != dropped.end() && is_among(drops->second, key);
      if (is_dropped || !is_among(after->foreign_keys, key)) continue;
      made.emplace_back(DropForeignKey{table.name, key});
      made.emplace_back(AddForeignKey{table.name, key});
    }
  }
  for (Operation& operation : made) operations.push_back(std::move(operation));
}

namespace {

[[noreturn]] void refuse_drop(const std::string& table, const std::string& key, const std::string& of_table) {
  throw Error(ErrorKind::unsafe, "Table " + in_quotes(table) + " cannot be dropped: foreign key " + in_quotes(key) +
                                     " of table " + in_quotes(of_table) + ", which stays, references it.")
      .with_remedy("Drop the foreign key first, or keep the table.");
}

}  // namespace

void require_unreferenced(const std::vector<Operation>& operations, const Schema& to, Connection* connection) {
  std::set<Name> dropped;
  for (const Operation& operation : operations) {
    const bool is_dropped = std::holds_alternative<DropTable>(operation) && !to.find_table(target_name(operation));
    if (is_dropped) dropped.insert(target_name(operation));
  }
  if (dropped.empty()) return;
  for (const Table& table : to.tables) {
    for (const ForeignKey& key : table.foreign_keys) {
      if (dropped.contains(key.referenced_table))
        refuse_drop(key.referenced_table.name, key.name.text, table.name.name);
    }
  }
  if (connection == nullptr) return;
  const Rows::Data rows = connection->run(
      "SELECT REFERENCED_TABLE_NAME, CONSTRAINT_NAME, CONCAT(CONSTRAINT_SCHEMA, '.', TABLE_NAME) FROM "
      "information_schema.REFERENTIAL_CONSTRAINTS WHERE UNIQUE_CONSTRAINT_SCHEMA = DATABASE() AND CONSTRAINT_SCHEMA <> "
      "DATABASE()");
  for (const std::vector<Value>& row : rows.values) {
    if (dropped.contains({row.at(0).text()})) refuse_drop(row.at(0).text(), row.at(1).text(), row.at(2).text());
  }
}

namespace {

bool key_begins_with(const std::vector<KeyPart>& parts, const std::vector<KeyPart>& start) {
  return parts.size() >= start.size() && std::equal(start.begin(), start.end(), parts.begin());
}

/// Returns whether the operation makes a key that can serve the same foreign keys as the index.
bool replaces(const Operation& operation, const Name& table, const Index& index) {
  if (const auto* const op = std::get_if<AddForeignKey>(&operation)) {
    // The index that it makes has its name.
    return op->table == table && op->foreign_key.columns == model::column_names(index.columns) &&
           op->foreign_key.name.text != index.name.text;
  }
  if (const auto* const op = std::get_if<AddUnique>(&operation)) {
    return op->table == table && key_begins_with(op->unique.columns, index.columns);
  }
  if (const auto* const op = std::get_if<AlterPrimaryKey>(&operation)) {
    return op->table == table && op->after && key_begins_with(op->after->columns, index.columns);
  }
  const auto* const op = std::get_if<CreateIndex>(&operation);
  return op != nullptr && op->table == table && op->index.method.empty() &&
         key_begins_with(op->index.columns, index.columns);
}

/// Returns whether the server may have made the index, for one of these keys.
bool may_be_made(const Index& index, const std::vector<ForeignKey>& keys) {
  return !index.unique && index.method.empty() && index.storage_parameters.empty() &&
         std::any_of(keys.begin(), keys.end(),
                     [&](const ForeignKey& key) { return key.columns == model::column_names(index.columns); });
}

}  // namespace

void keep_own_indexes(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<Operation> made;
  std::set<Name> names;
  for (const Operation& operation : operations) names.insert(target_name(operation));
  for (const Name& name : names) {
    const Table* const before = from.find_table(name);
    const Table* const after = to.find_table(name);
    if (before == nullptr || after == nullptr) continue;
    for (const Index& index : before->indexes) {
      const Operation drop = DropIndex{name, index};
      if (!may_be_made(index, before->foreign_keys) || !is_among(after->indexes, index)) continue;
      const bool is_replaced = std::any_of(operations.begin(), operations.end(), [&](const Operation& operation) {
        return replaces(operation, name, index);
      });
      if (!is_replaced || is_among(operations, drop)) continue;
      made.push_back(drop);
      made.emplace_back(CreateIndex{name, index});
    }
  }
  for (Operation& operation : made) operations.push_back(std::move(operation));
}

}  // namespace whimbrel::dialect::mysql
