#pragma once

#include <functional>
#include <memory>
#include <string>

#include "dialect/connection.h"
#include "operation/operation.h"
#include "whimbrel/error.h"

/// The default of a column that ADD COLUMN adds, which existing rows get as their value.
namespace whimbrel::dialect::sqlite {

/// Returns whether existing rows get the same value from ADD COLUMN as new ones. SQLite rejects defaults that depend on
/// the time of evaluation. It reads the others from the statement for each row; in a column without numeric affinity,
/// 1.50 then becomes the text '1.50', but TRUE a number.
[[nodiscard]] bool is_same_for_all_rows(const std::string& expression, const model::Type& type);

/// Returns whether a STRICT table stores the default in the column, according to SQLite; true if it cannot be asked.
[[nodiscard]] bool stores_default(const std::function<std::unique_ptr<Connection>()>& open_scratch,
                                  const model::Column& column);

/// Returns the error about a new column of a STRICT table that does not store the default.
[[nodiscard]] Error refused_default(const operation::AddColumn& op);

}  // namespace whimbrel::dialect::sqlite
