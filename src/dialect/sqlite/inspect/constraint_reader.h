#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/sqlite/inspect/cursor.h"
#include "whimbrel/model.h"

/// What columns and tables have in common in their constraints.
namespace whimbrel::dialect::sqlite {

/// The action of `ON CONFLICT ...` in capitals; empty if it does not stand here.
[[nodiscard]] std::string read_on_conflict(Cursor& cursor);

/// `(a, b)`
[[nodiscard]] std::vector<std::string> read_column_names(Cursor& cursor);

/// What follows REFERENCES, but for [NOT] DEFERRABLE.
void read_references(Cursor& cursor, model::ForeignKey& key);

/// What follows DEFERRABLE.
[[nodiscard]] model::Deferral read_deferral(Cursor& cursor);

/// The strings of `"column" IN ('a', 'b')`; nothing if the tokens are any other expression.
[[nodiscard]] std::optional<std::vector<std::string>> read_enum_values(Tokens tokens, std::string_view column);

}  // namespace whimbrel::dialect::sqlite
