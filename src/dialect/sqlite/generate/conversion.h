#pragma once

#include <optional>

#include "dialect/dialect.h"

namespace whimbrel::dialect::sqlite {

/// What SQLite makes of values when it stores them. https://www.sqlite.org/datatype3.html#type_affinity
enum class Affinity { text, integer, numeric, real, none };

[[nodiscard]] Affinity affinity(const model::Type& type);

[[nodiscard]] ConversionRisk conversion_risk(const model::Type& from, const model::Type& to);

/// How many different values of a column would not come back as they are if they were stored as `to` and then as `from`
/// again. Nothing if there are too many to look at.
[[nodiscard]] std::optional<std::size_t> changed_values(Connection& connection, const std::string& table,
                                                        const model::Column& from, const model::Type& to);

}  // namespace whimbrel::dialect::sqlite
