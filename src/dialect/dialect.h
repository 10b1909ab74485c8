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
#include "model/type_mapping.h"
#include "operation/operation.h"
#include "plan/plan.h"
#include "sql/statement.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect {

class Samples;

/// What a migration runs in both directions, as far as that is known.
struct WrittenStatements {
  std::vector<std::string> statements;
  bool complete = true;  ///< Does it run no others on the way up or down that it takes now?
};
/// A migration that people may have written.
struct WrittenMigration {
  std::function<WrittenStatements()> statements{};  ///< Null: it was made for the tables as they are.
  /// The tables that are as it was made for, which has been looked at.
  std::vector<std::string> checked{};
};

/// Watches over the statements of migrations on one connection, so that none of them loses data unseen. Made before the
/// transaction begins; the destructor restores the connection's settings, whatever happened.
class SafetyGuard {
 public:
  virtual ~SafetyGuard() = default;
  /// Runs one statement of a migration, with what must be looked at before and after it. Throws Error (unsafe) when
  /// rows would go that should stay.
  virtual Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) = 0;
  /// What is run next is a migration that people may have written: a rebuild in it of a table of which nobody knows
  /// whether it is the one that it was made for may leave away only what it knows. A database that changes tables in
  /// place has nothing to look at.
  virtual void watch_rebuilds(WrittenMigration migration) = 0;
  /// The last look, before what was run is committed; without a transaction, after each migration.
  virtual void before_commit() = 0;
  /// Commits what it holds, and restores the connection's settings; throws where that fails, which the destructor
  /// cannot.
  virtual void finish() = 0;

  /// Runs the statements of one operation: all of them or, when one fails and the database can undo the others, none.
  /// In a transaction of its own where none is open.
  virtual void run_whole(const std::function<void()>& operation) = 0;
  /// For a migration that no transaction encloses. Where nobody can see what is in between, its statements are held in
  /// a transaction from now on, which is committed before one that cannot run in it, and at the end with the history: a
  /// crash leaves nothing half done.
  virtual void hold_together() {}
  /// Is that transaction open? It is none of the migration's.
  [[nodiscard]] virtual bool is_holding() const { return false; }
  /// The migration failed: commits what its statements did, but undoes a rebuild in the midst of which it was, and all
  /// if that was not safe. Can anything have stayed?
  virtual bool keep_done() { return true; }
};

/// The part of a schema that statements are about.
struct AffectedObjects {
  std::vector<model::Name>
      changed;                  ///< Tables, views and enums that they change. All that depends on them belongs to it.
  std::set<std::string> named;  ///< Words that may be names of what they need.
  std::size_t statements = 0;
};

/// Which schemas of a database are looked at.
struct InspectScope {
  std::vector<std::string> schemas;  ///< Besides the connection's default one.
  bool everything = false;           ///< All but the database's own.
  bool objects = false;              ///< Also what no entity can describe. Everything has it.
  /// Only this, with all that it needs; of what is only needed, foreign keys that lead out of it are passed over. A
  /// database in which that saves nothing may look at the whole.
  std::optional<AffectedObjects> part{};
  /// Of a part: nothing but the tables that are changed is wanted.
  bool only_changed = false;
};

/// What decides how a column keeps its values.
struct StoredAs {
  model::Type type;
  std::map<std::string, std::string> table_options{};
  bool operator==(const StoredAs&) const = default;
};

/// What can happen to values that are converted to another type.
struct ConversionRisk {
  std::string words{};  ///< They go on from `converts column "a" ...`; empty if nothing can happen.
  bool loses = false;   ///< A part of the values, without an error.
};

/// What a copy of a schema is for.
enum class CopyUse {
  generated_statements,
  any_statements,  ///< Those of people: they may name what they like, and must reach nothing but the copy.
};

/// All that is particular to one server of a database, or to one that a program declares. A cheap value of facts. The
/// only seam: nothing else asks which database it is.
class Dialect : public model::TypeMapping {
 public:
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Does a rollback undo changes of the schema? If not, such a statement commits the open transaction, and what came
  /// before it stays.
  [[nodiscard]] virtual bool has_transactional_ddl() const = 0;
  /// The statement that begins a transaction which will write; it waits for others as long as the connection waits.
  [[nodiscard]] virtual std::string_view begin() const = 0;
  /// How the nth parameter is written, from 1.
  [[nodiscard]] std::string placeholder(std::size_t number) const { return sql::placeholder(number, syntax()); }
  [[nodiscard]] std::string quote_identifier(std::string_view name) const {
    return sql::quote_identifier(name, syntax());
  }
  /// What of a type or of SQL in a schema stays the same in every version of the database, however a person or the
  /// server spells it. Empty: nothing does.
  [[nodiscard]] virtual std::string lasting_type(const model::Type& type) const = 0;
  [[nodiscard]] virtual std::string lasting_sql(std::string_view sql) const = 0;

  /// What can happen to a column's values when its type or the options of its table change.
  [[nodiscard]] virtual ConversionRisk conversion_risk(const StoredAs& from, const StoredAs& to) const = 0;
  /// The statements for operations that a Rewriter of this dialect has let through, in their order.
  [[nodiscard]] virtual std::vector<sql::Statement> generate(
      const std::vector<operation::Operation>& operations) const = 0;
  /// What is in the database but for the database's own objects.
  [[nodiscard]] virtual model::Schema inspect(Connection& connection, const InspectScope& scope) const = 0;
  /// What is in the database and cannot be said in a model, in words: `virtual table "search"`.
  [[nodiscard]] virtual std::vector<std::string> unsupported_objects(Connection& connection,
                                                                     const InspectScope& scope) const = 0;
  /// The schema of what inspect() names without one, as people call it.
  [[nodiscard]] virtual std::string default_schema(Connection& connection) const = 0;

  /// The differ's questions, answered with the help of the connection.
  [[nodiscard]] virtual std::unique_ptr<diff::Comparison> comparison(Connection& connection) const = 0;
  [[nodiscard]] virtual std::unique_ptr<plan::Rewriter> rewriter(Connection& connection) const = 0;
  [[nodiscard]] virtual std::unique_ptr<SafetyGuard> guard(Connection& connection) const = 0;

  /// Does a transaction that begin() begins wait until no other such transaction is open? Then it needs no lock of
  /// migrations besides.
  [[nodiscard]] virtual bool begin_excludes_others() const = 0;
  /// Takes the lock of migrations, which only one connection at a time can have, until unlock() or the end of the
  /// connection; transactions begin and end meanwhile. No if another connection has it, unless the database waits by
  /// itself: then Error (busy).
  [[nodiscard]] virtual bool try_lock(Connection& connection) const = 0;
  virtual void unlock(Connection& connection) const = 0;
  /// Who has the lock of migrations, in words; empty: not known.
  [[nodiscard]] virtual std::string lock_holder(Connection& connection) const = 0;

  /// An empty scratch database of the same kind and settings, on which nothing that is done lasts, for statements that
  /// were generated for the default schema: about so many. Throws Error where the connection's user may not make one.
  [[nodiscard]] virtual std::unique_ptr<Connection> open_scratch(Connection& connection,
                                                                 std::size_t statements) const = 0;
  /// A scratch database with what the scope says of `connection`'s database, without rows, for trying a migration out.
  /// `left_out` gets what could not be copied, in words.
  [[nodiscard]] virtual std::unique_ptr<Connection> copy_schema(Connection& connection, const InspectScope& scope,
                                                                CopyUse use,
                                                                std::vector<std::string>& left_out) const = 0;
  /// Runs a script that makes a schema in an empty scratch database; its rows are not checked against each other.
  /// Throws Error (unsafe) for a statement that reaches beyond the database, and begins with the line of what failed.
  virtual void load_script(Connection& scratch, std::string_view script) const = 0;
  /// Throws Error (unsafe) for a database that shows to be another program's, and has nothing of this one. The number
  /// is the program's own `application_id`, 0 if it has none.
  virtual void require_own(Connection& connection, std::int32_t application_id) const {
    static_cast<void>(connection), static_cast<void>(application_id);
  }
  /// Marks a database that has nothing yet as this program's, where such a mark exists.
  virtual void mark_own(Connection& connection, std::int32_t application_id) const {
    static_cast<void>(connection), static_cast<void>(application_id);
  }
  /// The statements as a script for the database's own shell: in one transaction where that is possible, with the
  /// settings that a runner would have made and with what it would look at before it commits.
  [[nodiscard]] virtual sql::ShellScript as_script(std::vector<sql::Statement> statements) const = 0;
  /// The statements and nothing else, written so that the database's own shell and whoever runs them read the same.
  [[nodiscard]] virtual sql::ShellScript as_listing(std::vector<sql::Statement> statements) const {
    return {std::move(statements)};
  }
  /// Views and triggers that cannot be used, by name: they refer to what is not there.
  [[nodiscard]] virtual std::vector<std::string> broken_objects(Connection& connection) const = 0;
  /// What it says of rows and values.
  [[nodiscard]] virtual const Samples& samples() const = 0;
  /// The rows of a query; nothing if a table of it is missing, after which an active transaction can go on.
  [[nodiscard]] virtual std::optional<Rows::Data> query_if_there(Connection& connection,
                                                                 const std::string& select) const = 0;
};

}  // namespace whimbrel::dialect

namespace whimbrel {

/// A database that a program can talk to: what a dialect knows, and the client library that reaches it.
struct Driver {
  /// The dialect for a server: for the one that a connection goes to, `make_dialect(connection.server())`.
  std::unique_ptr<const dialect::Dialect> (*make_dialect)(const dialect::ServerFacts& server);
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
