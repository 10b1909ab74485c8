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
#include "session/migrations.h"
#include "whimbrel/data_source.h"

namespace whimbrel::run {

enum class Access {
  read_write,
  read_only,  ///< Nothing will be written: the database is not created, the right to write not needed.
  existing,   ///< As read_write, but a database that is not there is an error.
};

/// What every command works with: the program's options, checked, and one connection.
class Session {
 public:
  /// Throws for a URL that no driver is for and for a wrong list of migrations. Opens nothing.
  explicit Session(DataSourceOptions options, Access access = Access::read_write);

  [[nodiscard]] const DataSourceOptions& options() const { return options_; }
  /// The one for the server as soon as it is connected to; before, for the one that the program declares.
  [[nodiscard]] const dialect::Dialect& dialect() const { return *known().dialect; }
  /// Oldest first.
  [[nodiscard]] const std::vector<KnownMigration>& migrations() const { return migrations_; }
  /// The migration of exactly this name; null if the program does not contain it.
  [[nodiscard]] const KnownMigration* find_migration(std::string_view name) const;
  [[nodiscard]] const history::History& history() const { return known().history; }
  [[nodiscard]] const NamingStrategy& naming() const;
  /// What the entities say. Throws Error (entity).
  [[nodiscard]] const entity::Described& described();
  /// The schema of that.
  [[nodiscard]] const model::Schema& desired() { return described().schema; }
  /// The schemas that the entities are in, with the objects in them.
  [[nodiscard]] dialect::InspectScope scope();

  /// Works on this database instead of the options'. To be called before anything is done.
  void connect_to(std::unique_ptr<dialect::Connection> connection);
  /// An empty database of the same kind, gone with the connection. On SQLite the options' one need not be there.
  [[nodiscard]] std::unique_ptr<dialect::Connection> open_scratch() const;
  /// Opened at the first call.
  [[nodiscard]] dialect::Connection& connection();

  /// Throws Error (unsafe) for a database that has no history of this program's, and shows to be another one's.
  void require_own();

  void log(LogLevel level, const std::string& line) const;
  /// Logs a warning, but each only once.
  void warn(const std::string& line);

  /// Stops what is running, or what runs next if nothing is. May be called from a signal handler.
  void interrupt() noexcept;
  /// Throws Error (interrupted) if interrupt() was called.
  void stop_if_interrupted();

  /// The time of one command. Throws Error (usage) when the program has left a transaction open, in which a command
  /// could neither guard nor undo anything.
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
  /// What is known with a dialect. That of before the connection stays, since there may be references to it.
  struct Known {
    std::unique_ptr<const dialect::Dialect> dialect;
    history::History history;
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

}  // namespace whimbrel::run
