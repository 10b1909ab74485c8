#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Returns whether these statements know the column of a table. The table is as it was read; its copy has a different
/// name or the same one.
///
/// The text is not searched for the name, which may be any word of SQL. The statements run one after the other on two
/// empty in-memory databases, one of which has the column under a random name. They know the column if SQLite accepts
/// one of them in the first and rejects it in the second, or if they add such a column to the table or its copy.
/// `SELECT *` does neither.
[[nodiscard]] bool know_column(Connection& connection, const std::vector<std::string>& statements,
                               const model::Table& table, const std::string& copy, const std::string& column);

}  // namespace whimbrel::dialect::sqlite
