#pragma once

#include <optional>
#include <string>

#include "operation/operation.h"

/// The definitions of views and triggers after a rename, in which the server does not rename anything.
namespace whimbrel::dialect::mysql {

[[nodiscard]] std::string renamed_in_view(const std::string& definition, const operation::RenameColumn& op);
[[nodiscard]] std::string renamed_in_view(const std::string& definition, const operation::RenameTable& op);

/// In some SQL modes, double quotes enclose names, which the lexer reads as strings.
[[nodiscard]] bool has_name_in_double_quotes(const model::Trigger& trigger, const std::string& name);

/// Returns the definition after the rename of a column, whose names are NEW.name and OLD.name, or of a table. `is_own`:
/// it is a trigger of this table. nullopt: other names in the definition may mean the column or table.
[[nodiscard]] std::optional<std::string> renamed_in_trigger(const model::Trigger& trigger,
                                                            const operation::RenameColumn& op, bool is_own);
[[nodiscard]] std::optional<std::string> renamed_in_trigger(const model::Trigger& trigger,
                                                            const operation::RenameTable& op, bool is_own);

}  // namespace whimbrel::dialect::mysql
