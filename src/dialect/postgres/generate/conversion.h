#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "whimbrel/model.h"

/// How the values of a column become those of another type.
namespace whimbrel::dialect::postgres {

/// The expression for USING; empty if PostgreSQL's own conversion does. An explicit cast to a type with a length would
/// cut the values that are longer without a word; ALTER TABLE's own one, which comes after the expression, fails.
[[nodiscard]] std::string conversion_sql(const model::Column& from, const model::Column& to);

/// Whatever conversion_sql() does to a value that does not come back by the conversion in the other direction is a
/// loss.
[[nodiscard]] ConversionRisk conversion_risk(const model::Type& from_type, const model::Type& to_type);

/// The columns to which ALTER TABLE gives another type, as they stand in the statement.
[[nodiscard]] std::vector<std::string> converted_columns(std::string_view statement);

}  // namespace whimbrel::dialect::postgres
