#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Something that is dropped or created, and has properties that its definition does not contain.
struct Item {
  /// TABLE, also for a view; SEQUENCE, ROUTINE or TYPE, as GRANT knows it; STATISTICS; COLUMN; CONSTRAINT, INDEX or
  /// TRIGGER; DEFAULT, of an inherited column, which the server overwrites with the parent's; STORAGE, of a column
  /// whose type changes; or PARTITION, that is detached or attached.
  std::string_view kind;
  model::Name name;    ///< Of a part of a table, its table.
  std::string part;    ///< The name of a part of a table: of a column, for example.
  std::string target;  ///< The name in statements; of a column, its table's.
};

/// Returns whether it is a part of a table that has nothing but a comment and settings to lose.
[[nodiscard]] bool is_commented(const Item& item);

[[nodiscard]] std::vector<Item> dropped_by(const operation::Operation& operation);
[[nodiscard]] std::vector<Item> created_by(const operation::Operation& operation);

}  // namespace whimbrel::dialect::postgres
