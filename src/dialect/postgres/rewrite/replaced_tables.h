#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "plan/order.h"

/// Tables that become partitioned or cease to be, which the server cannot do in place: the old table gets another name,
/// the new one is created with its partitions, the rows are copied, and the old one is dropped.
namespace whimbrel::dialect::postgres {

using TableSets = std::map<model::Name, std::set<model::Name>>;

/// The tables that are replaced: those whose rows are copied by RebuildTable, and what belongs to them.
struct ReplacedTables {
  std::map<model::Name, model::Name> kept;  ///< The old tables and their partitions that get other names, by which.
  TableSets members;                        ///< The new tables and all of their partitions.
  TableSets parents;                        ///< The partitioned tables that contain one, and lack its rows meanwhile.

  [[nodiscard]] bool empty() const { return kept.empty(); }
};

/// Replaces the operations on such tables by DropTable and CreateTable, and a RebuildTable where rows are copied: those
/// of partitions are copied with their table's. Throws Error (unsafe) for values that a copy cannot convert.
[[nodiscard]] ReplacedTables replace_tables(std::vector<operation::Operation>& operations, const model::Schema& from,
                                            const model::Schema& to);

/// Lets the row level security of new tables, and the triggers of all tables that get rows, wait for the copies.
void copy_undisturbed(std::vector<operation::Operation>& operations, const ReplacedTables& replaced,
                      const model::Schema& from, const model::Schema& to);

/// Throws Error (unsafe) if a type that a replaced table has is recreated: the old table would have the old one.
void refuse_recreated_types(const std::vector<operation::Operation>& operations, const ReplacedTables& replaced,
                            const model::Schema& from);

/// Adds the places of RebuildTable: behind everything that takes the rows, and before everything that needs them.
void add_copy_dependencies(const std::vector<operation::Operation>& operations, const ReplacedTables& replaced,
                           std::vector<plan::Dependency>& dependencies);

/// Returns the schema without the replaced tables.
[[nodiscard]] model::Schema without(model::Schema schema, const ReplacedTables& replaced);

/// Returns notes on the copies, as display text.
[[nodiscard]] std::vector<std::string> notes_on_copies(const std::vector<operation::Operation>& operations,
                                                       const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
