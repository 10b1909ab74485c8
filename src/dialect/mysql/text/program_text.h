#pragma once

#include <string>
#include <string_view>

/// Clauses of the statements that create views, triggers, routines and events, as the inspector writes them.
namespace whimbrel::dialect::mysql {

/// Returns `DEFINER=`a`@`b``; empty if the object belongs to the current user.
[[nodiscard]] std::string definer_clause(std::string_view statement);

/// Returns the statement with the clause, which it does not have; the same if the clause is empty.
[[nodiscard]] std::string with_definer(std::string_view statement, const std::string& clause);

/// Returns the trigger after which this one runs; empty if it is the first.
[[nodiscard]] std::string followed_trigger(std::string_view definition);

/// Returns whether the trigger runs for each row that is updated.
[[nodiscard]] bool is_on_update(std::string_view trigger_definition);

}  // namespace whimbrel::dialect::mysql
