#include "operation/consequences.h"

#include <algorithm>

#include "operation/describe.h"

namespace whimbrel::operation {

namespace {

/// Returns the values that are not among the others.
std::string missing_values(const std::vector<std::string>& values, const std::vector<std::string>& others) {
  std::string missing;
  for (const std::string& value : values) {
    if (std::find(others.begin(), others.end(), value) == others.end())
      missing += (missing.empty() ? "" : ", ") + value;
  }
  return missing;
}

std::optional<std::string> hazard_of(const AlterColumn& op) {
  const std::string column = "column " + in_quotes(op.before.name) + " of " + in_quotes(op.table);
  const bool must_have_value = op.before.nullable && !op.after.nullable && !op.backfill;
  if (must_have_value && !numbers_nulls(op)) return "fails if " + column + " holds NULL";
  std::vector<std::string> kept = op.after.enum_values;
  for (const auto& [from, to] : op.renamed_values) kept.push_back(from);
  const std::string removed = missing_values(op.before.enum_values, kept);
  if (!op.after.enum_values.empty() && !removed.empty()) return "fails if " + column + " holds " + removed;
  if (!op.after.enum_values.empty() && op.before.enum_values.empty()) {
    return "fails if " + column + " holds a value that is not in its enum";
  }
  if (op.before.type != op.after.type) {
    return "converts " + column + " from " + in_words(op.before.type) + " to " + in_words(op.after.type);
  }
  return std::nullopt;
}

using Words = std::optional<std::string>;

/// For an object with its own rows: the values of columns that its new definition lacks.
std::optional<std::string> loss_of_rows(const AlterObject& op) {
  const std::vector<std::string>& kept = op.after.columns.value;
  std::vector<std::string> lost;
  for (const std::string& column : op.before.columns.value) {
    if (std::find(kept.begin(), kept.end(), column) == kept.end()) lost.push_back(column);
  }
  if (op.after.rows.value.empty() || lost.size() == op.before.columns.value.size()) return op.before.rows.value;
  if (lost.empty()) return std::nullopt;
  return "the values of columns " + in_parentheses(lost) + " of " + op.before.kind + ' ' + in_quotes(op.before.name);
}

/// For a composite type: the values of the attributes that its new definition lacks.
std::optional<std::string> loss_of_attributes(const AlterObject& op) {
  const std::vector<model::Column>& kept = op.after.type.value->attributes;
  std::vector<std::string> lost;
  for (const model::Column& attribute : op.before.type.value->attributes) {
    if (std::none_of(kept.begin(), kept.end(), [&](const auto& other) { return other.name == attribute.name; })) {
      lost.push_back(attribute.name);
    }
  }
  if (lost.empty()) return std::nullopt;
  return "the values of attributes " + in_parentheses(lost) + " of " + op.before.kind + ' ' + in_quotes(op.before.name);
}

/// The data loss of an operation.
struct Loss {
  Words operator()(const DropObject& op) const {
    if (!op.object.rows.value.empty()) return op.object.rows.value;
    if (op.object.kind != "sequence" && op.object.kind != "extension") return std::nullopt;
    const std::string name = in_quotes(op.object.name);
    return op.object.kind == "sequence" ? "the current value of sequence " + name : "the objects of extension " + name;
  }
  Words operator()(const AlterObject& op) const {
    if (op.before.type.value && op.after.type.value) return loss_of_attributes(op);
    return op.before.rows.value.empty() ? std::nullopt : loss_of_rows(op);
  }
  Words operator()(const DropTable& op) const {
    if (!op.kept_as.empty()) return std::nullopt;
    return "the rows of table " + in_quotes(op.table.name);
  }
  Words operator()(const DropColumn& op) const {
    if (op.column.computed || op.column.of_parent.value) return std::nullopt;
    return "the values of column " + in_quotes(op.column.name) + " of " + in_quotes(op.table);
  }
  Words operator()(const AlterColumn& op) const {
    const std::string column = "column " + in_quotes(op.before.name) + " of " + in_quotes(op.table);
    if (op.after.computed && !op.before.computed) return "the values of " + column;
    if (op.before.auto_increment && !op.after.auto_increment && !keeps_sequence(op))
      return "the current auto-increment value of " + column;
    return std::nullopt;
  }
  Words operator()(const CreateSchema&) const { return std::nullopt; }
  Words operator()(const DropSchema&) const { return std::nullopt; }
  Words operator()(const CreateEnum&) const { return std::nullopt; }
  Words operator()(const DropEnum&) const { return std::nullopt; }
  Words operator()(const AlterEnum&) const { return std::nullopt; }
  Words operator()(const RenameEnumValue&) const { return std::nullopt; }
  Words operator()(const CreateObject&) const { return std::nullopt; }
  Words operator()(const RenameConstraint&) const { return std::nullopt; }
  Words operator()(const CreateTable&) const { return std::nullopt; }
  Words operator()(const RenameTable&) const { return std::nullopt; }
  Words operator()(const AlterTable&) const { return std::nullopt; }
  Words operator()(const AddColumn&) const { return std::nullopt; }
  Words operator()(const RenameColumn&) const { return std::nullopt; }
  Words operator()(const AlterPrimaryKey&) const { return std::nullopt; }
  Words operator()(const AddUnique&) const { return std::nullopt; }
  Words operator()(const DropUnique&) const { return std::nullopt; }
  Words operator()(const AddCheck&) const { return std::nullopt; }
  Words operator()(const DropCheck&) const { return std::nullopt; }
  Words operator()(const AddExclusion&) const { return std::nullopt; }
  Words operator()(const DropExclusion&) const { return std::nullopt; }
  Words operator()(const AddForeignKey&) const { return std::nullopt; }
  Words operator()(const DropForeignKey&) const { return std::nullopt; }
  Words operator()(const CreateIndex&) const { return std::nullopt; }
  Words operator()(const DropIndex&) const { return std::nullopt; }
  Words operator()(const CreateTrigger&) const { return std::nullopt; }
  Words operator()(const DropTrigger&) const { return std::nullopt; }
  Words operator()(const CreateView&) const { return std::nullopt; }
  Words operator()(const DropView&) const { return std::nullopt; }
  Words operator()(const AlterView&) const { return std::nullopt; }
  Words operator()(const RebuildTable&) const { return std::nullopt; }
};

/// The data that can make an operation fail, or that it changes.
struct Hazard {
  Words operator()(const AlterEnum& op) const {
    const std::string removed = missing_values(op.before.values, op.after.values);
    if (removed.empty()) return std::nullopt;
    return "fails if a column of enum " + in_quotes(op.before.name) + " holds " + removed;
  }
  Words operator()(const AddColumn& op) const {
    if (op.column.nullable || gives_values(op)) return std::nullopt;
    return "fails if " + in_quotes(op.table) + " has rows: column " + in_quotes(op.column.name) +
           " is NOT NULL without a default";
  }
  Words operator()(const AlterColumn& op) const { return hazard_of(op); }
  Words operator()(const AlterPrimaryKey& op) const {
    return op.after ? equal_values(op.table, op.after->columns) : std::nullopt;
  }
  Words operator()(const AddUnique& op) const { return equal_values(op.table, op.unique.columns); }
  Words operator()(const AddCheck& op) const {
    if (op.check.not_valid) return std::nullopt;  // Existing rows are not checked.
    return "fails if rows of " + in_quotes(op.table) + " violate the check constraint (" + op.check.expression + ')';
  }
  Words operator()(const AddExclusion& op) const {
    return "fails if rows of " + in_quotes(op.table) + " violate the exclusion constraint (" + op.exclusion.definition +
           ')';
  }
  Words operator()(const AddForeignKey& op) const {
    if (op.foreign_key.not_valid) return std::nullopt;
    return "fails if rows of " + in_quotes(op.table) + " have values in " + in_parentheses(op.foreign_key.columns) +
           " that do not exist in " + in_quotes(op.foreign_key.referenced_table);
  }
  Words operator()(const CreateIndex& op) const {
    return op.index.unique ? equal_values(op.table, op.index.columns) : std::nullopt;
  }
  Words operator()(const CreateSchema&) const { return std::nullopt; }
  Words operator()(const DropSchema&) const { return std::nullopt; }
  Words operator()(const CreateEnum&) const { return std::nullopt; }
  Words operator()(const DropEnum&) const { return std::nullopt; }
  Words operator()(const RenameEnumValue&) const { return std::nullopt; }
  Words operator()(const CreateObject&) const { return std::nullopt; }
  Words operator()(const DropObject&) const { return std::nullopt; }
  Words operator()(const AlterObject&) const { return std::nullopt; }
  Words operator()(const RenameConstraint&) const { return std::nullopt; }
  Words operator()(const CreateTable&) const { return std::nullopt; }
  Words operator()(const DropTable&) const { return std::nullopt; }
  Words operator()(const RenameTable&) const { return std::nullopt; }
  Words operator()(const AlterTable&) const { return std::nullopt; }
  Words operator()(const DropColumn&) const { return std::nullopt; }
  Words operator()(const RenameColumn&) const { return std::nullopt; }
  Words operator()(const DropUnique&) const { return std::nullopt; }
  Words operator()(const DropCheck&) const { return std::nullopt; }
  Words operator()(const DropExclusion&) const { return std::nullopt; }
  Words operator()(const DropForeignKey&) const { return std::nullopt; }
  Words operator()(const DropIndex&) const { return std::nullopt; }
  Words operator()(const CreateTrigger&) const { return std::nullopt; }
  Words operator()(const DropTrigger&) const { return std::nullopt; }
  Words operator()(const CreateView&) const { return std::nullopt; }
  Words operator()(const DropView&) const { return std::nullopt; }
  Words operator()(const AlterView&) const { return std::nullopt; }
  Words operator()(const RebuildTable&) const { return std::nullopt; }

 private:
  static Words equal_values(const model::Name& table, const std::vector<model::KeyPart>& columns) {
    return "fails if " + in_quotes(table) + " has duplicate values in " + in_parentheses(columns);
  }
};

}  // namespace

std::optional<std::string> data_loss(const Operation& operation) { return std::visit(Loss{}, operation); }

std::optional<std::string> hazard(const Operation& operation) { return std::visit(Hazard{}, operation); }

bool keeps_sequence(const AlterColumn& op) {
  const auto& before = op.before.sequence.value;
  const auto& after = op.after.sequence.value;
  return before && after && before->name == after->name;
}

bool numbers_nulls(const AlterColumn& op) {
  return op.numbers_rows && op.before.nullable && !op.after.nullable && !op.backfill;
}

bool gives_values(const AddColumn& op) {
  const model::Column& column = op.column;
  return column.default_expression || column.computed || column.auto_increment || op.backfill || op.numbers_rows;
}

}  // namespace whimbrel::operation
