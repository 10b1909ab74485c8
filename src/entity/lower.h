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

/// A default that a column may keep, though it has another when it is made.
struct AcceptedDefault {
  model::Name table;
  std::string column;
  std::string expression;
};

/// What a program's entities say.
struct Described {
  model::Schema schema;
  std::vector<TableRename> table_renames;
  std::vector<ColumnRename> column_renames;
  std::vector<AcceptedDefault> accepted_defaults;
  // With `synchronize = false`: they are no part of the schema, and nobody touches them.
  std::vector<model::Name> tables_left_alone;  ///< Also views.
  std::vector<std::string> indexes_left_alone;
};

/// The schema that the entities describe, for the database of the mapping. The prefix goes before every table name;
/// views come in an order in which they can be made.
///
/// Throws Error (entity), which names the entity and the member, for every mistake in a description.
[[nodiscard]] Described describe(const Entities& entities, const model::TypeMapping& mapping,
                                 std::string_view entity_prefix, const NamingStrategy& naming = typeorm_naming());

}  // namespace whimbrel::entity
