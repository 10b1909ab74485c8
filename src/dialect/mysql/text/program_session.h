#pragma once

#include <string>
#include <string_view>

/// The session that creates a trigger, a routine, an event or a view: the server stores the SQL mode and the collation
/// of literals with it, and reads and runs it with them; the times of an event are those of the session's zone.
/// https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html
/// https://dev.mysql.com/doc/refman/8.4/en/show-create-trigger.html
namespace whimbrel::dialect::mysql {

/// Returns the assignments that such a session needs. Empty: no zone, or the collation of every script.
[[nodiscard]] std::string program_session(std::string_view sql_mode, std::string_view time_zone,
                                          std::string_view collation);

/// Returns those for a view, which has no mode of its own. The collation is that of its literals.
[[nodiscard]] std::string view_session(std::string_view collation);

/// Returns the assignments of a script in which no program is created.
[[nodiscard]] std::string plain_session();

/// Returns the modes without those in which this program would read a text differently.
[[nodiscard]] std::string readable_modes(std::string_view sql_mode);

/// Returns whether the same text means the same in both. Other modes, such as the strict ones, which depend on the
/// server on which it was created, make no difference.
[[nodiscard]] bool means_the_same(std::string_view session, std::string_view other);

/// Returns the mode in which this definition cannot be a statement of a script, because its end would be read
/// differently; empty: none.
[[nodiscard]] std::string unreadable_mode(std::string_view session, std::string_view definition);

/// Returns whether a text in double quotes has a backslash, which escapes nothing where these enclose names.
[[nodiscard]] bool has_backslash_in_double_quotes(std::string_view text);

/// Returns whether double quotes enclose names.
[[nodiscard]] bool quotes_names(std::string_view session);

}  // namespace whimbrel::dialect::mysql
