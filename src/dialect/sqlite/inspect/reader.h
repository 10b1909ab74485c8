#pragma once

#include <string_view>

#include "whimbrel/model.h"

/// Parses the statements of sqlite_schema with SQLite's complete grammar. Unknown text is an error with its position,
/// because a table that was read partially would be rebuilt partially.
namespace whimbrel::dialect::sqlite {

/// Parses a CREATE TABLE statement. The definition is left empty. Column constraints become table constraints, and a
/// bare word as a default becomes a string. A primary key of one INTEGER column is DESC only as a column constraint,
/// where DESC keeps the column from being the rowid.
/// https://www.sqlite.org/lang_createtable.html
[[nodiscard]] model::Table read_create_table(std::string_view sql);

/// Parses a CREATE INDEX statement. https://www.sqlite.org/lang_createindex.html
[[nodiscard]] model::Index read_create_index(std::string_view sql);

/// Returns the definition of a column in a CREATE TABLE statement, from its name to the end of its last constraint;
/// empty if there is no such column.
[[nodiscard]] std::string_view column_definition(std::string_view create_table, std::string_view column);

}  // namespace whimbrel::dialect::sqlite
