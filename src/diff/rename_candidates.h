#pragma once

#include "diff/diff.h"
#include "diff/match.h"

namespace whimbrel::diff {

/// A column with its place among those of its table.
struct PlacedColumn {
  const model::Column* column;
  std::size_t place;
};

/// Which of the dropped columns of a table could be which of the added ones, the likeliest first: those of one type,
/// whatever its length, and those of another with a similar name. What Decisions says no to is left out.
[[nodiscard]] std::vector<RenameCandidate> find_rename_candidates(const Matcher& match, const Decisions& decisions,
                                                                  const model::Name& table,
                                                                  const std::vector<PlacedColumn>& dropped,
                                                                  const std::vector<PlacedColumn>& added);

/// Which of the values that an enum loses could be which of those that it gets, the likeliest first.
[[nodiscard]] std::vector<RenameCandidate> find_value_candidates(const Matcher& match, const Decisions& decisions,
                                                                 const model::Enum& before, const model::Enum& after);

}  // namespace whimbrel::diff
