#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/connection.h"
#include "diff/diff.h"
#include "model/privileges.h"
#include "model/type_mapping.h"
#include "operation/operation.h"
#include "plan/plan.h"
#include "sql/statement.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect {

class Samples;

/// The statements that a migration runs in both directions, as far as they are known.
struct WrittenStatements {
  std::vector<std::string> statements;
  bool complete = true;  ///< If true, the current direction runs no other statements.
};
/// A migration that may be hand-written.
struct WrittenMigration {
  std::function<WrittenStatements()> statements{};  ///< Null: it was generated for the tables as they are.
  /// The tables that were verified to be in the state for which it was generated.
  std::vector<std::string> checked{};
};

/// Guards the statements of migrations on one connection against silent data loss. Created before the transaction
/// begins; the destructor always restores the connection's settings.
class SafetyGuard {
 public:
  virtual ~SafetyGuard() = default;
  /// Runs one statement of a migration, with checks before and after it. Throws Error (unsafe) if rows would be lost
  /// that should be kept.
  virtual Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) = 0;
  /// Announces the next migration, which may be hand-written: if it rebuilds a table whose state was not verified, it
  /// may omit only columns and other parts that its statements mention. A database that alters tables in place has
  /// nothing to check.
  virtual void watch_rebuilds(WrittenMigration migration) = 0;
  /// The final check before a commit; without a transaction, after each migration.
  virtual void before_commit() = 0;
  /// Commits held statements, and restores the connection's settings. Throws if that fails, which the destructor
  /// cannot.
  virtual void finish() = 0;

  /// Runs the statements of one operation atomically, if the database can undo them: in a transaction of its own if
  /// none is open.
  virtual void run_whole(const std::function<void()>& operation) = 0;
  /// For a migration without a transaction. If no other session can see the states in between, its statements are held
  /// in a transaction from now on, so that a crash leaves nothing partially applied. It is committed before a statement
  /// that cannot run in it, and at the end with the history.
  virtual void hold_together() {}
  /// Returns whether that transaction is open. It does not belong to the migration.
  [[nodiscard]] virtual bool is_holding() const { return false; }
  /// Returns whether the database rolled back a transaction that the migration itself began, and has not begun again.
  [[nodiscard]] virtual bool has_lost_transaction() const { return false; }
  /// Called after the migration failed: commits the effects of its statements, but undoes an unfinished rebuild, or
  /// everything if that was unsafe. Returns whether changes may remain.
  virtual bool keep_done() { return true; }
};

/// The part of a schema that statements affect.
struct AffectedObjects {
  std::vector<model::Name>
      changed;                  ///< Tables, views and enums that they change; includes everything that depends on them.
  std::set<std::string> named;  ///< Words that may be names of objects that they need.
  std::size_t statements = 0;
};

/// The scope of an inspection.
struct InspectScope {
  std::vector<std::string> schemas;  ///< In addition to the connection's default schema.
  bool everything = false;           ///< If true, all schemas except for the database's own.
  bool objects = false;              ///< If true, also objects that no entity can describe. Implied by `everything`.
  /// If set, only these objects and their dependencies. Foreign keys from a dependency to a table outside the scope are
  /// ignored. A dialect may read the whole database instead.
  std::optional<AffectedObjects> part{};
  /// If true, only the changed tables of `part`.
  bool only_changed = false;
};

/// What determines how a column stores its values.
struct StoredAs {
  model::Type type;
  std::map<std::string, std::string> table_options{};
  std::optional<model::Type> base_type{};  ///< As in model::Column.
  bool operator==(const StoredAs&) const = default;
};

/// A schema with the owners and privileges of its objects.
struct OwnedSchema {
  model::Schema schema;
  model::Privileges privileges;
};

/// The statements that change owners and privileges.
struct PrivilegeChange {
  std::vector<sql::Statement> statements{};
  std::vector<std::string> notes{};  ///< Notes for the user, as display text.
  /// If true, owners or privileges differ, apart from those that every new object gets.
  bool is_difference = false;
};

/// The content of a script that is loaded.
enum class ScriptContent {
  schema,
  schema_and_privileges,  ///< Also the grants on the objects of the schema.
};

/// The risk of converting values to another type.
struct ConversionRisk {
  std::string words{};  ///< Continues `converts column "a" ...`; empty if there is no risk.
  bool loses = false;   ///< If true, the conversion is lossy: values change without an error.
};

/// What a statement can change, and thus what remains of it if the connection is lost.
enum class StatementEffect {
  nothing,  ///< It only reads.
  rows,     ///< Rows, or nothing; a rollback undoes it.
  schema,   ///< It is permanent at once, and commits the open transaction.
  program,  ///< What a procedure does; a rollback may undo only parts of it.
  session,  ///< Only the session, whose end undoes it.
  unknown,  ///< Parts of it are permanent, and others end with the session.
};

/// The purpose of a copy of a schema.
enum class CopyUse {
  generated_statements,
  any_statements,  ///< Hand-written statements: they may use any name, and must not reach anything outside the copy.
};

/// Everything that is specific to one server of a database, or to one that a program declares; a cheap value. This is
/// the only interface to databases: no other code asks which database it is.
class Dialect : public model::TypeMapping {
 public:
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Returns whether a rollback also undoes schema changes. If not, each schema change commits the open transaction
  /// with all earlier statements.
  [[nodiscard]] virtual bool has_transactional_ddl() const = 0;
  // Without transactional DDL, there is a journal of the statements of migrations (history/journal.h), which has these
  // questions.
  /// Returns the single statements of SQL that a migration runs at once.
  [[nodiscard]] virtual std::vector<std::string_view> split_statements(std::string_view sql) const { return {sql}; }
  [[nodiscard]] virtual StatementEffect effect(std::string_view statement) const {
    static_cast<void>(statement);
    return StatementEffect::schema;
  }
  /// Returns the options of a table whose rows a rollback undoes, whatever the server's default is.
  [[nodiscard]] virtual std::map<std::string, std::string> transactional_options() const { return {}; }
  /// Returns a text that a statement with an effect on the schema changes: the definitions of all objects whose names
  /// are in the statement.
  [[nodiscard]] virtual std::string catalog_state(Connection& connection, std::string_view statement) const {
    static_cast<void>(connection), static_cast<void>(statement);
    return {};
  }
  /// Returns whether catalog_state() changes when the statement completes. It does not if the statement swaps two
  /// identical objects.
  [[nodiscard]] virtual bool tells_completion(Connection& connection, std::string_view statement) const {
    static_cast<void>(connection), static_cast<void>(statement);
    return true;
  }
  /// Returns the statement that begins a transaction for writing. It waits for other writers as long as the connection
  /// does.
  [[nodiscard]] virtual std::string_view begin() const = 0;
  /// Returns the nth parameter, counted from 1.
  [[nodiscard]] std::string placeholder(std::size_t number) const { return sql::placeholder(number, syntax()); }
  [[nodiscard]] std::string quote_identifier(std::string_view name) const {
    return sql::quote_identifier(name, syntax());
  }
  /// Returns the part of a type or of SQL in a schema that is the same in every version of the database and for every
  /// spelling; empty if there is none.
  [[nodiscard]] virtual std::string lasting_type(const model::Type& type) const = 0;
  [[nodiscard]] virtual std::string lasting_sql(std::string_view sql) const = 0;
  /// Returns what lasting_sql() may have returned before the database itself rewrote the text: SQLite changes
  /// double-quoted strings to single quotes with the next rename of anything.
  [[nodiscard]] virtual std::vector<std::string> former_sql(std::string_view /*sql*/) const { return {}; }

  /// Returns whether a change of a column writes its whole definition, and not only what changes.
  [[nodiscard]] virtual bool rewrites_columns() const { return false; }

  /// Returns whether a view's column gets the new name when the column that it selects is renamed.
  [[nodiscard]] virtual bool renames_view_columns() const { return false; }

  /// Returns the risk for a column's values if its type or the options of its table change.
  [[nodiscard]] virtual ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to) const = 0;
  /// Returns the statements for operations that were processed by this dialect's Rewriter, in their order.
  [[nodiscard]] virtual std::vector<sql::Statement> generate(
      const std::vector<operation::Operation>& operations) const = 0;
  /// Does the same for operations between complete schemas. Other statements also keep what a database may have that
  /// no entity describes, such as the comment on a recreated constraint; here the operations say what it becomes.
  [[nodiscard]] virtual std::vector<sql::Statement> generate_whole(
      const std::vector<operation::Operation>& operations) const {
    return generate(operations);
  }
  /// Returns the objects of the database without the database's own ones.
  [[nodiscard]] virtual model::Schema inspect(Connection& connection, const InspectScope& scope) const = 0;
  /// Does the same, and also returns the owners and privileges, if the database has any.
  [[nodiscard]] virtual OwnedSchema inspect_owned(Connection& connection, const InspectScope& scope) const {
    return {inspect(connection, scope), {}};
  }
  /// Returns the statements that change the owners and privileges to `to`, after `operations`, which were processed by
  /// this dialect's Rewriter, have been run on the database with the owners and privileges `from`.
  [[nodiscard]] virtual PrivilegeChange change_privileges(const model::Privileges& from, const model::Privileges& to,
                                                          const std::vector<operation::Operation>& operations) const {
    static_cast<void>(from), static_cast<void>(to), static_cast<void>(operations);
    return {};
  }
  /// For a database whose definitions name the owner: gives everything in `schema` the owner that it has in `other`,
  /// and none to what is not there. Used if one schema was loaded from a file, so its owners are unknown.
  virtual void take_owners(model::Schema& schema, const model::Schema& other) const {
    static_cast<void>(schema), static_cast<void>(other);
  }
  /// Returns notes, as display text, on settings of the databases `from` and `to` that parts of their schemas depend
  /// on.
  [[nodiscard]] virtual std::vector<std::string> notes_on_settings(const ServerFacts& from, const ServerFacts& to,
                                                                   const model::Schema& schema) const {
    static_cast<void>(from), static_cast<void>(to), static_cast<void>(schema);
    return {};
  }
  /// Returns the objects that the model cannot represent, as display text: `virtual table "search"`.
  [[nodiscard]] virtual std::vector<std::string> unsupported_objects(Connection& connection,
                                                                     const InspectScope& scope) const = 0;
  /// Returns the name of the schema for which inspect() returns no name.
  [[nodiscard]] virtual std::string default_schema(Connection& connection) const = 0;
  /// Returns how the user makes one of two default schemas that of both databases, as a sentence.
  [[nodiscard]] virtual std::string way_to_same_default_schema(const std::string& first,
                                                               const std::string& second) const {
    return "Give both databases the same default schema, \"" + first + "\" or \"" + second + "\".";
  }
  /// Gives the session of a scratch database the default schema of another session, and creates it there. Returns
  /// whether it was not the default anyway. A database whose sessions all have the same one need not override it.
  [[nodiscard]] virtual bool take_default_schema(Connection& scratch, Connection& original) const {
    static_cast<void>(scratch), static_cast<void>(original);
    return false;
  }

  /// Returns the answers to the differ's questions, found with the help of the connection.
  [[nodiscard]] virtual std::unique_ptr<diff::Comparison> comparison(Connection& connection) const = 0;
  [[nodiscard]] virtual std::unique_ptr<plan::Rewriter> rewriter(Connection& connection) const = 0;
  [[nodiscard]] virtual std::unique_ptr<SafetyGuard> guard(Connection& connection) const = 0;

  /// Returns whether a transaction from begin() waits until no other such transaction is open. It then needs no
  /// migration lock.
  [[nodiscard]] virtual bool begin_excludes_others() const = 0;
  /// Takes the migration lock, which only one connection at a time can hold, until unlock() or the end of the
  /// connection; it is independent of transactions. Returns false if another connection holds it; throws Error (busy)
  /// instead if the database does its own waiting.
  [[nodiscard]] virtual bool try_lock(Connection& connection) const = 0;
  virtual void unlock(Connection& connection) const = 0;
  /// Returns the holder of the migration lock, as display text; empty if it is unknown.
  [[nodiscard]] virtual std::string lock_holder(Connection& connection) const = 0;

  /// Opens an empty temporary scratch database of the same kind and settings, for about this number of statements that
  /// were generated for the default schema. Throws Error if the connection's user may not create one.
  [[nodiscard]] virtual std::unique_ptr<Connection> open_scratch(Connection& connection,
                                                                 std::size_t statements) const = 0;
  /// Returns a scratch database with the objects of the scope, without rows, to verify a migration on. Adds objects
  /// that cannot be copied to `left_out`, as display text.
  [[nodiscard]] virtual std::unique_ptr<Connection> copy_schema(Connection& connection, const InspectScope& scope,
                                                                CopyUse use,
                                                                std::vector<std::string>& left_out) const = 0;
  /// Runs a script that creates a schema in an empty scratch database; foreign keys are not checked against rows.
  /// Throws Error (unsafe) for a statement that reaches outside the database. Messages begin with the line of the
  /// failed statement. Owners and default privileges are left out, because they depend on other roles.
  virtual void load_script(Connection& scratch, std::string_view script, ScriptContent content) const = 0;
  /// Throws Error (unsafe) if the database evidently belongs to another program and contains nothing of this one.
  /// `application_id`: the program's own; 0 if it has none.
  virtual void require_own(Connection& connection, std::int32_t application_id) const {
    static_cast<void>(connection), static_cast<void>(application_id);
  }
  /// Marks an empty database as this program's, if the database system has such a mark.
  virtual void mark_own(Connection& connection, std::int32_t application_id) const {
    static_cast<void>(connection), static_cast<void>(application_id);
  }
  /// Returns whether code in a scratch database that was opened as a confined one, such as a function that a statement
  /// calls, can reach nothing else.
  [[nodiscard]] virtual bool is_confined(Connection& scratch) const {
    static_cast<void>(scratch);
    return true;
  }
  /// Returns whether a statement failed because its user lacks a privilege.
  [[nodiscard]] virtual bool is_denied(const Error& error) const {
    static_cast<void>(error);
    return false;
  }
  /// Returns the statements as a script for the database's own shell: in one transaction if possible, with the settings
  /// of a runner and its checks before the commit.
  [[nodiscard]] virtual sql::ShellScript as_script(std::vector<sql::Statement> statements) const = 0;
  /// Returns the line of such a script that makes names without a schema mean what they do in this session; empty: the
  /// shell's own default is the same, or is given to the shell.
  [[nodiscard]] virtual std::string default_schema_line(Connection& connection) const {
    static_cast<void>(connection);
    return {};
  }
  /// Returns only the statements, written so that the database's own shell parses them as a runner does.
  [[nodiscard]] virtual sql::ShellScript as_listing(std::vector<sql::Statement> statements) const {
    return {std::move(statements)};
  }
  /// Returns the names of views and triggers that are unusable because they reference missing objects.
  [[nodiscard]] virtual std::vector<std::string> broken_objects(Connection& connection) const = 0;
  /// Returns the dialect's questions about rows and values.
  [[nodiscard]] virtual const Samples& samples() const = 0;
  /// Runs a query. Returns nullopt if one of its tables does not exist; an active transaction remains usable.
  [[nodiscard]] virtual std::optional<Rows::Data> query_if_there(Connection& connection,
                                                                 const std::string& select) const = 0;
};

}  // namespace whimbrel::dialect

namespace whimbrel {

/// A database that a program can use: its dialect and the client library that connects to it.
struct Driver {
  /// Returns the dialect for a server; for that of a connection, `make_dialect(connection.server())`.
  std::unique_ptr<const dialect::Dialect> (*make_dialect)(const dialect::ServerFacts& server);
  /// Opens the database of a URL.
  std::unique_ptr<dialect::Connection> (*open)(const dialect::ConnectionOptions& options);
  /// Wraps a connection of the program, given by the client library's handle (SQLite: a `sqlite3*`). It must not be
  /// inside a transaction; its settings are kept, and it is not closed. The URL is ignored.
  std::unique_ptr<dialect::Connection> (*attach)(void* native, const dialect::ConnectionOptions& options);
  /// Opens an empty database of this kind, which is removed with the connection. A server creates it at the URL; SQLite
  /// ignores the URL.
  std::unique_ptr<dialect::Connection> (*open_scratch)(const dialect::ConnectionOptions& options);
  /// The URL schemes of this database, terminated by a null pointer.
  const char* const* schemes;
};

}  // namespace whimbrel
