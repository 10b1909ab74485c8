#include "operation/operation.h"

namespace whimbrel::operation {

Operation reverse(const Operation& operation) {
  return std::visit(
      Visitor{
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
            return RenameConstraint{op.table, op.to, op.from, op.part};
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
            return DropColumn{op.table, op.column, op.position, op.foreign_key, op.backfill, op.numbers_rows, false};
          },
          [](const DropColumn& op) -> Operation {
            return AddColumn{op.table, op.column, op.position, op.backfill, op.foreign_key, op.numbers_rows, op.behind};
          },
          [](const RenameColumn& op) -> Operation {
            return RenameColumn{op.table, op.to, op.from, op.attribute, op.in_expressions};
          },
          [](const AlterColumn& op) -> Operation {
            AlterColumn reversed{op.table, op.after, op.before, op.fill_back, op.backfill};
            for (const auto& [from, to] : op.renamed_values) reversed.renamed_values.emplace_back(to, from);
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
          [](const AlterView& op) -> Operation {
            return AlterView{op.after, op.before};
          },
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

const model::Name& target_name(const Operation& operation) {
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
                        [](const AlterView& op) -> const model::Name& { return op.before.name; },
                        [](const RebuildTable& op) -> const model::Name& { return op.after.name; },
                        [](const auto& op) -> const model::Name& { return op.table; },
                    },
                    operation);
}

}  // namespace whimbrel::operation
