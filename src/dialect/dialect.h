#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "diff/diff.h"
#include "model/type_mapping.h"
#include "operation/operation.h"
#include "plan/plan.h"
#include "sql/statement.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect {

/// Watches over the statements of migrations on one connection, so that none of them loses data unseen. Made before the
/// transaction begins; the destructor restores the connection's settings, whatever happened.
class Guard {
 public:
  virtual ~Guard() = default;
  /// Runs one statement of a migration, with what must be looked at before and after it. Throws Error (unsafe) when
  /// rows would go that should stay.
  virtual Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) = 0;
  /// The last look, before what was run is committed; without a transaction, after each migration.
  virtual void before_commit() = 0;
  /// Restores the connection's settings; throws where that fails, which the destructor cannot.
  virtual void finish() = 0;
};

/// All that is particular to one database. The only seam: nothing else asks which database it is.
class Dialect : public model::TypeMapping {
 public:
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Does a rollback undo changes of the schema?
  [[nodiscard]] virtual bool has_transactional_ddl() const = 0;
  /// The statement that begins a transaction which only one runner at a time can be in.
  [[nodiscard]] virtual std::string_view begin_exclusive() const = 0;
  /// How the nth parameter is written, from 1.
  [[nodiscard]] virtual std::string placeholder(std::size_t number) const = 0;
  [[nodiscard]] virtual std::string quote_identifier(std::string_view name) const = 0;

  /// The statements for one operation, which a Rewriter of this dialect has let through.
  [[nodiscard]] virtual std::vector<sql::Statement> generate(const operation::Operation& operation) const = 0;
  /// What is in the database but for the database's own objects.
  [[nodiscard]] virtual model::Schema inspect(Connection& connection) const = 0;
  /// What is in the database and cannot be said in a model, in words: `virtual table "search"`.
  [[nodiscard]] virtual std::vector<std::string> not_modelled(Connection& connection) const = 0;
  /// The schema of what inspect() names without one, as people call it.
  [[nodiscard]] virtual std::string default_schema(Connection& connection) const = 0;

  /// The differ's questions, answered with the help of the connection.
  [[nodiscard]] virtual std::unique_ptr<diff::Comparison> comparison(Connection& connection) const = 0;
  [[nodiscard]] virtual std::unique_ptr<plan::Rewriter> rewriter(Connection& connection) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Guard> guard(Connection& connection) const = 0;

  /// Holds the lock of migrations for runs without a transaction, until unlock or the end of the connection.
  virtual void lock(Connection& connection) const = 0;
  virtual void unlock(Connection& connection) const = 0;

  /// A scratch database with the schema of `connection`'s database, without rows, for trying a migration out.
  /// `left_out` gets what could not be copied, in words.
  [[nodiscard]] virtual std::unique_ptr<Connection> copy_schema(Connection& connection,
                                                                std::vector<std::string>& left_out) const = 0;
  /// Runs a script that makes a schema in an empty scratch database; its rows are not checked against each other.
  virtual void load_script(Connection& scratch, std::string_view script) const = 0;
  /// The statements as a script for the database's own shell: in one transaction where that is possible, and with the
  /// settings that a runner would have made.
  [[nodiscard]] virtual sql::ShellScript as_script(std::vector<sql::Statement> statements) const = 0;
  /// Views and triggers that cannot be used, by name: they refer to what is not there.
  [[nodiscard]] virtual std::vector<std::string> broken_objects(Connection& connection) const = 0;
  /// Does the error say that a table is missing? Then the history is empty.
  [[nodiscard]] virtual bool is_missing_table(const Error& error) const = 0;
};

/// The statements for a plan.
[[nodiscard]] std::vector<sql::Statement> generate(const Dialect& dialect,
                                                   const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect

namespace whimbrel {

/// A database that a program can talk to: what a dialect knows, and the client library that reaches it.
struct Driver {
  const dialect::Dialect* dialect;
  /// Opens the database of a URL.
  std::unique_ptr<dialect::Connection> (*open)(const dialect::ConnectionOptions& options);
  /// Wraps a connection that the program has open: the client library's own handle (SQLite: a `sqlite3*`). It must not
  /// be inside a transaction, and keeps its settings; it is neither changed nor closed. The URL is not looked at.
  std::unique_ptr<dialect::Connection> (*attach)(void* native, const dialect::ConnectionOptions& options);
  /// An empty database of this kind, gone with the connection. A server makes it where the URL is; SQLite does not look
  /// at the URL.
  std::unique_ptr<dialect::Connection> (*open_scratch)(const dialect::ConnectionOptions& options);
  /// The URL schemes that are this database's, ended by a null pointer.
  const char* const* schemes;
};

}  // namespace whimbrel
