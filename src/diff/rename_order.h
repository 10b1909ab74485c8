#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace whimbrel::diff {

/// Something gets another name, which others of its kind may still have. Names that are the same are equal here.
struct NamePair {
  std::string from;
  std::string to;
  bool operator==(const NamePair&) const = default;
};

/// How one of several renames is done: in one step, or in two over a temporary name.
struct RenameStep {
  enum class Part { whole, away, home };
  std::size_t rename;
  Part part;
};

/// The renames, by their places in the list, in an order in which each new name is free when it is given: a chain from
/// its end; one of a cycle goes away to a temporary name first. Left out is what would take a name that is not given
/// up.
[[nodiscard]] std::vector<RenameStep> order_renames(const std::vector<NamePair>& renames,
                                                    const std::function<bool(const std::string&)>& is_taken);

/// The renames of the cycle that this one is in, itself first; none if it is in none.
[[nodiscard]] std::vector<std::size_t> cycle_of(const std::vector<NamePair>& renames, std::size_t start);

}  // namespace whimbrel::diff
