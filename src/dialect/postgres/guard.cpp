#include "dialect/postgres/guard.h"

#include <optional>

#include "dialect/postgres/sqlstate.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

/// Is it one of the statements that wait for all transactions, and keep nobody waiting meanwhile?
bool is_concurrent(std::string_view sql) {
  constexpr std::size_t longest_beginning = 5;
  std::size_t count = 0;
  for (const sql::Token& token : sql::tokenize(sql)) {
    if (count == 0 && !token.is("CREATE") && !token.is("DROP") && !token.is("REINDEX")) return false;
    if (token.is("CONCURRENTLY")) return true;
    if (++count == longest_beginning) return false;
  }
  return false;
}

/// The session waits for locks as long as it takes, while this lives.
class Patience {
 public:
  explicit Patience(Connection& connection)
      : connection_(connection), limit_(connection.run("SELECT current_setting('lock_timeout')").values[0][0].text()) {
    connection.run("SET lock_timeout = 0");
  }
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;
  ~Patience() {
    try {
      connection_.run("SET lock_timeout = " + sql::quote_string(limit_));
    } catch (const Error&) {
      // The connection is lost, and its settings with it.
      return;
    }
  }

 private:
  Connection& connection_;
  std::string limit_;
};

class PostgresGuard final : public Guard {
 public:
  explicit PostgresGuard(Connection& connection) : connection_(connection) {}

  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) override {
    try {
      std::optional<Patience> patience;
      if (!connection_.is_transaction_active() && is_concurrent(sql)) patience.emplace(connection_);
      return parameters == nullptr ? connection_.run(sql) : connection_.run(sql, *parameters);
    } catch (Error& error) {
      if (has_sqlstate(error, "25001")) {
        error.with_remedy(
            "The statement runs in no transaction: put it into a migration of its own whose transaction() returns "
            "MigrationTransaction::never, and run with --transaction each.");
      } else if (has_sqlstate(error, "55P04")) {
        error.with_remedy(
            "A value that was added to an enum can be used when the transaction is committed: run with "
            "--transaction each, and use it in a later migration than the one that adds it.");
      }
      throw;
    }
  }
  void before_commit() override {}
  void finish() override {}

 private:
  Connection& connection_;
};

}  // namespace

std::unique_ptr<Guard> make_guard(Connection& connection) { return std::make_unique<PostgresGuard>(connection); }

}  // namespace whimbrel::dialect::postgres
