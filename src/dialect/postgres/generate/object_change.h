#pragma once

#include <string>

#include "operation/operation.h"

namespace whimbrel::dialect::postgres {

/// Returns whether the change can be made in place: that of a sequence, a comment or the default of a view always can,
/// that of a domain or composite type if can_change_in_place() says so, and that of others if their model::Alteration
/// allows it. Otherwise the object is recreated.
/// https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-NOTES
[[nodiscard]] bool is_replaced(const operation::AlterObject& op);

/// Returns whether CREATE OR REPLACE can change the view: it keeps its columns, before the new ones. False if the
/// columns are unknown.
/// https://www.postgresql.org/docs/current/sql-createview.html
[[nodiscard]] bool is_replaceable(const model::View& before, const model::View& after);

/// Returns the statement that gives an existing view this definition.
[[nodiscard]] std::string replacement(const model::View& view);

}  // namespace whimbrel::dialect::postgres
