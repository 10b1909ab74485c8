#pragma once

#include "dialect/postgres/generate/statements.h"
#include "operation/operation.h"

/// Changes to domains and composite types.
namespace whimbrel::dialect::postgres {

/// Returns whether the server can change the type in place: a domain keeps its base type; the remaining attributes of a
/// composite type keep their order, before the new ones.
/// https://www.postgresql.org/docs/current/sql-altertype.html
[[nodiscard]] bool can_change_in_place(const model::Object& before, const model::Object& after);

/// Returns whether the change in place checks values, which the server refuses for a domain inside of the types of
/// columns: in arrays or composite types.
/// https://www.postgresql.org/docs/current/sql-alterdomain.html#SQL-ALTERDOMAIN-NOTES
[[nodiscard]] bool checks_values(const model::Object& before, const model::Object& after);

/// Returns whether the change in place gives an attribute another type, which the server refuses if columns use the
/// type.
[[nodiscard]] bool changes_attribute_types(const model::Object& before, const model::Object& after);

/// Returns whether the text of a value of one type is that of an equal value of the other, or of none: whether a
/// conversion by text loses nothing, though it may fail.
[[nodiscard]] bool keeps_texts(const model::Object& before, const model::Object& after);

/// Changes the type in place.
void change_type(Statements& statements, const model::Object& before, const model::Object& after);

}  // namespace whimbrel::dialect::postgres
