#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/sqlite/inspect/cursor.h"
#include "whimbrel/model.h"

/// The parts of constraints that columns and tables share.
namespace whimbrel::dialect::sqlite {

/// Reads the action of `ON CONFLICT ...`, in capitals; empty if it is not next.
[[nodiscard]] std::string read_on_conflict(Cursor& cursor);

/// `(a, b)`
[[nodiscard]] std::vector<std::string> read_column_names(Cursor& cursor);

/// Reads the text after REFERENCES, without [NOT] DEFERRABLE.
void read_references(Cursor& cursor, model::ForeignKey& key);

/// Reads the text after DEFERRABLE.
[[nodiscard]] model::Deferral read_deferral(Cursor& cursor);

/// Returns the strings of `"column" IN ('a', 'b')`; nullopt for any other expression.
[[nodiscard]] std::optional<std::vector<std::string>> read_enum_values(Tokens tokens, std::string_view column);

}  // namespace whimbrel::dialect::sqlite
