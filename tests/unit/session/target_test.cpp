#include "session/backend.h"

#include <doctest/doctest.h>

#include "whimbrel/query_runner.h"

using namespace whimbrel;

namespace {

/// Fails at one statement.
class Failing final : public session::MigrationBackend {
 public:
  [[nodiscard]] bool is_transaction_active() const override { return false; }

 protected:
  Rows::Data execute(std::string_view sql, const std::vector<Value>*) override {
    if (sql == "fail") throw Error(ErrorKind::statement, "failed");
    return {};
  }
  void start(std::size_t) override {}
  void commit(std::size_t) override {}
  void roll_back(std::size_t) override {}
};

}  // namespace

TEST_CASE("a statement that fails is counted, so that a migration can say at which one it stopped") {
  Failing target;
  QueryRunner runner(target);
  CHECK(target.statements() == 0);
  runner.query("CREATE TABLE a (id integer)");
  runner.query("INSERT INTO a VALUES (?)", {1});
  CHECK_THROWS_AS(runner.query("fail"), Error);
  CHECK(target.statements() == 3);
}
