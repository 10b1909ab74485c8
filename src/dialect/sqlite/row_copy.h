#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// As Samples says. An index that triggers keep is filled.
void without_triggers(Connection& scratch, const std::function<void()>& function);
/// As Samples says.
[[nodiscard]] std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                                 const std::vector<const model::Table*>& tables, std::size_t most);
/// A name by which the rowid can be reached; nothing if the table has none, or columns of all its names.
[[nodiscard]] std::optional<std::string> row_id(const model::Table& table);

}  // namespace whimbrel::dialect::sqlite
