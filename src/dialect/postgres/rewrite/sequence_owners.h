#pragma once

#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// A column can only own a sequence of its table's owner: where that may be another role, the sequence is given to it.
void give_sequences_away(std::vector<operation::Operation>& operations, const model::Schema& from,
                         const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
