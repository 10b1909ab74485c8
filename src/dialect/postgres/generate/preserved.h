#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// What the operations would lose of the items that they drop and recreate, because no definition contains it: the
/// owner and the privileges; of a view also its defaults and the comments on its parts; of a generated column its
/// statistics target. They can be different in each database that the operations are for,
/// so statements read them there, and restore them.
struct Preserved {
  std::size_t first = 0;  ///< The operation before which `read` must run.
  std::size_t last = 0;   ///< The operation after which `restore` must run.
  std::string read;
  std::string restore;
  std::string description;  ///< Display text.
};

/// Returns nullopt if the operations recreate nothing that would lose something.
[[nodiscard]] std::optional<Preserved> preserved_by(const std::vector<operation::Operation>& operations);

/// Returns the statement that runs a block of PL/pgSQL.
[[nodiscard]] std::string do_block(const std::string& block);

}  // namespace whimbrel::dialect::postgres
