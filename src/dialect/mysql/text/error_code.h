#pragma once

#include "whimbrel/error.h"

/// The numbers of errors of the server and of the client library, which Error::native_code() returns.
/// https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
/// https://mariadb.com/kb/en/mariadb-error-code-reference/
namespace whimbrel::dialect::mysql::error_code {

inline constexpr int database_exists = 1007;
inline constexpr int disk_full = 1021;
inline constexpr int no_memory = 1037;
inline constexpr int no_sort_memory = 1038;
inline constexpr int too_many_connections = 1040;
inline constexpr int no_resources = 1041;
inline constexpr int database_denied = 1044;
inline constexpr int access_denied = 1045;
inline constexpr int not_in_cluster = 1047;
inline constexpr int unknown_database = 1049;
inline constexpr int server_shutdown = 1053;
inline constexpr int duplicate_value = 1062;
inline constexpr int syntax = 1064;
inline constexpr int empty_statement = 1065;
inline constexpr int table_full = 1114;
inline constexpr int host_blocked = 1129;
inline constexpr int host_denied = 1130;
inline constexpr int table_denied = 1142;
inline constexpr int column_denied = 1143;
inline constexpr int no_such_table = 1146;
inline constexpr int local_file_denied = 1148;
inline constexpr int packet_too_large = 1153;
inline constexpr int lock_wait_timeout = 1205;
inline constexpr int deadlock = 1213;
inline constexpr int special_access_denied = 1227;
inline constexpr int option_prevents = 1290;
inline constexpr int unsupported_in_prepared = 1295;
inline constexpr int no_such_savepoint = 1305;
inline constexpr int query_interrupted = 1317;
inline constexpr int view_invalid = 1356;
inline constexpr int proc_denied = 1370;
inline constexpr int unsafe_routine = 1418;
inline constexpr int binlog_denied = 1419;
inline constexpr int socket_denied = 1698;
inline constexpr int read_only_transaction = 1792;
inline constexpr int password_expired = 1820;
inline constexpr int parent_row_lost = 1834;  ///< MariaDB's, instead of a duplicate value.
inline constexpr int read_only_mode = 1836;
inline constexpr int password_must_change = 1862;
inline constexpr int connection_killed = 1927;  ///< MariaDB's.
inline constexpr int statement_timeout = 1969;  ///< MariaDB's.
inline constexpr int query_timeout = 3024;      ///< MySQL's.
inline constexpr int account_locked = 3118;
inline constexpr int separate_modes = 3135;
inline constexpr int tls_required = 3159;
inline constexpr int session_killed = 3169;  ///< MySQL's.
inline constexpr int lock_nowait = 3572;
inline constexpr int idle_timeout = 4031;  ///< MySQL's.
inline constexpr int local_file_disabled = 3948;
inline constexpr int local_file_refused = 4166;  ///< MariaDB's.
// The client library's.
inline constexpr int socket_unreachable = 2002;
inline constexpr int host_unreachable = 2003;
inline constexpr int unknown_host = 2005;
inline constexpr int server_gone = 2006;
inline constexpr int server_lost = 2013;
inline constexpr int packet_too_large_here = 2020;
inline constexpr int tls_failed = 2026;
inline constexpr int server_lost_in = 2055;
inline constexpr int plugin_missing = 2059;
inline constexpr int network_read = 5013;
inline constexpr int network_write = 5014;

/// Returns whether the statement failed because its user lacks a privilege.
[[nodiscard]] inline bool is_denied(const Error& error) {
  switch (error.native_code()) {
    case database_denied:
    case table_denied:
    case column_denied:
    case special_access_denied:
    case proc_denied:
    case access_denied:
      return error.kind() == ErrorKind::statement;
    default:
      return false;
  }
}

/// Returns whether the statement failed because a table does not exist.
[[nodiscard]] inline bool is_missing_table(const Error& error) { return error.native_code() == no_such_table; }

}  // namespace whimbrel::dialect::mysql::error_code
