#pragma once

#include <optional>

#include "dialect/dialect.h"

namespace whimbrel::dialect::sqlite {

/// How SQLite converts values that it stores. https://www.sqlite.org/datatype3.html#type_affinity
enum class Affinity { text, integer, numeric, real, none };

/// For a column of a table that is not STRICT.
[[nodiscard]] Affinity affinity(const model::Type& type);
[[nodiscard]] Affinity affinity(const StoredAs& stored);

/// Returns whether every value stays what it is, so that its text does, too.
[[nodiscard]] bool keeps_values(const StoredAs& from, const StoredAs& to);

/// The risk in a version of SQLite.
[[nodiscard]] ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to, int version);

/// Returns how many distinct values of a column would not be restored if they were stored as `to` and then as `from`
/// again; nullopt if there are too many to check.
[[nodiscard]] std::optional<std::size_t> changed_values(Connection& connection, const std::string& table,
                                                        const std::string& column, const StoredAs& from,
                                                        const StoredAs& to);

}  // namespace whimbrel::dialect::sqlite
