#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "whimbrel/model.h"

/// The vocabulary of changes. Every operation carries what it replaces, so that it can be reversed.
namespace whimbrel::sql {
struct Syntax;
}

namespace whimbrel::operation {

/// A schema besides the default one.
struct CreateSchema {
  std::string schema;
  bool operator==(const CreateSchema&) const = default;
};
struct DropSchema {
  std::string schema;
  bool operator==(const DropSchema&) const = default;
};

struct CreateEnum {
  model::Enum type;
  bool operator==(const CreateEnum&) const = default;
};
struct DropEnum {
  model::Enum type;
  bool operator==(const DropEnum&) const = default;
};
struct RenameEnumValue {
  model::Name type;
  std::string from;
  std::string to;
  bool operator==(const RenameEnumValue&) const = default;
};

/// A column of the type of an enum.
struct EnumColumn {
  model::Name table;
  model::Column column;  ///< As it is after the change: its default is one that the new values allow.
  bool before_has_default = false;
  bool operator==(const EnumColumn&) const = default;
};
/// The values of an enum, whose name stays.
struct AlterEnum {
  model::Enum before;
  model::Enum after;
  std::vector<EnumColumn> columns;  ///< All that have the type. Only a dialect's rewriting fills it.
  bool operator==(const AlterEnum&) const = default;
};

/// What is carried as its definition only.
struct CreateObject {
  model::Object object;
  bool operator==(const CreateObject&) const = default;
};
struct DropObject {
  model::Object object;
  bool operator==(const DropObject&) const = default;
};
struct AlterObject {
  model::Object before;
  model::Object after;
  bool operator==(const AlterObject&) const = default;
};

/// Creates the table with all that belongs to it: keys, indexes, triggers.
struct CreateTable {
  model::Table table;
  bool operator==(const CreateTable&) const = default;
};
struct DropTable {
  model::Table table;
  bool operator==(const DropTable&) const = default;
};
/// Renames the table wherever its name stands.
struct RenameTable {
  model::Name from;
  model::Name to;
  bool operator==(const RenameTable&) const = default;
};
/// The comment and the options of a table.
struct AlterTable {
  model::Name table;
  std::map<std::string, std::string> options_before, options_after;
  std::string comment_before, comment_after;
  std::vector<model::Name> inherits_before, inherits_after;
  bool operator==(const AlterTable&) const = default;
};

struct AddColumn {
  model::Name table;
  model::Column column;
  std::size_t position = 0;         ///< Its place among the columns after the change.
  std::optional<std::string> fill;  ///< SQL for the rows that are already there; none: the column's default.
  std::optional<model::ForeignKey> foreign_key;  ///< A key over the column alone that is made with it.
  bool numbers_rows = false;                     ///< The database numbers the rows in it, those that are there too.
  bool operator==(const AddColumn&) const = default;
};
struct DropColumn {
  model::Name table;
  model::Column column;
  std::size_t position = 0;
  std::optional<model::ForeignKey> foreign_key;  ///< A key over the column alone that goes with it.
  std::optional<std::string> fill;               ///< Of its reverse: SQL for the rows that are there then.
  bool numbers_rows = false;
  bool only = false;  ///< Tables that inherit the column keep it as their own.
  bool operator==(const DropColumn&) const = default;
};
/// Renames the column wherever its name stands.
struct RenameColumn {
  model::Name table;
  std::string from;
  std::string to;
  bool operator==(const RenameColumn&) const = default;
};
struct AlterColumn {
  model::Name table;
  model::Column before;
  model::Column after;
  std::optional<std::string> fill;  ///< SQL for the rows whose value is NULL, when the column stops to be nullable.
  std::optional<std::string> fill_back;  ///< The same for its reverse.
  /// The values of its enum that the rows get others for: all at once, so that two can be exchanged.
  std::vector<std::pair<std::string, std::string>> renamed_values{};
  bool numbers_rows = false;       ///< The database numbers the rows whose value is NULL.
  bool numbers_rows_back = false;  ///< The same for its reverse.
  bool operator==(const AlterColumn&) const = default;
};

/// Adds (no before), drops (no after) or changes the primary key.
struct AlterPrimaryKey {
  model::Name table;
  std::optional<model::PrimaryKey> before;
  std::optional<model::PrimaryKey> after;
  bool operator==(const AlterPrimaryKey&) const = default;
};
struct AddUnique {
  model::Name table;
  model::Unique unique;
  bool operator==(const AddUnique&) const = default;
};
struct DropUnique {
  model::Name table;
  model::Unique unique;
  bool operator==(const DropUnique&) const = default;
};
struct AddCheck {
  model::Name table;
  model::Check check;
  bool operator==(const AddCheck&) const = default;
};
struct DropCheck {
  model::Name table;
  model::Check check;
  bool operator==(const DropCheck&) const = default;
};
struct AddExclusion {
  model::Name table;
  model::Exclusion exclusion;
  bool operator==(const AddExclusion&) const = default;
};
struct DropExclusion {
  model::Name table;
  model::Exclusion exclusion;
  bool operator==(const DropExclusion&) const = default;
};
struct AddForeignKey {
  model::Name table;
  model::ForeignKey foreign_key;
  bool operator==(const AddForeignKey&) const = default;
};
struct DropForeignKey {
  model::Name table;
  model::ForeignKey foreign_key;
  bool operator==(const DropForeignKey&) const = default;
};
struct CreateIndex {
  model::Name table;
  model::Index index;
  bool concurrently = false;  ///< While rows are written, in no transaction. Only a dialect's rewriting says so.
  bool operator==(const CreateIndex&) const = default;
};
struct DropIndex {
  model::Name table;
  model::Index index;
  bool concurrently = false;  ///< As above.
  bool operator==(const DropIndex&) const = default;
};
struct CreateTrigger {
  model::Name table;
  model::Trigger trigger;
  bool operator==(const CreateTrigger&) const = default;
};
struct DropTrigger {
  model::Name table;
  model::Trigger trigger;
  bool operator==(const DropTrigger&) const = default;
};
struct CreateView {
  model::View view;
  bool operator==(const CreateView&) const = default;
};
struct DropView {
  model::View view;
  bool operator==(const DropView&) const = default;
};

/// Gives a constraint or an index another name. Only a dialect's rewriting makes it.
struct RenameConstraint {
  model::Name table;
  std::string from;
  std::string to;
  bool is_index = false;  ///< One that is no constraint.
  bool operator==(const RenameConstraint&) const = default;
};

/// One column of a rebuilt table that is filled from the old one.
struct CopiedColumn {
  std::string column;
  std::optional<std::string> source;  ///< SQL over the old table; none: its column of the same name.
  bool operator==(const CopiedColumn&) const = default;
};
/// Makes a table anew and copies its rows, for what a database cannot change in place. Only a dialect's rewriting makes
/// it. The names of the table before and after are the same.
struct RebuildTable {
  model::Table before;
  model::Table after;
  std::vector<CopiedColumn> copy;
  std::string temporary_name;  ///< Free in the database.
  bool backwards = false;      ///< The old table is renamed away first, so that the new one is made under its own name.
  bool operator==(const RebuildTable&) const = default;
};

using Operation =
    std::variant<CreateSchema, DropSchema, CreateEnum, DropEnum, AlterEnum, RenameEnumValue, CreateObject, DropObject,
                 AlterObject, CreateTable, DropTable, RenameTable, AlterTable, AddColumn, DropColumn, RenameColumn,
                 AlterColumn, AlterPrimaryKey, AddUnique, DropUnique, AddCheck, DropCheck, AddExclusion, DropExclusion,
                 AddForeignKey, DropForeignKey, CreateIndex, DropIndex, CreateTrigger, DropTrigger, CreateView,
                 DropView, RenameConstraint, RebuildTable>;

/// Calls the one that fits; without a fallback, so that a new operation is an error wherever it is not handled.
template <class... Functions>
struct Visitor : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Visitor(Functions...) -> Visitor<Functions...>;

/// Changes the schema as the operation changes a database. Throws Error (internal) when the operation does not fit it.
void apply(model::Schema& schema, const Operation& operation, const sql::Syntax& syntax);

/// The operation that undoes it.
[[nodiscard]] Operation reverse(const Operation& operation);
/// The operations that undo them, in the order in which they must run.
[[nodiscard]] std::vector<Operation> reverse(const std::vector<Operation>& operations);

/// The table that the operation changes; the name of a view, an enum or an object; nothing for a schema.
[[nodiscard]] const model::Name& subject(const Operation& operation);

}  // namespace whimbrel::operation
