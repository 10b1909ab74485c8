#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "whimbrel/driver.h"
#include "whimbrel/entities.h"
#include "whimbrel/error.h"
#include "whimbrel/migration.h"

namespace whimbrel {

class NamingStrategy;

/// How migrations are grouped into transactions.
enum class TransactionMode {
  all,   ///< One transaction for all pending migrations: either all are applied or none.
  each,  ///< One transaction per migration: if one fails, earlier ones stay committed.
  none,  ///< No transaction, except for MigrationTransaction::always: a failed one leaves its finished operations.
};

enum class SynchronizeMode {
  safe,             ///< A change that would lose data is an error, and nothing is changed.
  allow_data_loss,  ///< The change is made even if it loses data.
};

/// The severity of a log line. A notice is a message from the database server that is not an error.
enum class LogLevel { error, warning, notice, info, query };
using Logger = void (*)(LogLevel level, const char* line, void* context);

struct DataSourceOptions {
  /// `sqlite:path`, relative to the working directory; `sqlite::memory:`; `postgresql://user@host/database`;
  /// `mysql://user@host/database`.
  std::string url{};  // Every member has an initialiser, so compilers do not warn if some are omitted.
  Entities entities{};
  MigrationList migrations{};
  /// Where `makemigrations` writes; the default is the directory given to whimbrel_add_migrations(). If each database
  /// has its own migrations, the directory that contains theirs.
  std::string migrations_directory{};
  std::string migrations_table = "migrations";
  /// SQLite: the program's number in the file's header (`PRAGMA application_id`), 0 if it has none. Set in a new
  /// database; a database with tables and a different number, but without this program's history, is refused.
  std::int32_t application_id = 0;
  TransactionMode transaction = TransactionMode::all;
  /// Steps that initialize() takes, in this order. Do not combine migrations_run with synchronize.
  bool drop_schema = false;     ///< If true, drops the program's tables with all rows, as DataSource::drop_schema().
  bool migrations_run = false;  ///< If true, runs pending migrations.
  bool synchronize = false;     ///< If true, changes the database to match the entities, without a migration.
  SynchronizeMode synchronize_mode = SynchronizeMode::safe;
  /// Prefix for every table name except the migrations table.
  std::string entity_prefix{};
  /// Names objects without an explicit name (whimbrel/naming_strategy.h); null: TypeORM's. Must outlive the DataSource.
  const NamingStrategy* naming = nullptr;
  /// How long a statement waits for a lock, and a run for the migration lock (0: the run does not wait).
  ///  - SQLite: the wait for other connections; 0: none.
  ///  - PostgreSQL: the session's lock_timeout, at least 1 ms, unless the URL, the role, the database or the server's
  ///    configuration sets one. An open connection of the program keeps its own.
  ///  - MariaDB and MySQL: the session's lock_wait_timeout and innodb_lock_wait_timeout, in whole seconds, rounded up,
  ///    at least 1.
  std::chrono::milliseconds busy_timeout{5000};
  /// Called for every statement and every step; null: no logging.
  Logger logger = nullptr;
  void* logger_context = nullptr;
  /// The oldest version of the database that the migrations must run on: "3.31", "15". Features that this version
  /// lacks are not used, and an entity that needs one is an error, even if the connected database has it. Empty: the
  /// version of the connected database.
  std::string server_version{};
  /// The databases that `url` can name; by default those whose targets the program links.
  Drivers drivers = detail::linked_drivers();
  /// The program's own open connection, to use instead of `url`, for example whimbrel::sqlite::connection(handle). It
  /// must not be in a transaction, and it is not closed.
  NativeConnection connection{};
};

/// A database, the entities that describe it and its migrations. Not thread-safe, except interrupt().
///
/// Any function may throw whimbrel::Error. The constructor does not open the database. The first call of initialize(),
/// run_migrations(), revert_last_migration(), pending_migrations(), synchronize() or drop_schema() does, or the first
/// statement of query_runner().
class DataSource {
 public:
  /// Throws if the URL or an entity description is invalid.
  explicit DataSource(DataSourceOptions options);
  DataSource(DataSource&&) noexcept;
  DataSource& operator=(DataSource&&) noexcept;
  ~DataSource();

  /// Opens the database and takes the steps that the options request: drop_schema, migrations_run, synchronize.
  void initialize();

  /// Runs pending migrations, oldest first, and returns their names. Takes one query if nothing is pending.
  std::vector<std::string> run_migrations();
  /// Reverts the last applied migration and returns its name; empty if none is applied.
  std::string revert_last_migration();
  /// Returns the names of the pending migrations, oldest first.
  [[nodiscard]] std::vector<std::string> pending_migrations();

  /// Changes the database to match the entities, without a migration. For tests and prototypes: docs/synchronize.md.
  void synchronize();
  /// Drops the tables of the entities, everything the migrations created, and the migrations table, with all rows.
  void drop_schema();

  /// Returns a runner for the program's own statements. Reading their rows needs whimbrel/query_runner.h.
  [[nodiscard]] QueryRunner& query_runner();

  /// Interrupts the running call, or the next one if none is running; that call rolls back and throws Error
  /// (interrupted). May be called from another thread or a signal handler.
  void interrupt() noexcept;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace whimbrel
