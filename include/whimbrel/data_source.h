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

/// How migrations are put into transactions.
enum class TransactionMode {
  all,   ///< One for all pending migrations: all of them or none.
  each,  ///< One for each: those before a failing one stay.
  none,  ///< None, but for migrations that ask for one: a failing one leaves the operations that it finished.
};

enum class SynchronizeMode {
  safe,             ///< A change that would lose data is an error, and nothing is changed.
  allow_data_loss,  ///< It is done.
};

/// What DataSource tells a program about, line by line. A notice is what the database's server says besides errors.
enum class LogLevel { error, warning, notice, info, query };
using Logger = void (*)(LogLevel level, const char* line, void* context);

struct DataSourceOptions {
  /// `sqlite:path`, relative to the working directory; `sqlite::memory:`; `postgresql://user@host/database`.
  std::string url{};  // Every member has an initialiser, so that no compiler warns where some are left out.
  Entities entities{};
  MigrationList migrations{};
  /// Where `makemigrations` writes; the default is the directory given to whimbrel_add_migrations().
  std::string migrations_directory{};
  std::string migrations_table = "migrations";
  /// SQLite: the number in the file's header that says whose it is (`PRAGMA application_id`), 0 if the program has
  /// none. A new database gets it; one with tables and another number, and without this program's history, is refused.
  std::int32_t application_id = 0;
  TransactionMode transaction = TransactionMode::all;
  /// What initialize() does, in this order.
  bool drop_schema = false;
  bool migrations_run = false;
  bool synchronize = false;
  SynchronizeMode synchronize_mode = SynchronizeMode::safe;
  /// Put before every table name but the history's.
  std::string entity_prefix{};
  /// How what has no name is named (whimbrel/naming_strategy.h); null: as TypeORM names it. It must outlive the use.
  const NamingStrategy* naming = nullptr;
  /// How long to wait for another connection's lock; 0: not at all. PostgreSQL: its lock_timeout, unless the URL, the
  /// role or the database sets that.
  std::chrono::milliseconds busy_timeout{5000};
  /// Called with every statement and every step; none by default.
  Logger logger = nullptr;
  void* logger_context = nullptr;
  /// The oldest version of the database that the migrations must run on: "3.31", "15". Nothing that it lacks is used,
  /// and entities that ask for it are refused, though the database that is connected to may have it. Empty: only the
  /// version that is connected to counts.
  std::string server_version{};
  /// The databases that `url` can name; by default those whose targets the program links.
  Drivers drivers = detail::linked_drivers();
  /// A connection that the program has open, instead of `url`: whimbrel::sqlite::connection(handle), say. It must not
  /// be inside a transaction, and stays open.
  NativeConnection connection{};
};

/// A database, the entities that describe it and the migrations that made it. Not for use by several threads at once.
///
/// Every function throws whimbrel::Error. Nothing is read or written before the first call that says so.
class DataSource {
 public:
  /// Throws when the URL or the entities have a mistake.
  explicit DataSource(DataSourceOptions options);
  DataSource(DataSource&&) noexcept;
  DataSource& operator=(DataSource&&) noexcept;
  ~DataSource();

  /// Opens the database; then drop_schema, migrations_run and synchronize as the options say.
  void initialize();

  /// Runs what is pending, oldest first, and returns the names of what was run. One query when nothing is pending.
  std::vector<std::string> run_migrations();
  /// Reverts the migration that was applied last, and returns its name; empty when none is applied.
  std::string revert_last_migration();
  /// The names of the migrations that were not applied yet, oldest first.
  [[nodiscard]] std::vector<std::string> pending_migrations();

  /// Makes the database fit the entities without a migration. For tests and first drafts: see docs/synchronize.md.
  void synchronize();
  /// Drops the tables of the entities, what the migrations made, and the history. All rows are lost.
  void drop_schema();

  /// Runs statements of the program's own. Their rows need whimbrel/query_runner.h.
  [[nodiscard]] QueryRunner& query_runner();

  /// Stops what is running, or the next call if nothing is: it rolls back and throws Error (interrupted). May be called
  /// from another thread or a signal handler.
  void interrupt() noexcept;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace whimbrel
