#pragma once

#include <vector>

#include "operation/operation.h"

/// Versioning and partitions of tables.
namespace whimbrel::dialect::mysql {

/// Makes these parts of the changes of a table's options operations of their own: they come after what they use.
void split_late_options(std::vector<operation::Operation>& operations);

/// Throws Error (unsafe) if the operations would delete the history of rows.
void refuse_loss_of_history(const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::mysql
