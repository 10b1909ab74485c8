#include <doctest/doctest.h>

#include "change/synchronize.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/stages.h"

// What keeps tables of MariaDB and MySQL from being dropped.

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

struct Made {
  Made() {
    options.entities = entities<second::Post, second::User>();
    Session session(options);
    change::synchronize(session, {});
  }
  [[nodiscard]] Error refusal() const {
    return error_of([&] {
      Session session(options);
      change::drop_schema(session);
    });
  }

  Program program{{}};
  MysqlDatabase database;
  DataSourceOptions options = database.options(program);
};

}  // namespace

TEST_CASE("MariaDB and MySQL: drop_schema drops nothing that a table of others references, and says so") {
  const Made made;
  made.database.query(
      "CREATE TABLE note (id int, user_id int, CONSTRAINT own FOREIGN KEY (user_id) REFERENCES user (id))");
  const Error error = made.refusal();
  CHECK(error.kind() == ErrorKind::unsafe);
  CHECK(mentions(error, "foreign key \"own\" of table \"note\""));
  CHECK(made.database.tables() == "note post user");
  made.database.query("ALTER TABLE note DROP FOREIGN KEY own");
  Session session(made.options);
  change::drop_schema(session);
  CHECK(made.database.tables() == "note");
}

TEST_CASE("MariaDB and MySQL: drop_schema says which triggers of others it drops with their tables") {
  const Made made;
  made.database.query("CREATE TRIGGER mine BEFORE INSERT ON user FOR EACH ROW SET @x = 1");
  Session session(made.options);
  const change::Dropped planned = change::drop_schema(session, {.dry_run = true});
  CHECK(planned.notes ==
        std::vector<std::string>{"drops trigger \"mine\" on \"user\" with its table: no migration created it"});
  CHECK(change::drop_schema(session).notes == planned.notes);
}

TEST_CASE("MariaDB and MySQL: drop_schema drops nothing that a table in another database references") {
  const Made made;
  const MysqlDatabase other;
  const std::string name = made.database.query("SELECT DATABASE()");
  other.query("CREATE TABLE note (id int, user_id int, CONSTRAINT own FOREIGN KEY (user_id) REFERENCES `" + name +
              "`.user (id))");
  const Error error = made.refusal();
  CHECK(mentions(error, "foreign key \"own\""));
  CHECK(mentions(error, ".note"));
  CHECK(made.database.tables() == "post user");
  other.query("DROP TABLE note");
}
