#pragma once

#include <string>

#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

/// The time zone of the session in which a statement has its meaning.
enum class Zone {
  any,     ///< It computes nothing.
  table,   ///< That of the server if what its table computes depends on the zone;
           ///< otherwise any.
  server,  ///< That of the server, as programs write in it.
  utc,     ///< For times in the statement itself, and for conversions of times.
};

[[nodiscard]] bool is_timestamp(const model::Column& column);

/// Returns the zone of a statement with this definition of a column.
[[nodiscard]] Zone zone_of(const model::Column& column);

/// Returns the zone of a statement that adds the column, whose default also gives existing rows a value.
[[nodiscard]] Zone zone_of_addition(const model::Column& column);

/// Returns the zone of a statement that redefines the column.
[[nodiscard]] Zone zone_of_change(const model::Column& before, const model::Column& after);

/// Returns the zone in which the column is backfilled with the value.
[[nodiscard]] Zone zone_of_value(const std::string& value, const model::Column& column);

/// Returns whether the new column has the value of its backfill by a default, and no row is updated, because an UPDATE
/// cannot give it: not in the history of rows, nor a time in UTC to rows whose other values depend on the zone.
[[nodiscard]] bool is_filled_by_default(const operation::AddColumn& op, bool keeps_history, bool depends_on_zone);

/// Returns whether one of its statements runs in UTC, whatever its table computes.
[[nodiscard]] bool needs_utc(const operation::Operation& operation);

}  // namespace whimbrel::dialect::mysql
