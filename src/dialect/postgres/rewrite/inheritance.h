#pragma once

#include <map>
#include <set>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// The parents and children of tables, direct and indirect, before or after a change.
using Relatives = std::map<model::Name, std::set<model::Name>>;
[[nodiscard]] Relatives find_relatives(const model::Schema& from, const model::Schema& to);

/// Makes leaving parents and joining them separate operations, since the bounds of all changed partitions must be free
/// before any is taken. A new partition joins if it would not get the right names as one.
void split_parent_changes(std::vector<operation::Operation>& operations);

/// Adapts the changes of columns that child tables define, too, to what the server itself does to these with the
/// parent's: it changes and drops them, and merges a new one with the child's. A child keeps a column that only its
/// parent loses.
/// https://www.postgresql.org/docs/current/ddl-inherit.html
void follow_parents(std::vector<operation::Operation>& operations, const model::Schema& from, const model::Schema& to);

/// Names the child tables whose columns change with those of their parents, without a definition of their own.
void name_children(std::vector<operation::Operation>& operations, const model::Schema& from);

/// A column that parent and child get in one change is first added to the child, which then keeps its own definition,
/// and one that both lose is first dropped from the parent.
void order_merged_columns(std::vector<operation::Operation>& operations, const model::Schema& from,
                          const model::Schema& to);

}  // namespace whimbrel::dialect::postgres
