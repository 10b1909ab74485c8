#include "dialect/postgres/rewrite/fixed_columns.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "dialect/postgres/generate/column_change.h"
#include "model/indexed_schema.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using model::Schema;
using model::Table;

class Checker {
 public:
  Checker(const Schema& from, const Schema& to) : from_(from), to_(to) {
    for (const Table& table : from.tables) {
      if (!table.options.contains("PARTITION BY")) continue;
      const Table* const later = to_.find_table(table.name);
      if (later == nullptr || later->inherits != table.inherits) continue;
      for (const Name& parent : table.inherits) partitioned_parts_[parent].push_back(&table);
    }
  }

  void operator()(const AlterColumn& op) const {
    const bool is_same = op.before.type == op.after.type && op.before.collation == op.after.collation;
    if (!is_same) check_type(op.table, op.before.name, op.by_text ? "recreate its type" : "change its type");
  }
  void operator()(const AlterEnum& op) const {
    if (!is_recreated(op)) return;
    const std::string change = "convert it to the new values of enum \"" + to_string(op.before.name) + '"';
    const bool is_new_value_used = only_adds_values(op.before, op.after);
    for (const EnumColumn& user : op.columns) {
      check_type(user.table, user.column.name, change, is_new_value_used ? add_value_first : new_table_remedy);
    }
  }
  void operator()(const DropColumn& op) const { check_keys(op.table, op.column.name, "drop it"); }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  static constexpr const char* add_value_first =
      "Add the new value in an earlier migration with ALTER TYPE ... ADD VALUE (`newmigration`), and run it: "
      "PostgreSQL uses a new value only in later transactions.";

  void check_type(const Name& table, const std::string& column, const std::string& change,
                  const char* remedy = new_table_remedy) const {
    check_keys(table, column, change, remedy);
    for (const Table& other : from_.tables) {
      for (const Column& user : other.columns) {
        if (!has_row_of(user, table) || !stays(other, user)) continue;
        throw Error(ErrorKind::unsafe, "Column \"" + user.name + "\" of \"" + to_string(other.name) +
                                           "\" has the row type of table \"" + to_string(table) +
                                           "\", so PostgreSQL cannot " + change + ": column \"" + column +
                                           "\" of that table.")
            .with_remedy("Write a migration that converts column \"" + user.name + "\" to jsonb, changes \"" + column +
                         "\" and converts it back with jsonb_populate_record (`newmigration`).");
      }
    }
  }

  /// Partitions change with their table.
  void check_keys(const Name& name, const std::string& column, const std::string& change,
                  const char* remedy = new_table_remedy) const {
    check_key(name, column, change, remedy);
    const auto parts = partitioned_parts_.find(name);
    if (parts == partitioned_parts_.end()) return;
    for (const Table* const part : parts->second) check_keys(part->name, column, change, remedy);
  }

  void check_key(const Name& name, const std::string& column, const std::string& change, const char* remedy) const {
    const Table* const table = from_.find_table(name);
    if (table == nullptr) return;
    const std::vector<std::string>& columns = table->key_columns.value;
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) return;
    throw Error(ErrorKind::unsafe, "Column \"" + column + "\" of \"" + to_string(name) +
                                       "\" is in the partition key of the table, so PostgreSQL cannot " + change + '.')
        .with_remedy(remedy);
  }

  static bool has_row_of(const Column& column, const Name& table) {
    return column.type_uses.value &&
           std::any_of(column.type_uses.value->begin(), column.type_uses.value->end(),
                       [&](const model::Reference& used) { return used.kind.empty() && used.name == table; });
  }

  [[nodiscard]] bool stays(const Table& table, const Column& column) const {
    const Table* const later_table = to_.find_table(table.name);
    const Column* const later = later_table == nullptr ? nullptr : later_table->find_column(column.name);
    return later != nullptr && later->type == column.type;
  }

  model::IndexedSchema from_;
  model::IndexedSchema to_;
  std::map<Name, std::vector<const Table*>> partitioned_parts_;  ///< Those that stay partitions of the same table.
};

}  // namespace

void refuse_fixed_columns(const std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  const Checker checker(from, to);
  for (const Operation& operation : operations) std::visit(checker, operation);
}

}  // namespace whimbrel::dialect::postgres
