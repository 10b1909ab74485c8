#pragma once

#include <chrono>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "whimbrel/query_runner.h"

namespace whimbrel::dialect {

/// Told of each statement of a run, one by one.
class StatementObserver {
 public:
  virtual ~StatementObserver() = default;
  /// The statement was compiled and comes next; an exception keeps it and those after it from being run. The statement
  /// begins with its first token.
  virtual void before(std::string_view statement) = 0;
  virtual void after(std::string_view statement) = 0;
  /// A row came. Those that are taken are not among the rows that the run returns. What it throws ends the statement.
  virtual bool take(const std::vector<std::string>& columns, const std::vector<Value>& values) {
    static_cast<void>(columns), static_cast<void>(values);
    return false;
  }
};

/// Later than every version: all that the dialect knows of is there.
inline constexpr int newest_version = std::numeric_limits<int>::max();

/// What decides how a server must be talked to. Without a server, what the program declares of it; or else the newest
/// one is meant.
struct ServerFacts {
  std::string flavour{};         ///< Which of the databases that one client library reaches; empty: there is only one.
  int version = newest_version;  ///< As Connection::version().
  /// The settings that change how SQL is read, or how names are compared.
  std::map<std::string, std::string> settings{};
};

/// One connection to a database. Every error is whimbrel::Error with the statement, the place and the native code.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Runs one statement or several separated by `;`; the rows of the last that has any.
  virtual Rows::Data run(std::string_view sql) = 0;
  /// Runs one statement with parameters.
  virtual Rows::Data run(std::string_view sql, const std::vector<Value>& parameters) = 0;
  /// As those two (without parameters: null); the observer may use the connection.
  virtual Rows::Data run(std::string_view sql, const std::vector<Value>* parameters, StatementObserver& observer) = 0;
  /// Runs queries that do not depend on each other, at once where the database can: the rows of each.
  virtual std::vector<Rows::Data> run_together(const std::vector<std::string>& queries);
  [[nodiscard]] virtual bool is_transaction_active() const = 0;
  /// Makes the running statement fail with Error (interrupted). May be called from a signal handler.
  virtual void interrupt() noexcept = 0;
  /// Calls the function with what the database says besides errors, line by line; nobody listens by default.
  virtual void on_notice(const std::function<void(const std::string&)>& function);
  /// Makes the connection anew if it was lost, and does nothing otherwise. To be called between commands only: nothing
  /// of a transaction or of the session's settings survives. Throws when a transaction was lost that nobody has been
  /// told of, once.
  virtual void reconnect_if_lost() {}
  /// The server that it goes to, as it is for this connection. A dialect is made of it.
  [[nodiscard]] virtual ServerFacts server() const = 0;
  /// The version of the server, or of the linked library: major * 10000 + minor * 100 + patch, 34001 for 3.40.1.
  [[nodiscard]] int version() const { return server().version; }
  /// The database in words, for messages, without a password.
  [[nodiscard]] virtual std::string description() const = 0;
  /// A further connection to the same database, which may write even if this one may not. Null where there cannot be
  /// one.
  [[nodiscard]] virtual std::unique_ptr<Connection> open_again() const { return nullptr; }
  /// An empty database of the same kind and settings, gone with the connection. Null where there is no such thing.
  [[nodiscard]] virtual std::unique_ptr<Connection> open_scratch() const = 0;
  /// Of a scratch database: from now on, what only a program's own connection has (a function, a module of tables) gets
  /// a stand-in instead of being an error, and the list says in words what that leaves untried. Null: no more, but
  /// those that were made stay. A server has all that its databases use.
  virtual void stand_in_for_unknown(std::vector<std::string>* /*not_tried*/) {}
  /// Calls the function while double quotes enclose names only. SQLite otherwise reads a name that it does not find as
  /// a string.
  virtual void without_quoted_strings(const std::function<void()>& function) { function(); }
};

struct ConnectionOptions {
  std::string url;
  /// How long to wait for another connection's lock; 0: not at all.
  std::chrono::milliseconds busy_timeout{5000};
  /// Nothing will be written: do not ask for the right to write; a file that is not there is empty, and not created.
  bool read_only = false;
  /// A file that is not there is an error, and not created. The database of a server is never created.
  bool must_exist = false;
  /// Of a scratch database: what will be run there is a stranger's, and may have no rights but there. Throws Error
  /// (unsafe) where the server has no way to keep them from it.
  bool confined = false;
};

}  // namespace whimbrel::dialect
