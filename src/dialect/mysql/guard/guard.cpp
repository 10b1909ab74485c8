#include <optional>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/text/error_code.h"
#include "dialect/mysql/text/statement_text.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/token_reader.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Returns whether the statement begins or ends a transaction. Statements that change the schema also end it, which the
/// runner expects.
bool controls_transaction(const sql::TokenReader& words) {
  if (words.is_any({"COMMIT", "XA"})) return true;
  if (words.is("BEGIN")) return words.left() == 1 || words.is("WORK", 1);
  if (words.is("START")) return words.is("TRANSACTION", 1);
  if (words.is("SET")) return words.has("autocommit");
  return words.is("ROLLBACK") && !words.is("TO", words.is("WORK", 1) ? 2 : 1);
}

/// Returns whether the statement locks tables, which commits the transaction and hides all other tables.
bool locks_tables(const sql::TokenReader& words) {
  return (words.is("LOCK") || words.is("UNLOCK")) && (words.is("TABLES", 1) || words.is("TABLE", 1));
}

/// Returns the query for the statement that sets what later statements depend on to what it is now.
std::string query_for_settings(const Server& server) {
  std::vector<std::string> numbers = {"foreign_key_checks", "unique_checks",     "sql_safe_updates",
                                      "sql_select_limit",   "lock_wait_timeout", "innodb_lock_wait_timeout"};
  // On MySQL only a privileged user can set the numbers of AUTO_INCREMENT.
  if (server.is_mariadb) {
    numbers.insert(numbers.end(), {"check_constraint_checks", "auto_increment_increment", "auto_increment_offset"});
  }
  // The collation determines the other two variables of the connection.
  std::vector<std::string> texts = {
      "sql_mode",  "character_set_client",  "character_set_results", "collation_connection",
      "time_zone", "default_storage_engine"};
  texts.emplace_back(server.is_mariadb && server.version < 110100 ? "tx_isolation" : "transaction_isolation");
  std::string query = "SELECT CONCAT(";
  const auto add = [&](const std::string& name, const std::string& value) {
    query += (query.ends_with('(') ? "'SET SESSION " : ", ', SESSION ") + name + " = ', " + value;
  };
  for (const std::string& name : numbers) add(name, "@@SESSION." + name);
  for (const std::string& name : texts) add(name, "QUOTE(@@SESSION." + name + ')');
  return query + ')';
}

class MysqlGuard final : public SafetyGuard, private StatementObserver {
 public:
  MysqlGuard(Connection& connection, const Server& server)
      : connection_(connection), query_(query_for_settings(server)), settings_(read_settings()) {}

  MysqlGuard(const MysqlGuard&) = delete;
  MysqlGuard& operator=(const MysqlGuard&) = delete;
  ~MysqlGuard() override {
    try {
      restore();
    } catch (const std::exception&) {  // The connection is lost, and its settings with it; or the logger threw.
      return;
    }
  }

  // Tables are changed in place.
  void watch_rebuilds(WrittenMigration /*migration*/) override {}

  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) override {
    are_restored_ = false;
    try {
      return connection_.run(sql, parameters, *this);
    } catch (const Error& error) {
      is_own_lost_ = is_own_lost_ || (is_own_transaction_ && error.native_code() == error_code::deadlock);
      throw;
    }
  }
  void before_commit() override { restore(); }
  void finish() override {
    if (is_own_transaction_ && connection_.is_transaction_active()) throw transaction_left_open();
    restore();
  }
  void run_whole(const std::function<void()>& operation) override;
  bool has_lost_transaction() const override { return is_own_lost_; }

 private:
  void before(std::string_view statement) override {
    if (!connection_.is_transaction_active()) is_own_transaction_ = false;
    const sql::TokenReader words(statement, mysql_syntax);
    require_own_statements(words);
    if (locks_tables(words)) refuse_lock(statement);
    if (words.is("USE")) refuse_use(statement);
    if (!controls_transaction(words)) return;
    if (connection_.is_transaction_active() && !is_own_transaction_) throw transaction_control(statement);
    is_own_transaction_ = true;
  }
  void after(std::string_view) override {}

  /// A deadlock takes the earlier statements of a transaction that the migration began by a statement. It may begin
  /// again.
  void require_own_statements(const sql::TokenReader& words) {
    if (!is_own_lost_) return;
    if (!controls_transaction(words) || words.is_any({"COMMIT", "SET"})) throw transaction_rolled_back();
    is_own_lost_ = false;
  }

  [[noreturn]] static void refuse_lock(std::string_view statement) {
    throw Error(ErrorKind::migration,
                "The migration locks tables, which commits its transaction and hides the migration history.")
        .with_remedy("Remove the statement: only one migration runs at a time, and ALTER TABLE takes its own lock.")
        .with_statement(std::string(statement));
  }

  [[noreturn]] static void refuse_use(std::string_view statement) {
    throw Error(ErrorKind::migration,
                "The migration switches to another database, so its completion would be recorded there.")
        .with_remedy(
            "Remove the statement, and qualify the name of the table with the database: "
            "`database`.`table`.")
        .with_statement(std::string(statement));
  }

  /// Empty: the session lets no query return rows (sql_select_limit).
  [[nodiscard]] std::string read_settings() const {
    const Rows::Data rows = connection_.run_often(query_, {});
    return rows.values.empty() ? std::string() : rows.values[0].at(0).text();
  }
  /// A migration may change them for its own statements. Setting them does not end a transaction.
  void restore() {
    if (are_restored_) return;
    if (read_settings() != settings_) connection_.run(settings_);
    are_restored_ = true;
  }

  void undo(bool is_alone) {
    try {
      if (!connection_.is_transaction_active()) return;
      connection_.run(is_alone ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT whimbrel_operation");
    } catch (const Error&) {  // An earlier error is being handled; the server undoes uncommitted changes.
    }
  }

  Connection& connection_;
  std::string query_;
  std::string settings_;  ///< The statement that restores them.
  bool are_restored_ = false;
  bool is_own_transaction_ = false;
  bool is_own_lost_ = false;  ///< The server rolled it back, and the migration has not begun another one.
};

/// A change of the schema commits the transaction and forgets the savepoint.
void MysqlGuard::run_whole(const std::function<void()>& operation) {
  const bool is_alone = !connection_.is_transaction_active();
  connection_.run(is_alone ? "START TRANSACTION" : "SAVEPOINT whimbrel_operation");
  try {
    operation();
  } catch (...) {
    undo(is_alone);
    throw;
  }
  if (!connection_.is_transaction_active()) return;
  if (is_alone) {
    connection_.run("COMMIT");
    return;
  }
  try {
    connection_.run("RELEASE SAVEPOINT whimbrel_operation");
  } catch (const Error& error) {
    if (error.native_code() != error_code::no_such_savepoint) throw;
  }
}

}  // namespace

std::unique_ptr<SafetyGuard> make_guard(Connection& connection, const Server& server) {
  return std::make_unique<MysqlGuard>(connection, server);
}

}  // namespace whimbrel::dialect::mysql
