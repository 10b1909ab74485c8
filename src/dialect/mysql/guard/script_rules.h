#pragma once

#include <set>
#include <string>
#include <string_view>

namespace whimbrel::dialect::mysql {

/// The treatment of a statement that creates a schema, in a file or in a scratch database.
enum class Treatment {
  run,        ///< It creates or changes a part of a schema, or rows.
  session,    ///< It affects the session or its transactions.
  rows,       ///< It only reads or changes rows.
  program,    ///< It runs what is not known from its beginning: CALL, or a block of statements.
  leave_out,  ///< It is not a part of a schema: the database itself, privileges, replication.
  refuse,     ///< It reaches outside the database, or is not known not to.
};

/// Decides by the kind of statement. Anything not known to be harmless is refused.
[[nodiscard]] Treatment treatment_of(std::string_view statement);

/// Returns whether another statement begins in it, so that its end is missing. Only for those that are not run.
[[nodiscard]] bool lacks_end(std::string_view statement);

/// Returns the expression whose text PREPARE or EXECUTE IMMEDIATE makes a statement; empty for other statements.
[[nodiscard]] std::string_view dynamic_text(std::string_view statement);

/// Returns the database that USE or CREATE DATABASE names; empty for other statements.
[[nodiscard]] std::string named_database(std::string_view statement);

/// Returns the first of the databases that the statement names, or may name, before a dot: not in `a.b` where `a` is a
/// table or an alias. Empty if there is none. `databases` are in lower case.
[[nodiscard]] std::string database_in(std::string_view statement, const std::set<std::string>& databases);

/// Returns whether it may execute a text as SQL, read or write a file or change the server, or a routine that it
/// creates may do so.
[[nodiscard]] bool has_hidden_reach(std::string_view statement);

/// Throws Error (unsafe) for a statement of a scratch database that reaches outside it, as far as its text says so.
/// `others`: the other databases of the server, in lower case.
void require_inside(std::string_view statement, const std::set<std::string>& others);

/// Throws Error (unsafe) for a statement of a file whose user can reach more than the scratch database: one that names
/// one of the databases `others`, in lower case, or an event that may do so if the server runs it.
void require_apart(std::string_view statement, const std::set<std::string>& others, bool are_events_run);

/// Returns whether the statement creates or changes a table and may name a directory for its files.
[[nodiscard]] bool may_name_directory(std::string_view statement);

/// Returns whether the database was created as a scratch database.
[[nodiscard]] bool is_scratch_name(std::string_view database);

/// Returns the statement without DEFINER=..., so that the object belongs to the current user.
[[nodiscard]] std::string without_definer(std::string_view statement);

}  // namespace whimbrel::dialect::mysql
