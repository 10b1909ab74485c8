#pragma once

#include "dialect/mysql/generate/statements.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

// The names of options that are clauses of their own.
inline constexpr const char* versioning_option = "WITH SYSTEM VERSIONING";
inline constexpr const char* period_option = "PERIOD FOR SYSTEM_TIME";
inline constexpr const char* partitions_option = "PARTITION BY";

// Options that no server has, by which the rewriter tells the generator about a table (rewrite/time_zone.h).
inline constexpr const char* server_zone_option = "in the time zone of the server";
inline constexpr const char* triggers_option = "with triggers in the time zone of the server";
/// What exists only while a column of any table changes cannot have the names that are the value, in lines.
inline constexpr const char* taken_option = "taken names";

/// Returns whether the option is a period of the application: ``PERIOD FOR `p``` with its two columns as its value.
/// https://mariadb.com/kb/en/application-time-periods/
[[nodiscard]] inline bool is_own_period(const std::string& option) { return option.starts_with("PERIOD FOR `"); }

/// Returns whether the server keeps rows that were changed or deleted.
[[nodiscard]] inline bool keeps_history(const model::Table& table) { return table.options.contains(versioning_option); }

/// Returns whether it is about versioning or new partitions, and nothing else.
[[nodiscard]] bool changes_late_options(const operation::AlterTable& op);

/// Changes the options and the comment of a table.
void change_options(Statements& statements, const operation::AlterTable& op);

}  // namespace whimbrel::dialect::mysql
