#pragma once

#include <vector>

#include "model/indexed_schema.h"
#include "operation/operation.h"

/// Expressions over timestamps that the server stores or checks depend on the session's time zone: the programs that
/// write the rows use the server's, and statements of a migration UTC.
namespace whimbrel::dialect::mysql {

/// Returns whether a computed column, an index or a check of the table depends on the zone of the session.
[[nodiscard]] bool depends_on_time_zone(const model::Table& table);

/// Adds operations without a difference, by which the generator knows the tables that change in the server's zone, and
/// those that are recomputed in it at the end, because the change itself reads or writes times in UTC.
void tell_time_zones(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                     const model::IndexedSchema& to);

}  // namespace whimbrel::dialect::mysql
