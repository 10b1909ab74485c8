#pragma once

#include <string>
#include <vector>

#include "dialect/mysql/rewrite/copies.h"
#include "model/indexed_schema.h"
#include "operation/operation.h"

/// Expressions over timestamps that the server stores or checks depend on the session's time zone: the programs that
/// write the rows use the server's, and statements of a migration UTC.
namespace whimbrel::dialect::mysql {

/// Returns whether a computed column, an index or a check of the table depends on the zone of the session.
[[nodiscard]] bool depends_on_time_zone(const model::Table& table);

/// Returns whether an UPDATE runs triggers of the table.
[[nodiscard]] bool has_update_trigger(const model::Table& table);

/// Returns whether the table is copied to recompute it after a statement in UTC.
[[nodiscard]] bool is_recomputed(const TableChange& change);

/// Drops what a statement in UTC would verify, and adds it again afterwards: checks and unique keys that depend on the
/// zone. A foreign key that uses such a key is remade with it.
void remake_local_constraints(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                              const model::IndexedSchema& to, const Server& server);

/// Returns what such a statement verifies all the same, as display text; empty: nothing.
[[nodiscard]] std::string verified_in_utc(const TableChange& change, const Server& server);

/// Adds operations without a difference, by which the generator knows the tables with values that depend on the zone,
/// and those whose triggers may.
void tell_time_zones(std::vector<operation::Operation>& operations, const model::IndexedSchema& from,
                     const model::IndexedSchema& to);

}  // namespace whimbrel::dialect::mysql
