#pragma once

#include <string>
#include <string_view>

#include "dialect/postgres/generate/statements.h"
#include "whimbrel/model.h"

/// The statements that define and change sequences, and sequences as objects of the model.
namespace whimbrel::dialect::postgres {

/// Returns the properties that differ from the type's defaults, in the syntax of CREATE SEQUENCE.
[[nodiscard]] std::string options_text(const model::Sequence& sequence);

/// Returns the default that is the next value of the sequence, as the database deparses it.
[[nodiscard]] std::string nextval(const model::Sequence& sequence);

inline constexpr const char* sequence_kind = "sequence";
inline constexpr const char* ownership_kind = "owner of sequence";

/// The sequence as an object of its own.
[[nodiscard]] model::Object sequence_object(const model::Sequence& sequence);
/// The dependency of a sequence on the column with which it is dropped: the column's default may need the sequence, so
/// that is created first.
[[nodiscard]] model::Object ownership_object(const model::Sequence& sequence, const model::Name& table,
                                             const std::string& column);

/// Makes the owner of the table, whichever it is where the statement runs, that of the sequence. `reference`: its name
/// in SQL.
[[nodiscard]] std::string give_away_sql(const std::string& reference, const model::Name& table);

/// Returns the sequence that a column of the type gets if nothing else is said.
[[nodiscard]] model::Sequence plain_sequence(const std::string& type);

/// Returns the properties that change except those that follow the type, in the syntax of ALTER SEQUENCE; empty if
/// there are none.
[[nodiscard]] std::string changed_options(const model::Sequence& before, const model::Sequence& after);
/// Returns whether a position within the bounds may be outside of the new ones.
[[nodiscard]] bool has_narrower_bounds(const model::Sequence& before, const model::Sequence& after);
/// Changes the properties in place. A sequence that generated no number yet starts as defined. `reference`: its name in
/// SQL.
void change_options(Statements& statements, const std::string& reference, const model::Sequence& before,
                    const model::Sequence& after);
/// Changes everything except for the owner in place.
void alter_sequence(Statements& statements, const model::Sequence& before, const model::Sequence& after);

}  // namespace whimbrel::dialect::postgres
