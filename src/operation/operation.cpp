#include "operation/operation.h"

#include <algorithm>

namespace whimbrel::operation {

namespace {

std::string quoted(const std::string& name) { return '"' + name + '"'; }
std::string quoted(const model::Name& name) { return quoted(to_string(name)); }

std::string listed(const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& name : names) result += (result.empty() ? "" : ", ") + name;
  return '(' + result + ')';
}

std::string listed(const std::vector<model::KeyPart>& parts) { return listed(column_names(parts)); }

/// `index "IDX_1" (a, b)`, `unique (a)`
std::string thing(const std::string& kind, const model::ConstraintName& name, const std::string& content) {
  return kind + (name.text.empty() ? "" : ' ' + quoted(name.text)) + ' ' + content;
}

struct Describe {
  std::string operator()(const CreateSchema& op) const { return "create schema " + quoted(op.schema); }
  std::string operator()(const DropSchema& op) const { return "drop schema " + quoted(op.schema); }
  std::string operator()(const CreateEnum& op) const { return "create enum " + quoted(op.type.name); }
  std::string operator()(const DropEnum& op) const { return "drop enum " + quoted(op.type.name); }
  std::string operator()(const AlterEnum& op) const {
    return "change the values of enum " + quoted(op.before.name) + " to " + listed(op.after.values);
  }
  std::string operator()(const RenameEnumValue& op) const {
    return "rename value '" + op.from + "' of enum " + quoted(op.type) + " to '" + op.to + '\'';
  }
  std::string operator()(const CreateObject& op) const {
    return "create " + op.object.kind + ' ' + quoted(op.object.name);
  }
  std::string operator()(const DropObject& op) const { return "drop " + op.object.kind + ' ' + quoted(op.object.name); }
  std::string operator()(const AlterObject& op) const {
    if (op.before == op.after) return "make " + op.after.kind + ' ' + quoted(op.after.name) + " anew";
    return "change " + op.after.kind + ' ' + quoted(op.after.name);
  }
  std::string operator()(const CreateTable& op) const { return "create table " + quoted(op.table.name); }
  std::string operator()(const DropTable& op) const { return "drop table " + quoted(op.table.name); }
  std::string operator()(const RenameTable& op) const {
    return "rename table " + quoted(op.from) + " to " + quoted(op.to);
  }
  std::string operator()(const AlterTable& op) const { return "change the options of table " + quoted(op.table); }
  std::string operator()(const AddColumn& op) const {
    return "add column " + quoted(op.column.name) + " to " + quoted(op.table);
  }
  std::string operator()(const DropColumn& op) const {
    return "drop column " + quoted(op.column.name) + " from " + quoted(op.table);
  }
  std::string operator()(const RenameColumn& op) const {
    return "rename column " + quoted(op.from) + " of " + quoted(op.table) + " to " + quoted(op.to);
  }
  std::string operator()(const AlterColumn& op) const {
    return "change column " + quoted(op.before.name) + " of " + quoted(op.table) + " (" + changes(op) + ')';
  }
  std::string operator()(const AlterPrimaryKey& op) const {
    if (!op.after) return "drop the primary key of " + quoted(op.table);
    if (!op.before) return "add primary key " + listed(op.after->columns) + " to " + quoted(op.table);
    return "change the primary key of " + quoted(op.table) + " to " + listed(op.after->columns);
  }
  std::string operator()(const AddUnique& op) const { return "add " + text(op.unique) + " to " + quoted(op.table); }
  std::string operator()(const DropUnique& op) const { return "drop " + text(op.unique) + " from " + quoted(op.table); }
  std::string operator()(const AddCheck& op) const { return "add " + text(op.check) + " to " + quoted(op.table); }
  std::string operator()(const DropCheck& op) const { return "drop " + text(op.check) + " from " + quoted(op.table); }
  std::string operator()(const AddExclusion& op) const {
    return "add " + text(op.exclusion) + " to " + quoted(op.table);
  }
  std::string operator()(const DropExclusion& op) const {
    return "drop " + text(op.exclusion) + " from " + quoted(op.table);
  }
  std::string operator()(const AddForeignKey& op) const {
    return "add " + text(op.foreign_key) + " to " + quoted(op.table);
  }
  std::string operator()(const DropForeignKey& op) const {
    return "drop " + text(op.foreign_key) + " from " + quoted(op.table);
  }
  std::string operator()(const CreateIndex& op) const { return "create " + text(op.index) + " on " + quoted(op.table); }
  std::string operator()(const DropIndex& op) const { return "drop " + text(op.index) + " on " + quoted(op.table); }
  std::string operator()(const CreateTrigger& op) const {
    return "create trigger " + quoted(op.trigger.name) + " on " + quoted(op.table);
  }
  std::string operator()(const DropTrigger& op) const {
    return "drop trigger " + quoted(op.trigger.name) + " on " + quoted(op.table);
  }
  std::string operator()(const CreateView& op) const { return "create view " + quoted(op.view.name); }
  std::string operator()(const DropView& op) const { return "drop view " + quoted(op.view.name); }
  std::string operator()(const RenameConstraint& op) const {
    return std::string("rename ") + (op.is_index ? "index " : "constraint ") + quoted(op.from) + " of " +
           quoted(op.table) + " to " + quoted(op.to);
  }
  std::string operator()(const RebuildTable& op) const { return "rebuild table " + quoted(op.after.name); }

 private:
  static std::string text(const model::Unique& unique) { return thing("unique", unique.name, listed(unique.columns)); }
  static std::string text(const model::Check& check) {
    return thing("check", check.name, '(' + check.expression + ')');
  }
  static std::string text(const model::Exclusion& exclusion) {
    return thing("exclusion", exclusion.name, '(' + exclusion.definition + ')');
  }
  static std::string text(const model::Index& index) {
    return thing(index.unique ? "unique index" : "index", index.name, listed(index.columns));
  }
  static std::string text(const model::ForeignKey& key) {
    return thing("foreign key", key.name, listed(key.columns)) + " to " + quoted(key.referenced_table);
  }

  static std::string changes(const AlterColumn& op) {
    const model::Column& before = op.before;
    const model::Column& after = op.after;
    std::string result;
    const auto add = [&](bool changed, const std::string& words) {
      if (changed) result += (result.empty() ? "" : ", ") + words;
    };
    add(before.name != after.name, "name");
    add(before.type != after.type, "type " + to_string(before.type) + " to " + to_string(after.type));
    add(before.nullable != after.nullable, after.nullable ? "allow NULL" : "NOT NULL");
    add(before.default_expression != after.default_expression,
        after.default_expression ? "default " + *after.default_expression : "no default");
    add(before.auto_increment != after.auto_increment, after.auto_increment ? "auto increment" : "no auto increment");
    add(before.enum_values != after.enum_values, "values");
    for (const auto& [from, to] : op.renamed_values) add(true, "value '" + from + "' renamed to '" + to + '\'');
    add(before.computed != after.computed, "computation");
    add(before.collation != after.collation, "collation");
    add(before.comment != after.comment, "comment");
    add(before.identity != after.identity || before.identity_always != after.identity_always, "identity");
    add(before.sequence_options != after.sequence_options, "sequence");
    add(before.charset != after.charset, "character set");
    add(before.on_update != after.on_update, "value on update");
    add(before.enum_name != after.enum_name, "name of the enum");
    add(before.not_null_on_conflict != after.not_null_on_conflict, "conflict clause");
    return result;
  }
};

/// The values that are not among the others.
std::string missing_values(const std::vector<std::string>& values, const std::vector<std::string>& others) {
  std::string missing;
  for (const std::string& value : values) {
    if (std::find(others.begin(), others.end(), value) == others.end())
      missing += (missing.empty() ? "" : ", ") + value;
  }
  return missing;
}

std::optional<std::string> hazard_of(const AlterColumn& op) {
  const std::string column = "column " + quoted(op.before.name) + " of " + quoted(op.table);
  const bool must_have_value = op.before.nullable && !op.after.nullable && !op.fill;
  if (must_have_value && !numbers_nulls(op)) return "fails if " + column + " holds NULL";
  std::vector<std::string> kept = op.after.enum_values;
  for (const auto& [from, to] : op.renamed_values) kept.push_back(from);
  const std::string removed = missing_values(op.before.enum_values, kept);
  if (!op.after.enum_values.empty() && !removed.empty()) return "fails if " + column + " holds " + removed;
  if (!op.after.enum_values.empty() && op.before.enum_values.empty()) {
    return "fails if " + column + " holds another value than those of its enum";
  }
  if (op.before.type != op.after.type) {
    return "converts " + column + " from " + to_string(op.before.type) + " to " + to_string(op.after.type);
  }
  return std::nullopt;
}

}  // namespace

Operation reverse(const Operation& operation) {
  return std::visit(Visitor{
                        [](const CreateSchema& op) -> Operation { return DropSchema{op.schema}; },
                        [](const DropSchema& op) -> Operation { return CreateSchema{op.schema}; },
                        [](const CreateEnum& op) -> Operation { return DropEnum{op.type}; },
                        [](const DropEnum& op) -> Operation { return CreateEnum{op.type}; },
                        [](const AlterEnum& op) -> Operation {
                          return AlterEnum{op.after, op.before, {}};
                        },
                        [](const RenameEnumValue& op) -> Operation {
                          return RenameEnumValue{op.type, op.to, op.from};
                        },
                        [](const CreateObject& op) -> Operation { return DropObject{op.object}; },
                        [](const DropObject& op) -> Operation { return CreateObject{op.object}; },
                        [](const AlterObject& op) -> Operation {
                          return AlterObject{op.after, op.before};
                        },
                        [](const RenameConstraint& op) -> Operation {
                          return RenameConstraint{op.table, op.to, op.from, op.is_index};
                        },
                        [](const CreateTable& op) -> Operation { return DropTable{op.table}; },
                        [](const DropTable& op) -> Operation { return CreateTable{op.table}; },
                        [](const RenameTable& op) -> Operation {
                          return RenameTable{op.to, op.from};
                        },
                        [](const AlterTable& op) -> Operation {
                          return AlterTable{op.table,          op.options_after,  op.options_before, op.comment_after,
                                            op.comment_before, op.inherits_after, op.inherits_before};
                        },
                        [](const AddColumn& op) -> Operation {
                          return DropColumn{op.table, op.column, op.position, op.foreign_key, op.fill, op.numbers_rows};
                        },
                        [](const DropColumn& op) -> Operation {
                          return AddColumn{op.table, op.column, op.position, op.fill, op.foreign_key, op.numbers_rows};
                        },
                        [](const RenameColumn& op) -> Operation {
                          return RenameColumn{op.table, op.to, op.from};
                        },
                        [](const AlterColumn& op) -> Operation {
                          AlterColumn reversed{op.table, op.after, op.before, op.fill_back, op.fill};
                          for (const auto& [from, to] : op.renamed_values)
                            reversed.renamed_values.emplace_back(to, from);
                          reversed.numbers_rows = op.numbers_rows_back;
                          reversed.numbers_rows_back = op.numbers_rows;
                          return reversed;
                        },
                        [](const AlterPrimaryKey& op) -> Operation {
                          return AlterPrimaryKey{op.table, op.after, op.before};
                        },
                        [](const AddUnique& op) -> Operation {
                          return DropUnique{op.table, op.unique};
                        },
                        [](const DropUnique& op) -> Operation {
                          return AddUnique{op.table, op.unique};
                        },
                        [](const AddCheck& op) -> Operation {
                          return DropCheck{op.table, op.check};
                        },
                        [](const DropCheck& op) -> Operation {
                          return AddCheck{op.table, op.check};
                        },
                        [](const AddExclusion& op) -> Operation {
                          return DropExclusion{op.table, op.exclusion};
                        },
                        [](const DropExclusion& op) -> Operation {
                          return AddExclusion{op.table, op.exclusion};
                        },
                        [](const AddForeignKey& op) -> Operation {
                          return DropForeignKey{op.table, op.foreign_key};
                        },
                        [](const DropForeignKey& op) -> Operation {
                          return AddForeignKey{op.table, op.foreign_key};
                        },
                        [](const CreateIndex& op) -> Operation {
                          return DropIndex{op.table, op.index, op.concurrently};
                        },
                        [](const DropIndex& op) -> Operation {
                          return CreateIndex{op.table, op.index, op.concurrently};
                        },
                        [](const CreateTrigger& op) -> Operation {
                          return DropTrigger{op.table, op.trigger};
                        },
                        [](const DropTrigger& op) -> Operation {
                          return CreateTrigger{op.table, op.trigger};
                        },
                        [](const CreateView& op) -> Operation { return DropView{op.view}; },
                        [](const DropView& op) -> Operation { return CreateView{op.view}; },
                        [](const RebuildTable& op) -> Operation {
                          RebuildTable reversed{op.after, op.before, {}, op.temporary_name, !op.backwards};
                          for (const CopiedColumn& copied : op.copy) {
                            if (op.before.find_column(copied.column)) reversed.copy.push_back({copied.column, {}});
                          }
                          return reversed;
                        },
                    },
                    operation);
}

std::vector<Operation> reverse(const std::vector<Operation>& operations) {
  std::vector<Operation> reversed;
  reversed.reserve(operations.size());
  for (auto operation = operations.rbegin(); operation != operations.rend(); ++operation) {
    reversed.push_back(reverse(*operation));
  }
  return reversed;
}

std::string describe(const Operation& operation) { return std::visit(Describe{}, operation); }

namespace {

using Words = std::optional<std::string>;

/// Of what has rows of its own: the values of the columns that its other definition has not.
std::optional<std::string> loss_of_rows(const AlterObject& op) {
  const std::vector<std::string>& kept = op.after.columns.value;
  std::vector<std::string> lost;
  for (const std::string& column : op.before.columns.value) {
    if (std::find(kept.begin(), kept.end(), column) == kept.end()) lost.push_back(column);
  }
  if (op.after.rows.value.empty() || lost.size() == op.before.columns.value.size()) return op.before.rows.value;
  if (lost.empty()) return std::nullopt;
  return "the values of columns " + listed(lost) + " of " + op.before.kind + ' ' + quoted(op.before.name);
}

/// What of a database is gone for ever when the operation is done.
struct Loss {
  Words operator()(const DropObject& op) const {
    if (!op.object.rows.value.empty()) return op.object.rows.value;
    if (op.object.kind != "sequence" && op.object.kind != "extension") return std::nullopt;
    return "what " + op.object.kind + ' ' + quoted(op.object.name) + " holds";
  }
  Words operator()(const AlterObject& op) const {
    if (!op.before.rows.value.empty()) return loss_of_rows(op);
    if (op.before.kind != "sequence") return std::nullopt;
    return "the position of sequence " + quoted(op.before.name);
  }
  Words operator()(const DropTable& op) const { return "the rows of table " + quoted(op.table.name); }
  Words operator()(const DropColumn& op) const {
    if (op.column.computed) return std::nullopt;
    return "the values of column " + quoted(op.column.name) + " of " + quoted(op.table);
  }
  Words operator()(const AlterColumn& op) const {
    const std::string column = "column " + quoted(op.before.name) + " of " + quoted(op.table);
    if (op.after.computed && !op.before.computed) return "the values of " + column;
    if (op.before.auto_increment && !op.after.auto_increment) return "the position of the counter of " + column;
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
  Words operator()(const RebuildTable&) const { return std::nullopt; }
};

/// What of a database can make the operation fail, or change values.
struct Hazard {
  Words operator()(const AlterEnum& op) const {
    const std::string removed = missing_values(op.before.values, op.after.values);
    if (removed.empty()) return std::nullopt;
    return "fails if a column of enum " + quoted(op.before.name) + " holds " + removed;
  }
  Words operator()(const AddColumn& op) const {
    if (op.column.nullable || gives_values(op)) return std::nullopt;
    return "fails if " + quoted(op.table) + " has rows: column " + quoted(op.column.name) +
           " is NOT NULL without a default";
  }
  Words operator()(const AlterColumn& op) const { return hazard_of(op); }
  Words operator()(const AlterPrimaryKey& op) const {
    return op.after ? equal_values(op.table, op.after->columns) : std::nullopt;
  }
  Words operator()(const AddUnique& op) const { return equal_values(op.table, op.unique.columns); }
  Words operator()(const AddCheck& op) const {
    return "fails if rows of " + quoted(op.table) + " violate the check (" + op.check.expression + ')';
  }
  Words operator()(const AddExclusion& op) const {
    return "fails if rows of " + quoted(op.table) + " violate the exclusion (" + op.exclusion.definition + ')';
  }
  Words operator()(const AddForeignKey& op) const {
    return "fails if rows of " + quoted(op.table) + " refer by " + listed(op.foreign_key.columns) +
           " to what is not in " + quoted(op.foreign_key.referenced_table);
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
  Words operator()(const RebuildTable&) const { return std::nullopt; }

 private:
  static Words equal_values(const model::Name& table, const std::vector<model::KeyPart>& columns) {
    return "fails if rows of " + quoted(table) + " have equal values in " + listed(columns);
  }
};

}  // namespace

std::optional<std::string> loss(const Operation& operation) { return std::visit(Loss{}, operation); }

std::optional<std::string> hazard(const Operation& operation) { return std::visit(Hazard{}, operation); }

bool numbers_nulls(const AlterColumn& op) {
  return op.numbers_rows && op.before.nullable && !op.after.nullable && !op.fill;
}

bool gives_values(const AddColumn& op) {
  const model::Column& column = op.column;
  return column.default_expression || column.computed || column.auto_increment || op.fill || op.numbers_rows;
}

const model::Name& subject(const Operation& operation) {
  static const model::Name none;
  return std::visit(Visitor{
                        [](const CreateSchema&) -> const model::Name& { return none; },
                        [](const DropSchema&) -> const model::Name& { return none; },
                        [](const CreateEnum& op) -> const model::Name& { return op.type.name; },
                        [](const DropEnum& op) -> const model::Name& { return op.type.name; },
                        [](const AlterEnum& op) -> const model::Name& { return op.before.name; },
                        [](const RenameEnumValue& op) -> const model::Name& { return op.type; },
                        [](const CreateObject& op) -> const model::Name& { return op.object.name; },
                        [](const DropObject& op) -> const model::Name& { return op.object.name; },
                        [](const AlterObject& op) -> const model::Name& { return op.before.name; },
                        [](const CreateTable& op) -> const model::Name& { return op.table.name; },
                        [](const DropTable& op) -> const model::Name& { return op.table.name; },
                        [](const RenameTable& op) -> const model::Name& { return op.from; },
                        [](const CreateView& op) -> const model::Name& { return op.view.name; },
                        [](const DropView& op) -> const model::Name& { return op.view.name; },
                        [](const RebuildTable& op) -> const model::Name& { return op.after.name; },
                        [](const auto& op) -> const model::Name& { return op.table; },
                    },
                    operation);
}

}  // namespace whimbrel::operation
