#pragma once

#include <map>

#include "diff/diff.h"
#include "diff/match.h"

namespace whimbrel::diff {

/// What a table's diff needs to know of the whole.
struct Context {
  const model::Schema& current;
  const Matcher& match;
  const Decisions& decisions;
  const Ownership& ownership;
  const std::vector<operation::Operation>& renames;
  Difference& result;
  const std::map<model::Name, const model::Table*>& created;  ///< What the migrations made, by folded names.
};

/// Adds to the result what makes `current` fit `desired`, and returns the table as that makes it.
[[nodiscard]] model::Table diff_table(const Context& context, const model::Table& current, const model::Table& desired);

}  // namespace whimbrel::diff
