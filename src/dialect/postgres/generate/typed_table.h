#pragma once

#include <string>
#include <vector>

#include "whimbrel/model.h"

/// Typed tables: `CREATE TABLE ... OF type`. In the model they are tables like others; the OF clause is an object,
/// because ALTER TABLE can add and remove it.
namespace whimbrel::dialect::postgres {

inline constexpr const char* typed_table_kind = "type of table";

/// `type`: in SQL. Its uses are the columns, and are not sorted.
[[nodiscard]] model::Object typed_table_object(const model::Name& table, const std::vector<std::string>& columns,
                                               const std::string& type);

}  // namespace whimbrel::dialect::postgres
