#include "dialect/postgres/guard/guard.h"

#include <optional>

#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/statement_text.h"
#include "dialect/postgres/text/syntax.h"
#include "dialect/statement_error.h"
#include "sql/token_reader.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Returns whether it is a statement that waits for all transactions without blocking others.
bool is_concurrent(std::string_view sql) {
  constexpr std::size_t longest_beginning = 5;
  std::size_t count = 0;
  for (const sql::Token& token : sql::tokenize(sql, postgres_syntax)) {
    if (count == 0 && !token.is("CREATE") && !token.is("DROP") && !token.is("REINDEX")) return false;
    if (token.is("CONCURRENTLY")) return true;
    if (++count == longest_beginning) return false;
  }
  return false;
}

/// Returns whether the statement begins or ends a transaction.
bool controls_transaction(std::string_view statement) {
  sql::TokenReader words(statement, postgres_syntax);
  if (words.is_any({"BEGIN", "COMMIT", "END", "ABORT"})) return true;
  if (words.is_any({"START", "PREPARE"})) return words.is("TRANSACTION", 1);
  if (!words.accept("ROLLBACK")) return false;
  if (words.is_any({"WORK", "TRANSACTION"})) words.skip();
  return !words.is("TO");
}

/// Disables the limit of the session's lock waits during its lifetime.
class NoLockTimeout {
 public:
  explicit NoLockTimeout(Connection& connection)
      : connection_(connection), limit_(connection.run("SELECT current_setting('lock_timeout')").values[0][0].text()) {
    connection.run("SET lock_timeout = 0");
  }
  NoLockTimeout(const NoLockTimeout&) = delete;
  NoLockTimeout& operator=(const NoLockTimeout&) = delete;
  ~NoLockTimeout() {
    try {
      connection_.run("SET lock_timeout = " + sql::quote_string(limit_, postgres_syntax));
    } catch (const Error&) {
      // The connection is lost, and its settings with it.
      return;
    }
  }

 private:
  Connection& connection_;
  std::string limit_;
};

class PostgresGuard final : public SafetyGuard {
 public:
  explicit PostgresGuard(Connection& connection) : connection_(connection) {}

  // Tables are changed in place.
  void watch_rebuilds(WrittenMigration /*migration*/) override {}

  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) override {
    const bool is_enclosed = connection_.is_transaction_active() && !is_own_transaction_;
    if (is_enclosed) refuse_control(sql);
    struct AtEnd {
      PostgresGuard& guard;
      bool is_enclosed;
      ~AtEnd() { guard.is_own_transaction_ = !is_enclosed && guard.connection_.is_transaction_active(); }
    } const at_end{*this, is_enclosed};
    try {
      std::optional<NoLockTimeout> no_timeout;
      if (!connection_.is_transaction_active() && is_concurrent(sql)) no_timeout.emplace(connection_);
      return parameters == nullptr ? connection_.run(sql) : connection_.run(sql, *parameters);
    } catch (Error& error) {
      if (has_sqlstate(error, "25001")) {
        error.with_remedy(
            "The statement cannot run in a transaction. Put it in a separate migration whose transaction() returns "
            "MigrationTransaction::never, and run with --transaction each.");
      } else if (has_sqlstate(error, "55P04")) {
        error.with_remedy(
            "A new enum value can be used only after its transaction commits: run with --transaction each, and use the "
            "value in a later migration than the one that adds it.");
      }
      throw;
    }
  }
  void before_commit() override {}
  void finish() override {
    if (!is_own_transaction_ || !connection_.is_transaction_active()) return;
    throw transaction_left_open();
  }
  void run_whole(const std::function<void()>& operation) override {
    const bool is_alone = !connection_.is_transaction_active();
    connection_.run(is_alone ? "BEGIN" : "SAVEPOINT whimbrel_operation");
    try {
      operation();
    } catch (...) {
      undo(is_alone);
      throw;
    }
    connection_.run(is_alone ? "COMMIT" : "RELEASE SAVEPOINT whimbrel_operation");
  }

 private:
  /// Checked before any part of the text runs, because the statements before a COMMIT in it would remain.
  static void refuse_control(std::string_view sql) {
    for (const std::string_view statement : split_statements(sql)) {
      if (controls_transaction(statement)) throw transaction_control(statement);
    }
  }

  void undo(bool is_alone) {
    try {
      if (!connection_.is_transaction_active()) return;
      connection_.run(is_alone ? "ROLLBACK"
                               : "ROLLBACK TO SAVEPOINT whimbrel_operation; RELEASE SAVEPOINT whimbrel_operation");
    } catch (const Error&) {  // An earlier error is being handled; the server undoes uncommitted changes.
    }
  }

  Connection& connection_;
  bool is_own_transaction_ = false;
};

}  // namespace

std::unique_ptr<SafetyGuard> make_guard(Connection& connection) { return std::make_unique<PostgresGuard>(connection); }

}  // namespace whimbrel::dialect::postgres
