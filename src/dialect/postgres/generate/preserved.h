#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dialect/postgres/dialect.h"
#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// What the operations would lose of the items that they drop and recreate, because no definition contains it: the
/// owner and the privileges. If the schema of the database is not known, also the comments on constraints, indexes,
/// triggers and enums, the defaults and comments of columns of views, and the settings of columns and indexes, as those
/// of how they are stored, which a column loses with its type, too: entities do not describe them, and a migration also
/// runs on databases that were unknown when it was generated. All of it can be different in each database that the
/// operations are for, so statements read it there, and restore it.
struct Preserved {
  std::size_t first = 0;  ///< The operation before which `read` must run.
  std::size_t last = 0;   ///< The operation after which `restore` must run.
  std::string read;
  std::string restore;
  std::string description;  ///< Display text.
};

/// Returns nullopt if the operations recreate nothing that would lose something.
[[nodiscard]] std::optional<Preserved> preserved_by(const std::vector<operation::Operation>& operations,
                                                    TargetDatabase target);

/// Returns the statement that runs a block of PL/pgSQL.
[[nodiscard]] std::string do_block(const std::string& block);

}  // namespace whimbrel::dialect::postgres
