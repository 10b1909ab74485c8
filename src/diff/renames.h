#pragma once

#include <vector>

#include "diff/diff.h"
#include "diff/match.h"

namespace whimbrel::diff {

/// Returns the decided renames that apply, in an executable order: the old name exists, and the new one is desired and
/// free or given up by another rename. A dropped table with the new name of another is dropped before.
///
/// A rename in an entity remains after it is done. Swapped names could be swapped again and again, so a swap is done
/// only if the columns show that it was not done yet. Throws Error (undecided) if they do not show it.
[[nodiscard]] std::vector<operation::Operation> find_renames(const model::Schema& current, const model::Schema& desired,
                                                             const Matcher& match, const Answers& answers,
                                                             const Ownership& ownership);

}  // namespace whimbrel::diff
