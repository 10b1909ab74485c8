#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dialect/dialect.h"
#include "entity/lower.h"
#include "history/history.h"
#include "history/journal.h"
#include "session/migrations.h"
#include "whimbrel/data_source.h"

namespace whimbrel::session {

enum class Access {
  read_write,
  read_only,  ///< Nothing will be written: the database is not created, and write access is not requested.
  existing,   ///< Like read_write, but a missing database is an error.
};

/// The checked options of a program and one connection. Every command uses it.
class Session {
 public:
  /// Throws Error for a URL without a driver and for an invalid list of migrations. Does not open the database.
  explicit Session(DataSourceOptions options, Access access = Access::read_write);

  [[nodiscard]] const DataSourceOptions& options() const { return options_; }
  /// Returns the dialect for the connected server; before that, for the declared one.
  [[nodiscard]] const dialect::Dialect& dialect() const { return *known().dialect; }
  /// Returns the program's migrations, oldest first.
  [[nodiscard]] const std::vector<KnownMigration>& migrations() const { return migrations_; }
  /// Returns the migration with exactly this name; null if the program does not contain it.
  [[nodiscard]] const KnownMigration* find_migration(std::string_view name) const;
  [[nodiscard]] const history::History& history() const { return known().history; }
  /// Used only if the dialect has no transactional DDL.
  [[nodiscard]] const history::Journal& journal() const { return known().journal; }
  /// Returns whether it is the name of the history's table or of the journal's.
  [[nodiscard]] bool is_own_table(const std::string& table) const;
  [[nodiscard]] const NamingStrategy& naming() const;
  /// Returns what the entities describe. Throws Error (entity).
  [[nodiscard]] const entity::Described& described();
  /// Returns the schema that the entities describe.
  [[nodiscard]] const model::Schema& desired() { return described().schema; }
  /// Returns the scope for the schemas of the entities, with their objects.
  [[nodiscard]] dialect::InspectScope scope();

  /// Uses this database instead of the one in the options. Call it first.
  void connect_to(std::unique_ptr<dialect::Connection> connection);
  /// Opens an empty database of the same kind, which is removed with the connection. On SQLite the database of the
  /// options need not exist.
  [[nodiscard]] std::unique_ptr<dialect::Connection> open_scratch() const;
  /// Returns the connection, which is opened by the first call.
  [[nodiscard]] dialect::Connection& connection();

  /// Throws Error (unsafe) if the database has no history of this program and evidently belongs to another one.
  void require_own();

  void log(LogLevel level, const std::string& line) const;
  /// Logs a warning, each text only once.
  void warn(const std::string& line);

  /// Stops the running command, or the next one if none is running. Safe to call from a signal handler.
  void interrupt() noexcept;
  /// Throws Error (interrupted) if interrupt() was called.
  void stop_if_interrupted();

  /// The duration of a command. Throws Error (usage) if the program left a transaction open, in which a command could
  /// neither guard nor undo anything.
  class Work {
   public:
    explicit Work(Session& session);
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

   private:
    Session& session_;
  };

 private:
  /// The parts that depend on a dialect. Those from before the connection are kept, because they may be referenced.
  struct Known {
    std::unique_ptr<const dialect::Dialect> dialect;
    history::History history;
    history::Journal journal;
    std::vector<std::string> own_tables;
    std::optional<entity::Described> described{};
  };

  [[nodiscard]] Known make_known(dialect::ServerFacts server) const;
  [[nodiscard]] const Known& known() const { return connected_ ? *connected_ : declared_; }
  [[nodiscard]] Known& known() { return connected_ ? *connected_ : declared_; }

  DataSourceOptions options_;
  Access access_;
  const Driver* driver_;
  std::vector<KnownMigration> migrations_;
  std::unordered_map<std::string_view, const KnownMigration*> migrations_by_name_;
  Known declared_;
  std::optional<Known> connected_;
  std::unique_ptr<dialect::Connection> connection_;
  std::set<std::string> warnings_;
  std::atomic<dialect::Connection*> running_{nullptr};
  std::atomic<bool> interrupted_{false};
  bool working_ = false;
};

}  // namespace whimbrel::session
