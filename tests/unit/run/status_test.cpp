#include "run/status.h"

#include <doctest/doctest.h>

#include "run/runner.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

Script named(const std::string& name, const std::string& checksum = {}) {
  return {name, statements({}), statements({}), MigrationTransaction::by_mode, checksum};
}

std::string words(const run::MigrationStatus& status) {
  return status.name + (status.applied ? " applied" : " pending") + (status.missing ? " missing" : "") +
         (status.changed ? " changed" : "") + (status.out_of_order ? " out-of-order" : "");
}

}  // namespace

TEST_CASE_OF_EACH_DATABASE("the status tells what is applied, pending, missing, changed and out of order") {
  const Database database;
  {
    const Program before({named("B1000000000002", "old"), named("C1000000000003", "same"), named("D1000000000004"),
                          named("Gone1000000000009", "x")});
    Session session(database.options(before));
    run::run_migrations(session);
  }
  const Program now({named("A1000000000001", "a"), named("B1000000000002", "new"), named("C1000000000003", "same"),
                     named("D1000000000004", "known now"), named("E1000000000005")});
  Session session(database.options(now));
  const auto status = run::status(session);
  REQUIRE(status.size() == 6);
  CHECK(words(status[0]) == "A1000000000001 pending out-of-order");
  CHECK(words(status[1]) == "B1000000000002 applied changed");
  CHECK(words(status[2]) == "C1000000000003 applied");
  CHECK(words(status[3]) == "D1000000000004 applied");
  CHECK(words(status[4]) == "E1000000000005 pending");
  CHECK(words(status[5]) == "Gone1000000000009 applied missing");
  CHECK(status[5].timestamp == 1000000000009);
  CHECK(status[1].applied_at.size() == 19);
  CHECK(status[1].duration_ms.has_value());
  CHECK(status[0].applied_at.empty());
  CHECK(!status[0].duration_ms);
}
