#pragma once

#include "diff/table_diff.h"

namespace whimbrel::diff {

/// Returns `desired`, with the database's names of enums whose derived names differ: a column of such an enum keeps its
/// type, also if its table or the column is renamed.
[[nodiscard]] model::Schema with_current_enum_names(const model::Schema& current, model::Schema desired,
                                                    const Matcher& match, const Answers& answers);

/// Adds the operations that bring schemas, enums and objects in line with the desired ones to the result. Call it after
/// the tables are compared, because an enum that one of them uses is not dropped.
void diff_types(const Context& context, const model::Schema& desired);

}  // namespace whimbrel::diff
