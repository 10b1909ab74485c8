#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/type_mapping.h"
#include "whimbrel/entities.h"
#include "whimbrel/model.h"

namespace whimbrel::entity {

/// `renamed_from` of a table or a column.
struct TableRename {
  std::string from;
  std::string to;
};
struct ColumnRename {
  std::string table;
  std::string from;
  std::string to;
};

/// What a program's entities say.
struct Described {
  model::Schema schema;
  std::vector<TableRename> table_renames;
  std::vector<ColumnRename> column_renames;
};

/// The schema that the entities describe, for the database of the mapping. The prefix goes before every table name.
///
/// Throws Error (entity), which names the entity and the member, for every mistake in a description.
[[nodiscard]] Described describe(const Entities& entities, const model::TypeMapping& mapping,
                                 std::string_view entity_prefix);

}  // namespace whimbrel::entity
