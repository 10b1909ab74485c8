#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "whimbrel/model.h"

namespace whimbrel::diff {

/// A rename to a name that another object of the same kind may still have. Equal names compare equal here.
struct NamePair {
  std::string from;
  std::string to;
  bool operator==(const NamePair&) const = default;
};

/// How one of several renames is done: in one step, or in two through a temporary name.
struct RenameStep {
  enum class Part { whole, away, home };
  std::size_t rename;
  Part part;
};

/// Returns the renames, by their positions in the list, in an order in which each new name is free: a chain starts from
/// its end, and one of a cycle is first renamed to a temporary name. A rename to a name that remains in use is left
/// out.
[[nodiscard]] std::vector<RenameStep> order_renames(const std::vector<NamePair>& renames,
                                                    const std::function<bool(const std::string&)>& is_taken);

/// Returns the renames of the cycle that contains this one, itself first; none if there is no cycle.
[[nodiscard]] std::vector<std::size_t> cycle_of(const std::vector<NamePair>& renames, std::size_t start);

/// Returns the names of the indexes, keys and sequences that move with the table.
[[nodiscard]] std::vector<std::string> relations_of(const model::Table& table);

}  // namespace whimbrel::diff
