#pragma once

#include <set>
#include <string>
#include <string_view>

namespace whimbrel::dialect::postgres {

/// What becomes of a statement in a file that makes a schema, and of psql's commands in it.
enum class Treatment {
  run,        ///< It makes a part of a schema.
  session,    ///< It is about the session or its transactions.
  leave_out,  ///< It is no part of a schema: rows, owners, privileges, the database itself.
  code,       ///< It may do whatever its functions do, or has what follows read in another way than it is here.
  refuse,     ///< It reaches beyond the database, or is not known not to.
};

/// Judged by the kind of statement: what is not known to be harmless is refused.
[[nodiscard]] Treatment treatment_of(std::string_view statement);

/// Is it `SET ..._timeout`?
[[nodiscard]] bool sets_time_limit(std::string_view statement);

/// The statement; one that makes a table or a materialized view of a query's rows makes it without them, so that the
/// query is not executed.
[[nodiscard]] std::string without_rows(std::string_view statement);

/// The first of the names that the statement has as an identifier, as it stands there; empty if it has none. A name
/// that is written with Unicode escapes is taken for one of them.
[[nodiscard]] std::string_view named_of(std::string_view statement, const std::set<std::string>& names);

/// Does it make a function or a procedure?
[[nodiscard]] bool makes_routine(std::string_view statement);

/// Does it make an extension, or another version of one?
[[nodiscard]] bool changes_extension(std::string_view statement);

/// The name of the function that a CREATE TRIGGER statement makes a trigger of, as it is written; empty for others.
[[nodiscard]] std::string trigger_function(std::string_view statement);

/// Of a command of psql's, from its backslash. Those that connect are left out.
[[nodiscard]] Treatment treatment_of_command(std::string_view command);

/// What psql is told to connect to; empty if the command is another one.
[[nodiscard]] std::string_view connected_to(std::string_view command);

}  // namespace whimbrel::dialect::postgres
