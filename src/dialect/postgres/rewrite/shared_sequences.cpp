#include "dialect/postgres/rewrite/shared_sequences.h"

#include <algorithm>
#include <string>

#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/generate/sequence.h"
#include "model/indexed_schema.h"
#include "operation/consequences.h"
#include "plan/type_detour.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using model::Schema;
using model::Table;

bool replaces_sequence(const Operation& operation) {
  const auto* const op = std::get_if<AlterColumn>(&operation);
  return op != nullptr && op->before.auto_increment && op->after.auto_increment &&
         op->before.identity != op->after.identity && keeps_sequence(*op);
}

bool uses_sequence(const model::Uses& uses, const Name& sequence) {
  return uses.value && std::any_of(uses.value->begin(), uses.value->end(), [&](const model::Reference& used) {
           return used.name == sequence && (used.kind == sequence_kind || used.kind.empty());
         });
}

[[noreturn]] void refuse_other_use(const AlterColumn& op, const std::string& user) {
  throw Error(ErrorKind::unsafe, "Column \"" + op.before.name + "\" of \"" + to_string(op.table) +
                                     "\" would get another sequence, because it " +
                                     (op.after.identity ? "becomes" : "stops being") + " an identity, and " + user +
                                     " uses its sequence \"" + to_string(op.before.sequence.value->name) + "\".")
      .with_remedy(
          "First write a migration that drops what uses the sequence (`newmigration`). Run it, then generate "
          "again.");
}

/// What uses a sequence that is replaced.
class SequenceUsers {
 public:
  SequenceUsers(AlterColumn op, const model::IndexedSchema& to) : op_(std::move(op)), to_(to) {}

  /// Only an object that is the same before and after can be in the way: others are dropped before. An index, a
  /// trigger or a generated column cannot use a sequence.
  void refuse_others(const Schema& from) const {
    for (const model::View& view : from.views) {
      if (uses(view.uses) && stays(to_.whole.views, view))
        refuse_other_use(op_, "view \"" + to_string(view.name) + '"');
    }
    for (const model::Object& object : from.objects) {
      const bool is_part = object.kind == sequence_kind || object.kind == ownership_kind || is_property(object);
      if (is_part || !uses(object.uses) || !stays(to_.whole.objects, object)) continue;
      refuse_other_use(op_, object.kind + " \"" + to_string(object.name) + '"');
    }
    for (const Table& table : from.tables) {
      const Table* const after = to_.find_table(table.name);
      for (const model::Check& check : table.checks) {
        if (after == nullptr || !uses(check.uses) || !stays(after->checks, check)) continue;
        refuse_other_use(op_, "constraint \"" + check.name.text + "\" of \"" + to_string(table.name) + '"');
      }
    }
  }

  /// Adds the operations that drop and set the defaults, and leaves the rest to those that change the columns anyway.
  void take_apart(const Schema& from, std::vector<Operation>& operations, std::vector<Operation>& drops,
                  std::vector<Operation>& sets) const {
    for (const Table& table : from.tables) {
      const Table* const later_table = to_.find_table(table.name);
      for (const Column& column : table.columns) {
        const Column* const later = later_table == nullptr ? nullptr : later_table->find_column(column.name);
        if (later == nullptr || (table.name == op_.table && column.name == op_.before.name)) continue;
        if (!uses(column.default_uses) && !uses(later->default_uses)) continue;
        if (column.default_expression) {
          drops.emplace_back(AlterColumn{table.name, column, plan::without_default(column), {}, {}});
        }
        if (later->default_expression) {
          sets.emplace_back(AlterColumn{table.name, plan::without_default(*later), *later, {}, {}});
        }
        take_default(operations, table.name, column.name);
      }
    }
  }

 private:
  [[nodiscard]] bool uses(const model::Uses& uses) const {
    return uses_sequence(uses, op_.before.sequence.value->name);
  }
  template <class T>
  static bool stays(const std::vector<T>& after, const T& item) {
    return std::find(after.begin(), after.end(), item) != after.end();
  }
  /// Takes the default from the planned change of a column.
  static void take_default(std::vector<Operation>& operations, const Name& table, const std::string& column) {
    for (Operation& operation : operations) {
      auto* const op = std::get_if<AlterColumn>(&operation);
      if (op == nullptr || op->table != table || op->before.name != column) continue;
      op->before = plan::without_default(std::move(op->before));
      op->after = plan::without_default(std::move(op->after));
    }
  }

  AlterColumn op_;
  const model::IndexedSchema& to_;
};

}  // namespace

void replace_shared_sequences(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  std::vector<AlterColumn> replacing;
  for (const Operation& operation : operations) {
    if (replaces_sequence(operation)) replacing.push_back(std::get<AlterColumn>(operation));
  }
  if (replacing.empty()) return;
  const model::IndexedSchema tables_after(to);
  for (const AlterColumn& op : replacing) {
    const SequenceUsers users(op, tables_after);
    users.refuse_others(from);
    std::vector<Operation> drops, sets;
    users.take_apart(from, operations, drops, sets);
    const auto place = std::find(operations.begin(), operations.end(), Operation(op));
    const auto after = operations.insert(place, drops.begin(), drops.end()) + static_cast<std::ptrdiff_t>(drops.size());
    operations.insert(after + 1, sets.begin(), sets.end());
  }
  std::erase_if(operations, [](const Operation& operation) {
    const auto* const op = std::get_if<AlterColumn>(&operation);
    return op != nullptr && op->before == op->after && !replaces_sequence(operation);
  });
}

}  // namespace whimbrel::dialect::postgres
