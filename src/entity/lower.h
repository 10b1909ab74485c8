#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/type_mapping.h"
#include "whimbrel/entities.h"
#include "whimbrel/model.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel::entity {

/// `renamed_from` of a table or a column.
struct TableRename {
  model::Name from;
  model::Name to;
};
struct ColumnRename {
  model::Name table;
  std::string from;
  std::string to;
};

/// A default that an existing column may keep, although a new column gets a different one.
struct AcceptedDefault {
  model::Name table;
  std::string column;
  std::string expression;
};

/// The lowered descriptions of a program's entities.
struct Described {
  model::Schema schema;
  std::vector<TableRename> table_renames;
  std::vector<ColumnRename> column_renames;
  std::vector<AcceptedDefault> accepted_defaults;
  // Unmanaged objects (synchronize = false): not part of the schema, and not touched.
  std::vector<model::Name> unmanaged_tables;  ///< Including views.
  std::vector<std::string> unmanaged_indexes;
};

/// Lowers the entities to a schema for the database of the mapping. The prefix is put before every table name; views
/// are in creation order.
///
/// Throws Error (entity), which names the entity and the member, for any invalid description.
[[nodiscard]] Described describe(const Entities& entities, const model::TypeMapping& mapping,
                                 std::string_view entity_prefix, const NamingStrategy& naming = typeorm_naming());

}  // namespace whimbrel::entity
