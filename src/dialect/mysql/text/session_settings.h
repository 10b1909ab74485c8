#pragma once

namespace whimbrel::dialect::mysql {

/// A variable of the session and the value that it must have.
struct RequiredSetting {
  const char* name;
  const char* value;
  bool is_text = false;
};

/// The zone in which times are read and written.
inline constexpr const char* script_time_zone = "+00:00";

/// Sets the server's default time zone, in which programs write that set none.
inline constexpr const char* server_time_zone = "time_zone = @@GLOBAL.time_zone";

/// The meaning of statements, and the text of values and definitions, depend on these variables, and on sql_mode.
/// https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html
inline constexpr RequiredSetting required_settings[] = {
    {"autocommit", "1"},
    {"completion_type", "NO_CHAIN", true},
    {"foreign_key_checks", "1"},
    {"unique_checks", "1"},
    {"sql_quote_show_create", "1"},
    {"sql_auto_is_null", "0"},
    {"time_zone", script_time_zone, true},
    {"sql_safe_updates", "0"},
    {"sql_select_limit", "18446744073709551615"},
};

/// Those that only MariaDB has. Each statement says which algorithm it needs.
inline constexpr RequiredSetting mariadb_settings[] = {
    {"check_constraint_checks", "1"},
    {"alter_algorithm", "DEFAULT"},
};

/// MariaDB's expression for whether the server is a node of a Galera cluster.
inline constexpr const char* is_in_cluster =
    "(SELECT COUNT(*) = 2 FROM information_schema.GLOBAL_VARIABLES WHERE VARIABLE_NAME = 'WSREP_ON' AND VARIABLE_VALUE "
    "= 'ON' OR VARIABLE_NAME = 'WSREP_PROVIDER' AND VARIABLE_VALUE <> 'none')";

/// What a session on a node of a Galera cluster must have as well: every node makes a schema change, and a statement
/// sees what other nodes have committed before it. https://mariadb.com/kb/en/galera-cluster-system-variables/
inline constexpr RequiredSetting cluster_settings[] = {
    {"wsrep_OSU_method", "TOI", true},
    {"wsrep_sync_wait", "15"},
};

/// Modes in which the server checks every value, and stores the one that it is given.
inline constexpr const char* required_modes[] = {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "NO_ENGINE_SUBSTITUTION",
                                                 "NO_AUTO_VALUE_ON_ZERO"};

/// The modes of a script, whose settings do not depend on a server.
inline constexpr const char* script_modes = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO";

/// Modes in which the same text means something else.
inline constexpr const char* excluded_modes[] = {"ANSI_QUOTES",
                                                 "NO_BACKSLASH_ESCAPES",
                                                 "PIPES_AS_CONCAT",
                                                 "IGNORE_SPACE",
                                                 "HIGH_NOT_PRECEDENCE",
                                                 "NO_UNSIGNED_SUBTRACTION",
                                                 "REAL_AS_FLOAT",
                                                 "ORACLE",
                                                 "MSSQL",
                                                 "ANSI",
                                                 "DB2",
                                                 "MAXDB",
                                                 "POSTGRESQL",
                                                 "NO_FIELD_OPTIONS",
                                                 "NO_KEY_OPTIONS",
                                                 "NO_TABLE_OPTIONS",
                                                 "MYSQL323",
                                                 "MYSQL40",
                                                 "EMPTY_STRING_IS_NULL",
                                                 "SIMULTANEOUS_ASSIGNMENT"};

}  // namespace whimbrel::dialect::mysql
