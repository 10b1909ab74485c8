#include "session/backend.h"

#include <doctest/doctest.h>

#include "whimbrel/query_runner.h"

using namespace whimbrel;

namespace {

/// Writes down by what it would know each statement again, and fails at one.
class Marking final : public run::MigrationBackend {
 public:
  std::vector<run::StatementMark> marks;

  [[nodiscard]] bool is_transaction_active() const override { return false; }

 protected:
  Rows::Data execute(std::string_view sql, const std::vector<Value>*) override {
    marks.push_back(last_statement());
    if (sql == "fail") throw Error(ErrorKind::statement, "failed");
    return {};
  }
  void start(std::size_t) override {}
  void commit(std::size_t) override {}
  void roll_back(std::size_t) override {}
};

std::vector<run::StatementMark> marks_of(const std::function<void(QueryRunner&)>& migration) {
  Marking target;
  QueryRunner runner(target);
  migration(runner);
  CHECK(target.statements() == target.marks.size());
  return target.marks;
}

}  // namespace

TEST_CASE("the statements of a migration are counted, and known again in another run by text and parameters") {
  const auto migration = [](int value) {
    return [value](QueryRunner& runner) {
      runner.query("CREATE TABLE a (id integer)");
      runner.query("INSERT INTO a VALUES (?)", {value});
      runner.query("INSERT INTO a VALUES (?)", {"1"});
    };
  };
  const auto once = marks_of(migration(1));
  REQUIRE(once.size() == 3);
  CHECK(once[0].ordinal == 1);
  CHECK(once[2].ordinal == 3);
  CHECK(once == marks_of(migration(1)));
  CHECK(once[0].hash != once[1].hash);
  CHECK(once[1].hash != once[2].hash);
  CHECK(once[1].hash != marks_of(migration(2))[1].hash);
}

TEST_CASE("a statement that fails is counted, so that a journal can say at which one a migration stopped") {
  Marking target;
  QueryRunner runner(target);
  CHECK(target.last_statement().ordinal == 0);
  runner.query("CREATE TABLE a (id integer)");
  CHECK_THROWS_AS(runner.query("fail"), Error);
  CHECK(target.last_statement().ordinal == 2);
}
