#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "whimbrel/model.h"

/// The conversion of a column's values to another type.
namespace whimbrel::dialect::postgres {

/// Returns the expression for USING; empty if PostgreSQL's own conversion is sufficient. An explicit cast to a type
/// with a length would silently truncate longer values; ALTER TABLE's own cast, after the expression, fails instead.
[[nodiscard]] std::string conversion_sql(const model::Column& from, const model::Column& to);

/// Any effect of conversion_sql() on a value that the conversion in the other direction does not restore is a data
/// loss.
[[nodiscard]] ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to);

/// Returns the columns whose type ALTER TABLE changes, as written in the statement.
[[nodiscard]] std::vector<std::string> converted_columns(std::string_view statement);

/// Returns whether values of the one type can become values of the other at all.
[[nodiscard]] bool can_convert(const model::Column& from, const model::Column& to);

}  // namespace whimbrel::dialect::postgres
