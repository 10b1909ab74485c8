#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/samples.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::mysql {

/// See Samples::copy_rows().
[[nodiscard]] std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                                 const std::vector<SampledTable>& tables, std::size_t most);

/// Runs the function without the triggers of the scratch database, which are dropped and created again: the server
/// cannot disable them.
void without_triggers(Connection& scratch, const std::function<void()>& function);

}  // namespace whimbrel::dialect::mysql
