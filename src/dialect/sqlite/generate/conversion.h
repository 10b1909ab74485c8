#pragma once

#include <optional>

#include "dialect/dialect.h"

namespace whimbrel::dialect::sqlite {

/// What SQLite makes of values when it stores them. https://www.sqlite.org/datatype3.html#type_affinity
enum class Affinity { text, integer, numeric, real, none };

/// Of a column of a table that is not STRICT.
[[nodiscard]] Affinity affinity(const model::Type& type);
[[nodiscard]] Affinity affinity(const StoredAs& stored);

/// In a version of SQLite.
[[nodiscard]] ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to, int version);

/// How many different values of a column would not come back as they are if they were stored as `to` and then as `from`
/// again. Nothing if there are too many to look at.
[[nodiscard]] std::optional<std::size_t> changed_values(Connection& connection, const std::string& table,
                                                        const std::string& column, const StoredAs& from,
                                                        const StoredAs& to);

}  // namespace whimbrel::dialect::sqlite
