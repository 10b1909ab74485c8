#include "dialect/postgres/guard.h"

#include "dialect/postgres/sqlstate.h"

namespace whimbrel::dialect::postgres {

namespace {

class PostgresGuard final : public Guard {
 public:
  explicit PostgresGuard(Connection& connection) : connection_(connection) {}

  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) override {
    try {
      return parameters == nullptr ? connection_.run(sql) : connection_.run(sql, *parameters);
    } catch (Error& error) {
      if (has_sqlstate(error, "25001")) {
        error.with_remedy(
            "The statement runs in no transaction: put it into a migration of its own whose transaction() returns "
            "MigrationTransaction::never, and run with --transaction each.");
      } else if (has_sqlstate(error, "55P04")) {
        error.with_remedy(
            "A value that was added to an enum can be used when the transaction is committed: run with "
            "--transaction each.");
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
