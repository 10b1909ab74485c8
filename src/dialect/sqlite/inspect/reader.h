#pragma once

#include <string_view>

#include "whimbrel/model.h"

/// Reads the statements that sqlite_schema keeps. SQLite's grammar, whole; what it does not know is an error that says
/// where, since a table read in part would be rebuilt in part.
namespace whimbrel::dialect::sqlite {

/// A CREATE TABLE statement. The definition is left empty. Constraints of columns become the table's; a bare word as a
/// default becomes the string that it stands for. A primary key of one INTEGER column is DESC only where that stands
/// with the column, which keeps the column from being the rowid.
/// https://www.sqlite.org/lang_createtable.html
[[nodiscard]] model::Table read_create_table(std::string_view sql);

/// A CREATE INDEX statement. https://www.sqlite.org/lang_createindex.html
[[nodiscard]] model::Index read_create_index(std::string_view sql);

/// Where the definition of a column stands in a CREATE TABLE statement: its text from the name to the end of its last
/// constraint. Empty if there is no such column.
[[nodiscard]] std::string_view column_definition(std::string_view create_table, std::string_view column);

}  // namespace whimbrel::dialect::sqlite
