#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/generate/generator.h"
#include "dialect/sqlite/inspect/reader.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "support/version.h"
#include "unit/dialect/sqlite/inspect/random_statement.h"
#include "unit/dialect/sqlite/inspect/table_facts.h"
#include "unit/dialect/sqlite/inspect/test_database.h"
#include "whimbrel/error.h"

using namespace whimbrel;
using dialect::sqlite::inspect;
using test::RandomStatement;
using test::TestDatabase;

namespace {

// Each with one table, which is not "other".
const std::vector<std::string> statements = {
    "CREATE TABLE t(a, b INT PRIMARY KEY DESC ON CONFLICT REPLACE)",
    "CREATE TABLE t(a integer primary key asc on conflict replace autoincrement)",
    "CREATE TABLE t(a integer, primary key(a desc autoincrement) on conflict ignore)",
    "CREATE TABLE t(a integer, primary key(a collate nocase autoincrement))",
    "CREATE TABLE t(a integer primary key desc, b unique)",
    "CREATE TABLE t(a 'integer', primary key((a)))",
    "CREATE TABLE t(\"a\" [integer] primary key)",
    "CREATE TABLE t(a INTEGER(5) primary key)",
    "CREATE TABLE t(a default 5, b default -5, c default + 5, d default (1+2), e default ((1)), f default 'x', g "
    "default "
    "\"dq\", h default ident, i default null, j default current_timestamp, k default x'00', l default ( 'x' ), m "
    "default "
    "true, n default - 0x10, o default -1.5e3, p default [br], q default `bt`, u default - /* q */ 1, v default "
    "(-(1)))",
    "CREATE TABLE t(a int default 1 unique default 2 constraint x default 3)",
    "CREATE TABLE t(a int default -'x', b default +'x', c default -null, d default replace, e default indexed)",
    "CREATE TABLE t('a b' 'int', \"c\" \"d\" default 'x')",
    "CREATE TABLE t(a \"foo bar\", b 'str' int, c /* INT */ foo, d foo /* INT */ bar, e varchar ( 10 , -2.5), f "
    "unsigned   "
    "big\n int, g [brack x])",
    "CREATE TABLE t(a constraint x, b constraint y default 3 constraint z, constraint w)",
    "CREATE TABLE t(a int constraint q, constraint c constraint d unique (a) constraint e)",
    "CREATE TABLE t(a references t on delete cascade on delete set null match full match x not deferrable deferrable "
    "initially deferred)",
    "CREATE TABLE t(a references x not null deferrable initially deferred, b deferrable, c references y(z) not "
    "deferrable)",
    "CREATE TABLE t(a int references x on insert set null on update no action on delete restrict, b, foreign key (a, "
    "B) "
    "references \"t\" (b, a) on update set default deferrable initially immediate)",
    "CREATE TABLE t(a int, unique(a collate nocase desc), unique((a)), unique(a, a))",
    "CREATE TABLE t(a int, b int, primary key(a collate nocase, 'b'))",
    "CREATE TABLE t(a int, b int, primary key(a, a, b))",
    "CREATE TABLE t(a int, b int, primary key(a collate nocase collate rtrim, b))",
    "CREATE TABLE t(a int, constraint c unique (a) unique(a), check(a) constraint d foreign key(a) references t)",
    "CREATE TABLE t(a int generated always as (1), b generated always as(2) stored, c int as (3) virtual not null, d)",
    "CREATE TABLE t(a int generated always, b generated always as (1), c generated always int, d always, e generated)",
    "CREATE TABLE t(a int(5) generated always as (1), b)",
    "CREATE TABLE t(a collate nocase collate rtrim check(1) check (2), b text collate \"nocase\", c collate [binary])",
    "CREATE TABLE t(a, check(1) on conflict fail)",
    "CREATE TABLE t(a null on conflict replace not null on conflict ignore unique on conflict rollback null)",
    "CREATE TABLE t(a integer primary key on conflict replace, b unique on conflict ignore)",
    "CREATE TABLE t(a int primary key) without rowid, strict,without rowid",
    "CREATE TABLE t(a integer, b text collate nocase, primary key(b, a desc, b)) without rowid",
    "CREATE TABLE t(a int, b any, c text primary key) strict, strict",
    "CREATE TABLE t(if int, replace text, \"select\" int, left int, indexed int, generated int, always text, key int, "
    "current int)",
    "CREATE TABLE t('x\"y', \"x\"\"y2\", `z``w`, [q r], Größe, \"\" int)",
    "CREATE TABLE t(a int -- comment\n)",
    "CREATE TABLE t([] int, unique([]), check([]>0))",
    "CREATE TABLE t(''e'', a[int] not null, b[], [c][d] default[e])",
    "CREATE TABLE t(e'int', b E'e', \"$$\" int, check(\"$$\" <> 'e'))",
    "CREATE TABLE t(\"\" int primary key, b references t(\"\"))",
    "CREATE TABLE t(a int) , STRICT",
    "CREATE TABLE t(a int primary key),WITHOUT ROWID,STRICT",
    "CREATE TABLE t(a int check ((a)>0) , check(a in ('x')) )",
    "create table if not exists main.t(a)",
    "CREATE TABLE t(a varchar CHECK( \"a\" IN ('x','it''s') ) NOT NULL, b CHECK(b IN ('x')) CHECK(b IN ('y')))",
    "CREATE TABLE t(a int, b int); CREATE INDEX i ON t(a desc, \"B\", lower(a) collate nocase desc, a || b collate "
    "nocase, "
    "(a || b) collate rtrim, (b collate nocase), \"none\", 'a', null) WHERE a > 1 /* x */",
    "CREATE TABLE t(desc int, asc int); CREATE UNIQUE INDEX i ON t(desc desc, asc asc, 1 + desc, -asc desc, desc is "
    "not "
    "desc, case when asc then 1 end desc, cast(desc as int) desc)",
    "CREATE TABLE t(a int, unique(a)) ; ALTER TABLE t ADD COLUMN b varchar(5) COLLATE nocase DEFAULT 'x' REFERENCES "
    "t(a)",
    "CREATE TABLE t AS SELECT 1 AS a, 'x' AS \"b c\", x'00' AS [d]",
    "CREATE TABLE t(a); CREATE VIEW v AS SELECT * FROM t; CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN SELECT 1; END",
};

/// What is read is what SQLite says; and what is written from it is read as the same and means the same to SQLite.
void check_against_sqlite(TestDatabase& database) {
  const model::Schema schema = inspect(database);
  for (const model::Table& table : schema.tables) {
    CAPTURE(table.definition.value);
    std::string indexes;
    for (const model::Index& index : table.indexes) indexes += index.definition.value + '\n';
    CAPTURE(indexes);
    CHECK(test::table_facts(database, table) == test::expected_facts(table));
    const std::string written = dialect::sqlite::create_table_sql(table, table.name.name);
    CAPTURE(written);
    model::Table bare = table;
    bare.indexes.clear();
    bare.triggers.clear();
    TestDatabase other;
    REQUIRE_NOTHROW(other.run(written));
    const model::Schema again = inspect(other);
    REQUIRE(again.tables.size() == 1);
    CHECK(again.tables[0] == bare);
    CHECK(test::table_facts(other, bare) == test::expected_facts(bare));
  }
}

/// What the linked SQLite does not know, or reads otherwise than later ones: strict tables, and a type in quotes with a
/// length, which was INTEGER without both.
bool is_of_later_version(std::string_view sql) {
  if (test::has_sqlite(37)) return false;
  return sql::mentions(sql, "strict", dialect::sqlite::sqlite_syntax) ||
         sql.find("\"INTEGER\"(") != std::string_view::npos;
}

/// Does it read the statement, or refuse it as it should?
bool reads(std::string_view sql) {
  try {
    static_cast<void>(dialect::sqlite::read_create_table(sql));
    return true;
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::statement);
    CHECK(error.statement() == sql);
    CHECK(error.statement_offset() >= 0);
    CHECK(static_cast<std::size_t>(error.statement_offset()) <= sql.size());
    return false;
  }
}

}  // namespace

TEST_CASE("statements that people write are read as SQLite reads them") {
  for (const std::string& sql : statements) {
    CAPTURE(sql);
    if (is_of_later_version(sql)) continue;
    TestDatabase database;
    REQUIRE_NOTHROW(database.run(sql));
    check_against_sqlite(database);
  }
}

TEST_CASE("random statements are read as SQLite reads them") {
  int accepted = 0;
  constexpr int count = 1000;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    CAPTURE(seed);
    RandomStatement random(seed);
    TestDatabase database;
    const std::string sql = random.create_table();
    if (is_of_later_version(sql) || !database.accepts(sql)) continue;
    ++accepted;
    for (int i = 0; i < 3; ++i) database.accepts(random.create_index());
    check_against_sqlite(database);
  }
  CHECK(accepted > count / 3);
}

TEST_CASE("every beginning of a statement is read or refused") {
  for (const std::string& sql : statements) {
    for (std::size_t size = 0; size < sql.size(); ++size) reads(sql.substr(0, size));
  }
}

TEST_CASE("whatever SQLite accepts is read, and anything else at least harms nothing") {
  int accepted = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    CAPTURE(seed);
    RandomStatement random(seed);
    const std::string& known = statements[random.below(statements.size())];
    const std::string sql = random.mutated(random.chance(50) ? known : random.create_table());
    CAPTURE(sql);
    reads(sql);
    TestDatabase database;
    if (is_of_later_version(sql) || !database.accepts(sql)) continue;
    ++accepted;
    const model::Schema schema = inspect(database);
    // SQLite cuts ALWAYS off a type even where no GENERATED is before it.
    if (!sql::mentions(sql, "always", dialect::sqlite::sqlite_syntax)) check_against_sqlite(database);
  }
  CHECK(accepted > 100);
}

TEST_CASE("index statements that are cut or changed are read or refused") {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    CAPTURE(seed);
    RandomStatement random(seed);
    static_cast<void>(random.create_table());
    const std::string sql = random.mutated(random.create_index());
    CAPTURE(sql);
    try {
      static_cast<void>(dialect::sqlite::read_create_index(sql));
    } catch (const Error& error) {
      CHECK(error.statement() == sql);
    }
  }
}
