#pragma once

#include <string>

#include "whimbrel/model.h"

namespace whimbrel::plan {

/// Throws Error (unsafe) for a type that is dropped but still that of a column.
[[noreturn]] void refuse_lost_type(const model::Table& table, const model::Column& column,
                                   const model::Reference& type);

/// Throws Error (unsafe) for an item that stays and uses something that is dropped: `View "v" uses something`.
[[noreturn]] void refuse_broken(const std::string& dependent, const std::string& kind);

}  // namespace whimbrel::plan
