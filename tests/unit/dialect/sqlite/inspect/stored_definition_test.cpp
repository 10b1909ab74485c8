#include "dialect/sqlite/inspect/stored_definition.h"

#include <doctest/doctest.h>

#include "support/dialects.h"
#include "unit/dialect/sqlite/open.h"
#include "whimbrel/error.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::dialect::sqlite;

namespace {

bool accepts(const char* type, const char* name, const char* sql) {
  try {
    require_definition(type, name, sql);
    return true;
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::unsafe);
    return false;
  }
}

}  // namespace

TEST_CASE("a stored definition is one statement that makes what it is stored for") {
  CHECK(accepts("table", "a", "CREATE TABLE a (b); "));
  CHECK(accepts("table", "a", "CREATE TABLE main.[a] (b DEFAULT ';') /* ; */ -- ;"));
  CHECK(accepts("table", "s", "CREATE VIRTUAL TABLE s USING fts5(body, tokenize = 'porter')"));
  CHECK(accepts("index", "i", "CREATE UNIQUE INDEX i ON a (b)"));
  CHECK(accepts("view", "a\"b", "CREATE VIEW \"a\"\"b\" AS SELECT ';'"));
  CHECK(accepts("view", "if", "CREATE VIEW if AS SELECT 1"));
  CHECK(accepts("view", "v", "CREATE VIEW IF NOT EXISTS V AS SELECT '\\' || '$x$'"));
  CHECK(accepts("trigger", "r",
                "CREATE TRIGGER r AFTER INSERT ON a BEGIN SELECT CASE 1 WHEN 1 THEN ';' END; DELETE FROM a; END;"));

  CHECK_FALSE(accepts("view", "v", "CREATE VIEW v AS SELECT 1; DROP TABLE t"));
  CHECK_FALSE(accepts("view", "v", "CREATE VIEW v AS SELECT e'\\'; DROP TABLE t; --'"));
  CHECK_FALSE(accepts("view", "v", "CREATE VIEW v AS SELECT 1 /* ' */; DROP TABLE t; --'"));
  CHECK_FALSE(accepts("table", "s", "CREATE VIRTUAL TABLE s USING fts5(a $$ ); DROP TABLE t; --$$)"));
  CHECK_FALSE(accepts("table", "t", "CREATE TABLE t (a e'\\'); DROP TABLE u; --')"));
  CHECK_FALSE(accepts("index", "i", "CREATE INDEX i ON a (b); DROP TABLE t"));
  CHECK_FALSE(accepts("trigger", "r", "CREATE TRIGGER r DELETE ON a BEGIN SELECT 1; END; DROP TABLE t"));
  CHECK_FALSE(accepts("trigger", "r", "CREATE TRIGGER r DELETE ON a BEGIN SELECT 1; END DROP TABLE t"));
  CHECK_FALSE(accepts("trigger", "r", "CREATE TRIGGER r; DROP TABLE t"));
  CHECK_FALSE(accepts("view", "v", "CREATE VIEW other AS SELECT 1"));
  CHECK_FALSE(accepts("view", "v", "DROP TABLE t"));
  CHECK_FALSE(accepts("view", "t", "CREATE TABLE t (a)"));
  CHECK_FALSE(accepts("other", "t", "CREATE TABLE t (a)"));
}

TEST_CASE("what hides behind a stored definition is neither read nor run") {
  for (const char* definition :
       {"UPDATE sqlite_master SET sql = 'CREATE VIEW v AS SELECT 1; DROP TABLE t' WHERE name = 'v'",
        "UPDATE sqlite_master SET sql = sql || '; DROP TABLE t' WHERE name = 'r'",
        "UPDATE sqlite_master SET sql = sql || '; DROP TABLE t' WHERE name = 'i'",
        "UPDATE sqlite_master SET sql = sql || '; DROP TABLE t' WHERE name = 's'"}) {
    CAPTURE(definition);
    const auto connection = test::open_memory();
    connection->run(
        "CREATE TABLE t (a); CREATE VIEW v AS SELECT 1; CREATE INDEX i ON t (a);"
        "CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END; CREATE VIRTUAL TABLE s USING fts5(a);"
        "PRAGMA writable_schema = ON");
    connection->run(definition);
    const dialect::Dialect& dialect = test::sqlite_dialect();
    std::vector<std::string> left_out;
    CHECK_THROWS_AS(static_cast<void>(dialect.inspect(*connection, {})), Error);
    CHECK_THROWS_AS(static_cast<void>(dialect.copy_schema(*connection, {}, dialect::CopyUse::any_statements, left_out)),
                    Error);
    CHECK(connection->run("SELECT count(*) FROM t").values[0][0].integer() == 0);
  }
}
