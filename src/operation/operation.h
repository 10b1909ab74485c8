#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::sql {
struct Syntax;
}

/// The vocabulary of changes. Every operation stores the old state, so that it can be reversed.
namespace whimbrel::operation {

/// A schema other than the default one.
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

/// A column of an enum type.
struct EnumColumn {
  model::Name table;
  model::Column column;  ///< After the change: its default is one of the new values.
  bool before_has_default = false;
  bool inherited = false;               ///< If true, it is converted with a parent's column, except for its default.
  std::vector<model::Name> children{};  ///< The tables that inherit the column. Filled only by a dialect's rewriter.
  bool operator==(const EnumColumn&) const = default;
};
/// Changes the values of an enum, whose name is kept.
struct AlterEnum {
  model::Enum before;
  model::Enum after;
  std::vector<EnumColumn> columns;  ///< All columns of the type. Filled only by a dialect's rewriter.
  bool recreated = false;           ///< If true, it is recreated, although it could be altered in place. As above.
  std::string free_name{};          ///< A name for the old type meanwhile. As above.
  bool operator==(const AlterEnum&) const = default;
};

/// An object that is stored only as its definition.
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

/// Creates the table with its keys, constraints, indexes and triggers.
struct CreateTable {
  model::Table table;
  bool operator==(const CreateTable&) const = default;
};
struct DropTable {
  model::Table table;
  /// If not empty, the table has this name until its rows are copied, and RebuildTable drops it. Set only by a
  /// dialect's rewriter.
  std::string kept_as{};
  bool operator==(const DropTable&) const = default;
};
/// Renames the table and all references to it.
struct RenameTable {
  model::Name from;
  model::Name to;
  bool operator==(const RenameTable&) const = default;
};
/// Changes the comment and the options of a table.
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
  std::size_t position = 0;                      ///< Its position among the columns after the change.
  std::optional<std::string> backfill;           ///< SQL that backfills existing rows; none: the column's default.
  std::optional<model::ForeignKey> foreign_key;  ///< A key over only this column that is created with it.
  bool numbers_rows = false;                     ///< If true, the database numbers all rows in it.
  /// The column before it; empty: it becomes the first; none: the last. Filled only by a dialect's rewriter.
  std::optional<std::string> behind{};
  std::vector<std::string> self_updating{};  ///< As in AlterColumn.
  bool gives_sequence_away = false;          ///< As in AlterColumn.
  bool operator==(const AddColumn&) const = default;
};
struct DropColumn {
  model::Name table;
  model::Column column;
  std::size_t position = 0;
  std::optional<model::ForeignKey> foreign_key;  ///< A key over only this column that is dropped with it.
  std::optional<std::string> backfill;           ///< For its reverse: SQL that backfills existing rows.
  bool numbers_rows = false;
  bool only = false;                    ///< If true, child tables keep the column as their own.
  std::optional<std::string> behind{};  ///< For its reverse, as in AddColumn.
  bool operator==(const DropColumn&) const = default;
};
/// Renames the column and all references to it.
struct RenameColumn {
  model::Name table;
  std::string from;
  std::string to;
  bool attribute = false;       ///< If true, it is an attribute of a composite type, and of the tables of that type.
  bool in_expressions = false;  ///< If true, expressions of the table use it. Set only by a dialect.
  bool operator==(const RenameColumn&) const = default;
};
struct AlterColumn {
  model::Name table;
  model::Column before;
  model::Column after;
  std::optional<std::string> backfill;   ///< SQL that replaces NULL in existing rows if the column becomes NOT NULL.
  std::optional<std::string> fill_back;  ///< Like the one above, for its reverse.
  /// Renamed values of its enum, which are updated in rows all at once, so that two can be swapped.
  std::vector<std::pair<std::string, std::string>> renamed_values{};
  bool numbers_rows = false;       ///< If true, the database numbers the rows whose value is NULL.
  bool numbers_rows_back = false;  ///< Like the one above, for its reverse.
  /// If true, one of the types is a text, which has the texts of the values. Created only by a dialect's rewriter.
  bool by_text = false;
  std::vector<model::Name> children{};  ///< The tables that inherit the column. Filled only by a dialect's rewriter.
  /// If true, the table may have another owner than its new sequence. Filled only by a dialect's rewriter.
  bool gives_sequence_away = false;
  /// Columns that each UPDATE of a row sets, but a backfill must not. Filled only by a dialect's rewriter.
  std::vector<std::string> self_updating{};
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
  bool concurrently = false;  ///< Without blocking writes or a transaction. Set only by a dialect's rewriter.
  bool operator==(const CreateIndex&) const = default;
};
struct DropIndex {
  model::Name table;
  model::Index index;
  bool concurrently = false;  ///< As in CreateIndex.
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
/// Replaces a view, which is not materialized, without dropping it. Created only by a dialect's rewriter.
struct AlterView {
  model::View before;
  model::View after;
  bool operator==(const AlterView&) const = default;
};

/// A part of a table that has its own name.
enum class NamedPart { constraint, index, sequence };
/// Renames a constraint, an index that is not a constraint, or the sequence of a column. Created only by a dialect's
/// rewriter.
struct RenameConstraint {
  model::Name table;
  std::string from;
  std::string to;
  NamedPart part = NamedPart::constraint;
  bool operator==(const RenameConstraint&) const = default;
};

/// A column of a rebuilt table that is copied from the old one.
struct CopiedColumn {
  std::string column;
  std::optional<std::string> source;  ///< SQL over the old table; none: the column of the same name.
  bool operator==(const CopiedColumn&) const = default;
};
/// Rebuilds a table and copies its rows, for changes that a database cannot make in place. Created only by a dialect's
/// rewriter. The names of the table before and after are the same. If the old table was kept (DropTable) and the new
/// one created, it does the rest.
struct RebuildTable {
  model::Table before;
  model::Table after;
  std::vector<CopiedColumn> copy;
  std::string temporary_name;  ///< A name that is unused in the database, or that of the old table.
  bool backwards = false;      ///< If true, the old table is renamed first, not the new one at the end.
  bool operator==(const RebuildTable&) const = default;
};

using Operation =
    std::variant<CreateSchema, DropSchema, CreateEnum, DropEnum, AlterEnum, RenameEnumValue, CreateObject, DropObject,
                 AlterObject, CreateTable, DropTable, RenameTable, AlterTable, AddColumn, DropColumn, RenameColumn,
                 AlterColumn, AlterPrimaryKey, AddUnique, DropUnique, AddCheck, DropCheck, AddExclusion, DropExclusion,
                 AddForeignKey, DropForeignKey, CreateIndex, DropIndex, CreateTrigger, DropTrigger, CreateView,
                 DropView, AlterView, RenameConstraint, RebuildTable>;

/// Calls the matching function; without a fallback, so that an unhandled new operation is a compile error.
template <class... Functions>
struct Visitor : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Visitor(Functions...) -> Visitor<Functions...>;

/// Changes the schema as the operation changes a database. Throws Error (internal) if the operation does not match it.
void apply(model::Schema& schema, const Operation& operation, const sql::Syntax& syntax);

/// Returns the operation that undoes it.
[[nodiscard]] Operation reverse(const Operation& operation);
/// Returns the operations that undo them, in the order in which they must run.
[[nodiscard]] std::vector<Operation> reverse(const std::vector<Operation>& operations);

/// Returns the table that the operation changes, or the name of a view, an enum or an object; empty for a schema.
[[nodiscard]] const model::Name& target_name(const Operation& operation);

}  // namespace whimbrel::operation
