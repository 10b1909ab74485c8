#pragma once

#include "diff/table_diff.h"

namespace whimbrel::diff {

/// `desired`, with the names that the database has for enums whose derived names differ: a column of such an enum keeps
/// its type.
[[nodiscard]] model::Schema with_current_enum_names(const model::Schema& current, model::Schema desired,
                                                    const Matcher& match);

/// Adds to the result what makes the schemas, enums and objects of the current schema fit the desired ones. To be
/// called after the tables are compared, since an enum that one of them has is not dropped.
void diff_types(const Context& context, const model::Schema& desired);

}  // namespace whimbrel::diff
