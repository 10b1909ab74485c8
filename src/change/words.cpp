#include "change/words.h"
#include "operation/consequences.h"
#include "operation/describe.h"

#include <algorithm>
#include <map>
#include <variant>

namespace whimbrel::run {

namespace {

using namespace operation;
using model::Name;

using Parts = std::vector<model::KeyPart>;

template <class Items, class Function>
bool any(const Items& items, Function is_it) {
  return std::any_of(items.begin(), items.end(), is_it);
}

/// What is known of the rows of one table.
class Rows {
 public:
  Rows(const model::Table* before, const std::vector<const Operation*>& operations)
      : before_(before), operations_(operations) {}

  /// Is the thing that is added there under another name?
  template <class Drop, class Add, class T>
  [[nodiscard]] bool is_renamed(const Add& add, T Drop::*dropped, T Add::*added) const {
    return any(operations_, [&](const Operation* operation) {
      const auto* drop = std::get_if<Drop>(operation);
      if (drop == nullptr) return false;
      T renamed = drop->*dropped;
      renamed.name = (add.*added).name;
      return renamed == add.*added;
    });
  }

  /// Can no two rows have the same values in the columns? NULLs are equal only if they are said to be.
  [[nodiscard]] bool are_distinct(const Parts& parts, bool nulls_are_equal) const {
    if (any(parts,
            [&](const model::KeyPart& part) { return is_counted(part) || (!nulls_are_equal && is_empty(part)); }))
      return true;
    if (before_ == nullptr) return false;
    const auto covers = [&](const Parts& known) {
      return std::all_of(known.begin(), known.end(), [&](const model::KeyPart& part) {
        return !part.column.empty() && !is_changed(part.column) && any(parts, [&](const model::KeyPart& other) {
          return other.column == part.column && other.collation == part.collation;
        });
      });
    };
    if (before_->primary_key && covers(before_->primary_key->columns)) return true;
    return any(before_->uniques,
               [&](const model::Unique& unique) {
                 return covers(unique.columns) && (!nulls_are_equal || unique.nulls_not_distinct);
               }) ||
           any(before_->indexes, [&](const model::Index& index) {
             return index.unique && index.where.empty() && !index.invalid && covers(index.columns) &&
                    (!nulls_are_equal || index.nulls_not_distinct);
           });
  }

  /// Does a row whose key has such a column refer to nothing, since it holds NULL?
  [[nodiscard]] bool refers_to_nothing(const std::vector<std::string>& columns) const {
    return any(columns, [&](const std::string& column) { return is_empty(model::KeyPart(column)); });
  }

 private:
  [[nodiscard]] const AddColumn* find_added(const std::string& column) const {
    for (const Operation* operation : operations_) {
      const auto* added = std::get_if<AddColumn>(operation);
      if (added != nullptr && added->column.name == column) return added;
    }
    return nullptr;
  }

  /// Is it new, with numbers that the database counts up?
  [[nodiscard]] bool is_counted(const model::KeyPart& part) const {
    const AddColumn* added = find_added(part.column);
    return added != nullptr && (added->column.auto_increment || (added->numbers_rows && !added->fill));
  }

  /// Is it new, with NULL in all rows?
  [[nodiscard]] bool is_empty(const model::KeyPart& part) const {
    const AddColumn* added = find_added(part.column);
    if (added == nullptr || added->fill) return false;
    const model::Column& column = added->column;
    return column.nullable && !column.default_expression && !column.computed && !column.auto_increment;
  }

  [[nodiscard]] bool is_changed(const std::string& column) const {
    return any(operations_, [&](const Operation* operation) {
      const auto* altered = std::get_if<AlterColumn>(operation);
      return altered != nullptr && altered->before.name == column &&
             (altered->before.type != altered->after.type || altered->before.collation != altered->after.collation ||
              altered->before.computed != altered->after.computed || altered->fill);
    });
  }

  const model::Table* before_;
  const std::vector<const Operation*>& operations_;
};

/// Is it sure that no row makes the operation fail?
struct FitsAllRows {
  const Rows& rows;

  bool operator()(const AddUnique& op) const {
    return rows.is_renamed(op, &DropUnique::unique, &AddUnique::unique) ||
           rows.are_distinct(op.unique.columns, op.unique.nulls_not_distinct);
  }
  bool operator()(const CreateIndex& op) const {
    return rows.is_renamed(op, &DropIndex::index, &CreateIndex::index) ||
           rows.are_distinct(op.index.columns, op.index.nulls_not_distinct);
  }
  bool operator()(const AlterPrimaryKey& op) const { return op.after && rows.are_distinct(op.after->columns, false); }
  bool operator()(const AddCheck& op) const { return rows.is_renamed(op, &DropCheck::check, &AddCheck::check); }
  bool operator()(const AddExclusion& op) const {
    return rows.is_renamed(op, &DropExclusion::exclusion, &AddExclusion::exclusion);
  }
  bool operator()(const AddForeignKey& op) const {
    return rows.is_renamed(op, &DropForeignKey::foreign_key, &AddForeignKey::foreign_key) ||
           rows.refers_to_nothing(op.foreign_key.columns);
  }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

/// Is nothing lost whatever the types are? What is computed is computed anew, and a value of an enum is one of its
/// words or is refused.
bool is_kept_whole(const AlterColumn& op) {
  const bool is_enum = !op.after.enum_values.empty() && !op.after.enum_name.empty();
  return is_enum || (op.before.computed && op.after.computed);
}

/// Says what the operation does to rows: what it takes of them, and how it can fail.
void add_words(const FindRisk& find_risk, Words& result, const Operation& operation, const Rows& rows) {
  if (auto loss = operation::loss(operation)) result.losses.push_back(std::move(*loss));
  if (std::visit(FitsAllRows{rows}, operation)) return;
  std::optional<std::string> words = operation::hazard(operation);
  const auto* op = std::get_if<AlterColumn>(&operation);
  if (op != nullptr && op->before.type != op->after.type && !is_kept_whole(*op)) {
    const dialect::ConversionRisk risk = find_risk(*op);
    if (risk.loses) {
      result.losses.push_back("a part of the values of column \"" + op->after.name + "\" of \"" + to_string(op->table) +
                              "\", converted from " + to_string(op->before.type) + " to " + to_string(op->after.type) +
                              ", " + risk.words);
    } else if (words && !risk.words.empty()) {
      *words += (words->starts_with("converts ") ? ", " : "; converts it, ") + risk.words;
    }
  }
  if (words) result.notes.push_back(std::move(*words));
}

}  // namespace

Words words_of(const dialect::Dialect& dialect, const std::vector<Operation>& operations, const model::Schema& before,
               const FindRisk& find_risk) {
  const FindRisk by_types = [&](const AlterColumn& op) {
    return dialect.conversion_risk(op.before.type, op.after.type);
  };
  struct Subject {
    const model::Table* before = nullptr;
    std::vector<const Operation*> operations;
  };
  std::map<Name, Subject> subjects;
  for (const Operation& operation : operations) subjects[subject(operation)].operations.push_back(&operation);
  for (const model::Table& table : before.tables) {
    const auto found = subjects.find(table.name);
    if (found != subjects.end()) found->second.before = &table;
  }
  Words result;
  for (const Operation& operation : operations) {
    const Subject& changed = subjects.at(subject(operation));
    add_words(find_risk ? find_risk : by_types, result, operation, Rows(changed.before, changed.operations));
  }
  return result;
}

}  // namespace whimbrel::run
