#include "change/words.h"
#include "operation/consequences.h"
#include "operation/describe.h"

#include <algorithm>
#include <map>
#include <variant>

namespace whimbrel::change {

namespace {

using namespace operation;
using model::Name;

using Parts = std::vector<model::KeyPart>;

template <class Items, class Function>
bool any(const Items& items, Function is_it) {
  return std::any_of(items.begin(), items.end(), is_it);
}

/// Known facts about the rows of one table.
class RowFacts {
 public:
  RowFacts(const model::Table* before, const std::vector<const Operation*>& operations)
      : before_(before), operations_(operations) {}

  /// Returns whether the added object already exists under another name.
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

  /// Returns whether no two rows can have the same values in the columns. NULLs count as equal only if
  /// `nulls_are_equal`.
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

  /// Returns whether no row references anything through these columns, because one of them is NULL.
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

  /// Returns whether it is a new auto-increment column.
  [[nodiscard]] bool is_counted(const model::KeyPart& part) const {
    const AddColumn* added = find_added(part.column);
    return added != nullptr && (added->column.auto_increment || (added->numbers_rows && !added->backfill));
  }

  /// Returns whether it is a new column with NULL in all rows.
  [[nodiscard]] bool is_empty(const model::KeyPart& part) const {
    const AddColumn* added = find_added(part.column);
    if (added == nullptr || added->backfill) return false;
    const model::Column& column = added->column;
    return column.nullable && !column.default_expression && !column.computed && !column.auto_increment;
  }

  [[nodiscard]] bool is_changed(const std::string& column) const {
    return any(operations_, [&](const Operation* operation) {
      const auto* altered = std::get_if<AlterColumn>(operation);
      return altered != nullptr && altered->before.name == column &&
             (altered->before.type != altered->after.type || altered->before.collation != altered->after.collation ||
              altered->before.computed != altered->after.computed || altered->backfill);
    });
  }

  const model::Table* before_;
  const std::vector<const Operation*>& operations_;
};

/// Returns whether no row can make the operation fail.
struct FitsAllRows {
  const RowFacts& rows;

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

/// Returns whether nothing is lost regardless of the types: a generated column is computed again, and an enum accepts
/// only its own values.
bool is_kept_whole(const AlterColumn& op) {
  const bool is_enum = !op.after.enum_values.empty() && !op.after.enum_name.empty();
  return is_enum || (op.before.computed && op.after.computed);
}

/// All operations on one table, view, enum or object.
struct Subject {
  const model::Table* before = nullptr;
  std::vector<const Operation*> operations{};

  [[nodiscard]] const AlterTable* altered_options() const {
    for (const Operation* operation : operations) {
      const auto* op = std::get_if<AlterTable>(operation);
      if (op != nullptr && op->options_before != op->options_after) return op;
    }
    return nullptr;
  }

  /// Returns whether another operation determines the column's values.
  [[nodiscard]] bool has_other_fate(const model::Column& column) const {
    return column.computed || any(operations, [&](const Operation* operation) {
             const auto* altered = std::get_if<AlterColumn>(operation);
             const auto* dropped = std::get_if<DropColumn>(operation);
             return (dropped != nullptr && dropped->column.name == column.name) ||
                    (altered != nullptr && altered->before.name == column.name &&
                     altered->before.type != altered->after.type);
           });
  }

  [[nodiscard]] Conversion conversion(const Name& table, const model::Column& from, const model::Column& to) const {
    Conversion result{table, from.name, {from.type, {}, from.base_type.value}, {to.type, {}, to.base_type.value}};
    if (before != nullptr) result.before.table_options = result.after.table_options = before->options;
    if (const AlterTable* options = altered_options()) {
      result.before.table_options = options->options_before;
      result.after.table_options = options->options_after;
    }
    return result;
  }
};

/// Describes the effect of operations on rows: data loss, and how they can fail.
class Speaker {
 public:
  Speaker(const dialect::Dialect& dialect, const RowQuestions& rows) : dialect_(dialect), rows_(rows) {}

  void add(const Operation& operation, const Subject& subject) {
    if (auto loss = operation::data_loss(operation)) result_.losses.push_back(std::move(*loss));
    const RowFacts rows(subject.before, subject.operations);
    if (std::visit(FitsAllRows{rows}, operation)) return;
    std::optional<std::string> hazard = operation::hazard(operation);
    if (const auto* op = std::get_if<AlterColumn>(&operation)) add_column(*op, subject, hazard);
    if (const auto* op = std::get_if<AlterTable>(&operation)) add_options(*op, subject);
    if (hazard) result_.notes.push_back(std::move(*hazard));
  }

  [[nodiscard]] Words take() { return std::move(result_); }

 private:
  void add_column(const AlterColumn& op, const Subject& subject, std::optional<std::string>& hazard) {
    const std::string column = "column \"" + op.after.name + "\" of \"" + to_string(op.table) + '"';
    if (numbers_nulls(op) && (!rows_.holds_null || rows_.holds_null(op))) {
      result_.losses.push_back("NULLs in " + column + ", which are replaced by generated numbers");
    }
    if (op.before.type == op.after.type || is_kept_whole(op)) return;
    const dialect::ConversionRisk risk = find_risk(subject.conversion(op.table, op.before, op.after));
    // The values of an enum that is stored otherwise are replaced one by one.
    if (risk.loses && !op.renamed_values.empty()) return;
    if (risk.loses) {
      result_.losses.push_back("part of the values of " + column + " (lossy conversion from " +
                               operation::in_words(op.before.type) + " to " + operation::in_words(op.after.type) +
                               ", " + risk.words + ')');
    } else if (hazard && !risk.words.empty()) {
      *hazard += (hazard->starts_with("converts ") ? ", " : "; converts it, ") + risk.words;
    }
  }

  void add_options(const AlterTable& op, const Subject& subject) {
    if (subject.before == nullptr || op.options_before == op.options_after) return;
    for (const model::Column& column : subject.before->columns) {
      if (subject.has_other_fate(column)) continue;
      const dialect::ConversionRisk risk = find_risk(subject.conversion(op.table, column, column));
      if (!risk.loses) continue;
      result_.losses.push_back("part of the values of column \"" + column.name + "\" of \"" + to_string(op.table) +
                               "\" (type " + operation::in_words(column.type) + " in a table with different options, " +
                               risk.words + ')');
    }
  }

  [[nodiscard]] dialect::ConversionRisk find_risk(const Conversion& conversion) const {
    return rows_.risk ? rows_.risk(conversion) : dialect_.conversion_risk(conversion.before, conversion.after);
  }

  const dialect::Dialect& dialect_;
  const RowQuestions& rows_;
  Words result_;
};

}  // namespace

Words words_of(const dialect::Dialect& dialect, const std::vector<Operation>& operations, const model::Schema& before,
               const RowQuestions& rows) {
  std::map<Name, Subject> subjects;
  for (const Operation& operation : operations) subjects[target_name(operation)].operations.push_back(&operation);
  for (const model::Table& table : before.tables) {
    const auto found = subjects.find(table.name);
    if (found != subjects.end()) found->second.before = &table;
  }
  Speaker speaker(dialect, rows);
  for (const Operation& operation : operations) speaker.add(operation, subjects.at(target_name(operation)));
  return speaker.take();
}

void mark_kept_tables(std::vector<Operation>& operations, const std::vector<Operation>& planned) {
  std::map<Name, std::string> kept;
  for (const Operation& operation : planned) {
    const auto* const op = std::get_if<DropTable>(&operation);
    if (op != nullptr && !op->kept_as.empty()) kept.emplace(op->table.name, op->kept_as);
  }
  if (kept.empty()) return;
  for (Operation& operation : operations) {
    auto* const op = std::get_if<DropTable>(&operation);
    const auto found = op == nullptr ? kept.end() : kept.find(op->table.name);
    if (found != kept.end()) op->kept_as = found->second;
  }
}

}  // namespace whimbrel::change
