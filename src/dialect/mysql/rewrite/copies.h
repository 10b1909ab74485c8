#pragma once

#include <string>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "operation/operation.h"

/// What the server does to a whole table for a change of it.
namespace whimbrel::dialect::mysql {

/// The operations on a table that neither is new nor vanishes.
struct TableChange {
  const model::Table& before;
  const model::Table& after;
  std::vector<const operation::Operation*> operations{};
};

/// Returns whether the operation updates rows by a statement of its own.
[[nodiscard]] bool updates_rows(const operation::Operation& operation);

/// Returns whether the expression may give each row a value of its own. The server does not say so of an expression.
[[nodiscard]] bool differs_by_row(const std::string& expression, const model::Table& table);

/// Returns whether the server copies the table.
[[nodiscard]] bool copies_table(const TableChange& change, const Server& server);

/// Returns what keeps writes waiting although the table is not copied, as display text; empty: nothing does.
[[nodiscard]] std::string what_blocks_writes(const TableChange& change);

}  // namespace whimbrel::dialect::mysql
