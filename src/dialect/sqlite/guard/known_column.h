#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Do these statements know the column of a table? The table is as it was read; its copy goes by another name, or by
/// the same one.
///
/// No text is searched for the name, which may be any word of SQL. The statements run, one after the other, on two
/// empty databases in memory, of which one has the column under a name that nobody knows. They know the column if
/// SQLite takes one of them here and refuses it there, or if they give such a column to the table or its copy.
/// `SELECT *` does neither.
[[nodiscard]] bool know_column(Connection& connection, const std::vector<std::string>& statements,
                               const model::Table& table, const std::string& copy, const std::string& column);

}  // namespace whimbrel::dialect::sqlite
