#pragma once

#include <vector>

#include "diff/diff.h"
#include "diff/match.h"

namespace whimbrel::diff {

/// The decided renames that apply, in an order in which they can be done: the old name is there, the new one is wanted,
/// and free or given up by another rename. What has the new name of a table and goes is dropped before.
///
/// What an entity says stays when it is done. Where that could be done again and again, since names are exchanged, it
/// is done only if the columns themselves say that it was not. Throws Error (undecided) if they cannot say.
[[nodiscard]] std::vector<operation::Operation> find_renames(const model::Schema& current, const model::Schema& desired,
                                                             const Matcher& match, const Decisions& decisions,
                                                             const Ownership& ownership);

}  // namespace whimbrel::diff
