#include "dialect/sqlite/client/result_code.h"

#include <sqlite3.h>

namespace whimbrel::dialect::sqlite {

Advice advice(int code) {
  // https://www.sqlite.org/lockingv3.html#hot_journals
  if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY) {
    return {
        ErrorKind::connection, "contains the unfinished changes of a crashed program, and was opened read-only",
        "Run a command that writes, such as `migrations`, or open the database in the sqlite3 shell and read from it; "
        "both roll these changes back."};
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
      return {ErrorKind::busy, "is locked by another connection",
              "Retry when the other connection has finished writing, or raise DataSourceOptions::busy_timeout."};
    case SQLITE_LOCKED:
      return {ErrorKind::busy, "is in use by another statement of the same connection",
              "Finish or reset the program's running statements on the connection."};
    case SQLITE_INTERRUPT:
      return {ErrorKind::interrupted, "canceled the statement on request", ""};
    case SQLITE_NOTADB:
      return {
          ErrorKind::connection, "is not an SQLite database",
          "Check the path in the URL. An encrypted database can be opened only with the extension that encrypts it."};
    case SQLITE_CORRUPT:
      return {ErrorKind::connection, "is damaged",
              "Run PRAGMA integrity_check, and restore the database from a backup."};
    case SQLITE_READONLY:
      return {ErrorKind::connection, "cannot be written",
              "Check the permissions of the file and of its directory, in which SQLite creates its journal."};
    case SQLITE_CANTOPEN:
      return {ErrorKind::connection, "cannot be opened",
              "Check the path and the permissions of the file and of its directory."};
    case SQLITE_FULL:
      return {ErrorKind::connection, "cannot grow: the disk is full, or its size limit is reached",
              "Free space and run it again; uncommitted changes are rolled back."};
    case SQLITE_IOERR:
      return {ErrorKind::connection, "cannot be read or written", "Check the disk and the file system."};
    case SQLITE_AUTH:
      return {ErrorKind::statement, "is a scratch database, and the statement would reach outside it",
              "Remove the statement: verification and comparison have no access to other files, extensions and "
              "process-wide settings."};
    case SQLITE_NOMEM:
      return {ErrorKind::connection, "ran out of memory", "Free memory and run it again."};
    default:
      return {ErrorKind::statement, nullptr, ""};
  }
}

}  // namespace whimbrel::dialect::sqlite
