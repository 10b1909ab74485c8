#pragma once

#include <set>
#include <string>
#include <string_view>

namespace whimbrel::dialect::postgres {

/// The treatment of a statement or a psql command in a file that creates a schema.
enum class Treatment {
  run,        ///< It creates a part of a schema.
  session,    ///< It affects the session or its transactions.
  privilege,  ///< It grants or revokes privileges on objects of the schema.
  leave_out,  ///< It is not a part of a schema: rows, owners, the database itself.
  code,       ///< Its functions may have any effect, or it changes how later text is parsed.
  refuse,     ///< It reaches outside the database, or is not known not to.
};

/// Decides by the kind of statement. Anything not known to be harmless is refused.
[[nodiscard]] Treatment treatment_of(std::string_view statement);

/// Returns whether it is `SET ..._timeout`.
[[nodiscard]] bool sets_time_limit(std::string_view statement);

/// Returns the statement; one that creates a table or a materialized view from a query creates it without rows, so that
/// the query is not executed.
[[nodiscard]] std::string without_rows(std::string_view statement);

/// Returns the first of the names that the statement contains as an identifier, as written; empty if there is none. A
/// name with Unicode escapes counts as one of them.
[[nodiscard]] std::string_view named_of(std::string_view statement, const std::set<std::string>& names);

/// Returns whether it creates a function or a procedure.
[[nodiscard]] bool makes_routine(std::string_view statement);

/// Returns whether it creates an extension, or another version of one.
[[nodiscard]] bool changes_extension(std::string_view statement);

/// Returns the name of the function in a CREATE TRIGGER statement, as written; empty for other statements.
[[nodiscard]] std::string trigger_function(std::string_view statement);

/// Decides for a psql command, from its backslash. Those that connect are left out.
[[nodiscard]] Treatment treatment_of_command(std::string_view command);

/// Returns the database to which a psql command connects; empty for other commands.
[[nodiscard]] std::string_view connected_to(std::string_view command);

}  // namespace whimbrel::dialect::postgres
