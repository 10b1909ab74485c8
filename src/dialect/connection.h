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

/// Receives each statement of a run.
class StatementObserver {
 public:
  virtual ~StatementObserver() = default;
  /// Called when the statement, which begins with its first token, was compiled and is run next. An exception prevents
  /// this statement and all later ones.
  virtual void before(std::string_view statement) = 0;
  virtual void after(std::string_view statement) = 0;
  /// Called for each row. Returns whether it took the row, which is then not part of the run's result. An exception
  /// ends the statement.
  virtual bool take(const std::vector<std::string>& columns, const std::vector<Value>& values) {
    static_cast<void>(columns), static_cast<void>(values);
    return false;
  }
};

/// Newer than every version: the dialect uses all that it supports.
inline constexpr int newest_version = std::numeric_limits<int>::max();

/// The properties of a server that a dialect depends on. Without a server, those that the program declares; by default
/// the newest version.
struct ServerFacts {
  std::string flavour{};  ///< One of the databases that the same client library reaches; empty: there is only one.
  int version = newest_version;  ///< Like Connection::version().
  /// The settings that affect the parsing of SQL or the comparison of names.
  std::map<std::string, std::string> settings{};
};

/// One connection to a database. Every error is a whimbrel::Error with the statement, the position and the native code.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Runs one or more statements separated by `;`, or one with parameters (null: without). Returns the rows of the last
  /// one that has any. The observer (null: none) may use the connection.
  virtual Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters,
                             StatementObserver* observer) = 0;
  Rows::Data run(std::string_view sql) { return run_all(sql, nullptr, nullptr); }
  Rows::Data run(std::string_view sql, const std::vector<Value>& parameters) {
    return run_all(sql, &parameters, nullptr);
  }
  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters, StatementObserver& observer) {
    return run_all(sql, parameters, &observer);
  }
  /// Runs a statement of whimbrel's own that is repeated: a connection may keep it prepared.
  virtual Rows::Data run_often(std::string_view sql, const std::vector<Value>& parameters) {
    return run(sql, parameters);
  }
  /// Runs independent queries, in one round trip if the database can. Returns the rows of each.
  virtual std::vector<Rows::Data> run_together(const std::vector<std::string>& queries);
  /// Calls a function that does not use the connection: while the server works on the next statement, if the connection
  /// can, otherwise at once.
  virtual void meanwhile(const std::function<void()>& function) { function(); }
  [[nodiscard]] virtual bool is_transaction_active() const = 0;
  /// Makes the running statement fail with Error (interrupted). Safe to call from a signal handler.
  virtual void interrupt() noexcept = 0;
  /// Sets the function that receives notices of the database, line by line; by default they are discarded.
  virtual void on_notice(const std::function<void(const std::string&)>& function);
  /// Reconnects if the connection was lost; otherwise does nothing. For use between commands only, because neither a
  /// transaction nor session settings survive. Throws once if the loss of a transaction was not reported yet.
  virtual void reconnect_if_lost() {}
  /// Returns the properties of the server for this connection. Its dialect is created from them.
  [[nodiscard]] virtual ServerFacts server() const = 0;
  /// Returns the version of the server or of the linked library: major * 10000 + minor * 100 + patch, 34001 for 3.40.1.
  [[nodiscard]] int version() const { return server().version; }
  /// Returns the database as display text, without a password.
  [[nodiscard]] virtual std::string description() const = 0;
  /// Returns the absolute path of the database's file, if it does not exist and would be created by a connection that
  /// writes; otherwise an empty string.
  [[nodiscard]] virtual std::string absent_file() const { return {}; }
  /// Opens another connection to the same database, which may write even if this one may not. Null if that is
  /// impossible.
  [[nodiscard]] virtual std::unique_ptr<Connection> open_again() const { return nullptr; }
  /// Opens a connection of the same user to the same database at another server of its cluster: `host:port`. Null if
  /// that is impossible.
  [[nodiscard]] virtual std::unique_ptr<Connection> open_at(const std::string& address) const {
    static_cast<void>(address);
    return nullptr;
  }
  /// Opens an empty database of the same kind and settings, which is removed with the connection. Null if that is
  /// impossible.
  [[nodiscard]] virtual std::unique_ptr<Connection> open_scratch() const = 0;
  /// For a scratch database: from now on, unknown functions and virtual table modules, which only a program's own
  /// connection has, get a stand-in instead of causing an error; the effects on the verification are added to the list,
  /// as display text. Null: no more stand-ins; existing ones are kept. A server knows all that its databases use.
  virtual void stand_in_for_unknown(std::vector<std::string>* /*not_tried*/) {}
  /// Calls the function while double quotes can enclose only names. By default, SQLite treats an unknown name in them
  /// as a string.
  virtual void without_quoted_strings(const std::function<void()>& function) { function(); }
};

struct ConnectionOptions {
  std::string url;
  /// The time to wait for another connection's lock; 0: none.
  std::chrono::milliseconds busy_timeout{5000};
  /// If true, nothing will be written: write access is not requested, and a missing file is empty and not created.
  bool read_only = false;
  /// If true, a missing file is an error, and not created. A server's database is never created.
  bool must_exist = false;
  /// For a scratch database. If true, it runs untrusted statements, which may have no privileges outside it. Throws
  /// Error (unsafe) if the server cannot ensure that.
  bool confined = false;
};

}  // namespace whimbrel::dialect
