#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/samples.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// See Samples. Also fills the indexes that triggers maintain.
void without_triggers(Connection& scratch, const std::function<void()>& function);
/// See Samples.
[[nodiscard]] std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                                 const std::vector<SampledTable>& tables, std::size_t most);
/// Returns a name for the rowid; nullopt if the table has none, or if columns have all of its names.
[[nodiscard]] std::optional<std::string> row_id(const model::Table& table);

}  // namespace whimbrel::dialect::sqlite
