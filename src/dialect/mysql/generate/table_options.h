#pragma once

#include "dialect/mysql/generate/statements.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// Changes the options and the comment of a table. Throws Error (unsafe) if that would delete rows.
void change_options(Statements& statements, const operation::AlterTable& op);

}  // namespace whimbrel::dialect::mysql
