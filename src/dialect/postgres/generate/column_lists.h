#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "whimbrel/model.h"

/// Queries that the server deparses name columns by their positions after an alias: `t x(p, q)`, `f() f(a, b)`. Such a
/// list means other columns if the table has its columns in another order, and so do the values of a row: `ROW(1,
/// 2)::t`.
namespace whimbrel::dialect::postgres {

/// The columns of tables whose physical order is known, in that order.
using ColumnOrders = std::map<model::Name, std::vector<std::string>>;
[[nodiscard]] ColumnOrders column_orders(const model::Schema& schema);

/// The types that functions return or return sets of, by the names of the functions without their arguments.
using ResultTypes = std::map<model::Name, std::set<model::Name>>;
[[nodiscard]] ResultTypes result_types(const model::Schema& schema);

/// Returns the tables, and what else may be one, whose columns or rows the definition lists.
[[nodiscard]] std::set<model::Name> listed_tables(const std::string& definition, const ResultTypes& types);

/// Writes the statements of the view or object, which were written for one order of columns, for another order of them.
/// Throws Error (unsafe) if it is unknown which columns a list names.
void write_in_order(model::View& view, const ResultTypes& types, const ColumnOrders& from, const ColumnOrders& to);
void write_in_order(model::Object& object, const ResultTypes& types, const ColumnOrders& from, const ColumnOrders& to);

}  // namespace whimbrel::dialect::postgres
