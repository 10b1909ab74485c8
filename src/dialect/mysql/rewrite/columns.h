#pragma once

#include <vector>

#include "dialect/mysql/dialect.h"
#include "model/indexed_schema.h"
#include "operation/operation.h"

/// Changes of columns that the server does not make in place, or only together with others.
namespace whimbrel::dialect::mysql {

/// Returns whether the column begins to be computed, or is computed in another way, or is virtual and becomes ordinary.
[[nodiscard]] bool must_recreate(const operation::AlterColumn& op);

/// Copies the values of these before they are dropped. The operations are in order.
void copy_virtual_columns(std::vector<operation::Operation>& operations, const model::IndexedSchema& from);

/// MariaDB keeps a check in the definition of a column, and loses it if this is written without it: the check is
/// dropped and added with the column. It cannot be dropped otherwise.
void keep_checks_of_columns(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                            const model::IndexedSchema& to, const Server& server);

/// Redefines the columns that have the character set of their table, if that changes. Otherwise they keep the old one.
void follow_character_set(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                          const model::IndexedSchema& to);

/// Fills in the character set that a column whose values are renamed has from its table: the collation decides which
/// values are equal.
void set_collations_of_enums(std::vector<operation::Operation>& operations, const model::IndexedSchema& from);

/// Recreates the checks and computed columns that use an enum whose values are renamed in place: meanwhile its column
/// holds numbers, with which an expression cannot compare texts.
void free_renamed_enums(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                        const model::IndexedSchema& to);

/// Returns whether one of the operations on the table adds a column whose default is computed from this one, as it
/// becomes. An expression that the user gives is computed from the column as it was.
[[nodiscard]] bool is_read(const operation::AlterColumn& op,
                           const std::vector<const operation::Operation*>& operations);

/// Lets an UPDATE give new columns the value of a default that may differ by row: MySQL refuses to add such a column,
/// because a replica might compute other values.
void backfill_from_defaults(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                            const Server& server);

/// Fills in where columns are added, and which columns updates of rows must keep.
void place_columns(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                   const model::IndexedSchema& to);

/// Adds an operation without a difference, by which the generator knows the names that are taken for what exists only
/// while a column changes: a script that stopped halfway leaves one.
void tell_taken_names(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                      const model::IndexedSchema& to);

}  // namespace whimbrel::dialect::mysql
