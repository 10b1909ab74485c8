#include "dialect/sqlite/inspect/reader.h"

#include <doctest/doctest.h>

#include "whimbrel/error.h"

using namespace whimbrel;
using dialect::sqlite::column_definition;
using dialect::sqlite::read_create_index;
using dialect::sqlite::read_create_table;
using model::ReferentialAction;

namespace {

using Texts = std::vector<std::string>;

model::Table table(std::string_view sql) { return read_create_table(sql); }

/// The first column of a table that has one more.
model::Column column(const std::string& definition) {
  return read_create_table("CREATE TABLE t(" + definition + ", z)").columns.at(0);
}

std::optional<std::string> default_of(const std::string& text) {
  return column("a int DEFAULT " + text).default_expression;
}

}  // namespace

TEST_CASE("a table as TypeORM writes it is read") {
  const model::Table read = table(
      R"(CREATE TABLE "post" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, )"
      R"("title" varchar(100) NOT NULL DEFAULT ('none'), "authorId" integer, )"
      R"(CONSTRAINT "UQ_1" UNIQUE ("title", "authorId"), CONSTRAINT "CHK_1" CHECK ("id" > 0), )"
      R"(CONSTRAINT "FK_1" FOREIGN KEY ("authorId") REFERENCES "user" ("id") ON DELETE CASCADE ON UPDATE NO ACTION))");
  CHECK(read.name == "post");
  REQUIRE(read.columns.size() == 3);
  CHECK(read.columns[0].name == "id");
  CHECK(read.columns[0].type == model::Type{"integer", {}});
  CHECK(read.columns[0].auto_increment);
  CHECK_FALSE(read.columns[0].nullable);
  CHECK(read.columns[1].type == model::Type{"varchar", {100}});
  CHECK(read.columns[1].default_expression == "'none'");
  CHECK(read.columns[2].nullable);
  CHECK(read.columns[2].default_expression == std::nullopt);
  REQUIRE(read.primary_key);
  CHECK(*read.primary_key == model::PrimaryKey{{}, {"id"}, {}});
  CHECK(read.uniques == std::vector<model::Unique>{{"UQ_1", {"title", "authorId"}, {}}});
  CHECK(read.checks == std::vector<model::Check>{{"CHK_1", "\"id\" > 0"}});
  REQUIRE(read.foreign_keys.size() == 1);
  CHECK(read.foreign_keys[0].name.text == "FK_1");
  CHECK(read.foreign_keys[0].columns == Texts{"authorId"});
  CHECK(read.foreign_keys[0].referenced_table == "user");
  CHECK(read.foreign_keys[0].referenced_columns == Texts{"id"});
  CHECK(read.foreign_keys[0].on_delete == ReferentialAction::cascade);
  CHECK(read.options.empty());
  CHECK(read.definition.value.empty());
}

TEST_CASE("names are read in every way of quoting, and bare where they are keywords that SQLite lets be names") {
  CHECK(table("create temp table if not exists main.\"a\"\"b\"(x)").name == "a\"b");
  CHECK(table("CREATE TABLE [t](x)").name == "t");
  CHECK(table("CREATE TABLE 'it''s'(x)").name == "it's");
  CHECK(table("CREATE TABLE if(x)").name == "if");
  const model::Table read = table("CREATE TABLE t(`a``b`, 'c d' int, key int, desc, größe, left, \"\")");
  Texts names;
  for (const model::Column& one : read.columns) names.push_back(one.name);
  CHECK(names == Texts{"a`b", "c d", "key", "desc", "größe", "left", ""});
  CHECK(read.columns[1].type.name == "int");
  CHECK(read.columns[2].type.name == "int");
  CHECK(read.columns[3].type.name.empty());
}

TEST_CASE("comments stand anywhere") {
  const model::Table read = table("CREATE TABLE t(-- the key, (\n id /* ' */ int, b /* last */)");
  REQUIRE(read.columns.size() == 2);
  CHECK(read.columns[0].name == "id");
  CHECK(read.columns[0].type.name == "int");
}

TEST_CASE("a column is nullable unless it says NOT NULL") {
  CHECK(column("a int").nullable);
  CHECK(column("a int NULL").nullable);
  CHECK(column("a int PRIMARY KEY").nullable);
  CHECK_FALSE(column("a int NULL NOT NULL NULL ON CONFLICT IGNORE").nullable);
  CHECK(column("a int NOT NULL ON CONFLICT replace").not_null_on_conflict == "REPLACE");
  CHECK(column("a int NOT NULL").not_null_on_conflict.empty());
}

TEST_CASE("defaults are kept as they are written, but for the parentheses around them") {
  CHECK(default_of("5") == "5");
  CHECK(default_of("-5") == "-5");
  CHECK(default_of("- /* minus */ 0x10") == "- /* minus */ 0x10");
  CHECK(default_of("+1.5e-3") == "+1.5e-3");
  CHECK(default_of("'it''s'") == "'it''s'");
  CHECK(default_of("x'00'") == "x'00'");
  CHECK(default_of("null") == std::nullopt);  // What a column has that has no default.
  CHECK(default_of("TRUE") == "TRUE");
  CHECK(default_of("current_timestamp NOT NULL") == "current_timestamp");
  CHECK(default_of("( datetime('now') )") == "datetime('now')");
  CHECK(default_of("((1) + (2))") == "(1) + (2)");
  CHECK(default_of("((1))") == "(1)");
  CHECK(default_of("(1 -- one\n)") == "1");
  CHECK(default_of("1 UNIQUE DEFAULT 2") == "2");
}

TEST_CASE("a name as a default is the string that SQLite takes it for") {
  CHECK(default_of("word") == "'word'");
  CHECK(default_of("\"it's\"") == "'it''s'");
  CHECK(default_of("[a b]") == "'a b'");
  CHECK(default_of("\"null\"") == "'null'");
  CHECK(default_of("(\"word\")") == "\"word\"");
}

TEST_CASE("collations are read; the last one counts") {
  CHECK(column("a text COLLATE NoCase").collation == "NoCase");
  CHECK(column("a text COLLATE \"my one\" NOT NULL").collation == "my one");
  CHECK(column("a text COLLATE binary COLLATE rtrim").collation == "rtrim");
}

TEST_CASE("computed columns are read in both spellings") {
  CHECK(column("a int GENERATED ALWAYS AS (z + 1) STORED").computed == model::Computed{"z + 1", true});
  CHECK(column("a int GENERATED ALWAYS AS (z) VIRTUAL").computed == model::Computed{"z", false});
  CHECK(column("a int(5) generated always as (z)").computed == model::Computed{"z", false});
  CHECK(column("a AS ( (z) ) NOT NULL").computed == model::Computed{"(z)", false});
  CHECK(column("a int GENERATED ALWAYS AS (z)").type.name == "int");
  CHECK(column("a GENERATED ALWAYS AS (z)").type.name.empty());
}

TEST_CASE("constraints of columns become constraints of the table") {
  const model::Table read = table(
      "CREATE TABLE t(a int CONSTRAINT pk PRIMARY KEY ON CONFLICT fail, b CONSTRAINT u UNIQUE ON CONFLICT IGNORE "
      "CONSTRAINT c CHECK (b > 0) CHECK(b<9), c CONSTRAINT f REFERENCES p)");
  REQUIRE(read.primary_key);
  CHECK(*read.primary_key == model::PrimaryKey{"pk", {"a"}, "FAIL"});
  CHECK(read.uniques == std::vector<model::Unique>{{"u", {"b"}, "IGNORE"}});
  CHECK(read.checks == std::vector<model::Check>{{"c", "b > 0"}, {{}, "b<9"}});
  REQUIRE(read.foreign_keys.size() == 1);
  CHECK(read.foreign_keys[0].name.text == "f");
  CHECK(read.foreign_keys[0].columns == Texts{"c"});
  CHECK(read.foreign_keys[0].referenced_columns.empty());
}

TEST_CASE("commas between the constraints of a table may be missing") {
  const model::Table read = table(
      "CREATE TABLE t(a, b, PRIMARY KEY(a, b) CONSTRAINT u UNIQUE(a) UNIQUE(b) ON CONFLICT ABORT, CHECK (a > b) "
      "CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p(x, y) CHECK (1) ON CONFLICT ROLLBACK)");
  REQUIRE(read.primary_key);
  CHECK(*read.primary_key == model::PrimaryKey{{}, {"a", "b"}, {}});
  CHECK(read.uniques == std::vector<model::Unique>{{"u", {"a"}, {}}, {{}, {"b"}, "ABORT"}});
  CHECK(read.checks == std::vector<model::Check>{{{}, "a > b"}, {{}, "1"}});
  REQUIRE(read.foreign_keys.size() == 1);
  CHECK(read.foreign_keys[0].name.text == "f");
  CHECK(read.foreign_keys[0].columns == Texts{"a", "b"});
  CHECK(read.foreign_keys[0].referenced_columns == Texts{"x", "y"});
}

TEST_CASE("a constraint's name that no constraint follows is forgotten") {
  const model::Table read = table(
      "CREATE TABLE t(a CONSTRAINT x, b CONSTRAINT y DEFAULT 3 UNIQUE CONSTRAINT z CONSTRAINT w NOT NULL, CONSTRAINT "
      "v, "
      "CHECK (1), CONSTRAINT d CONSTRAINT e CHECK (2) CONSTRAINT f)");
  CHECK(read.uniques == std::vector<model::Unique>{{{}, {"b"}, {}}});
  CHECK(read.checks == std::vector<model::Check>{{{}, "1"}, {"e", "2"}});
}

TEST_CASE("keys name columns in the columns' own case, with collation and order") {
  const model::Table read = table(
      "CREATE TABLE t(Id int, \"A b\", UNIQUE (ID COLLATE nocase DESC, 'a B' ASC), PRIMARY KEY ((\"id\")), "
      "FOREIGN KEY (ID) REFERENCES p)");
  REQUIRE(read.uniques.size() == 1);
  REQUIRE(read.uniques[0].columns.size() == 2);
  CHECK(read.uniques[0].columns[0].column == "Id");
  CHECK(read.uniques[0].columns[0].collation == "nocase");
  CHECK(read.uniques[0].columns[0].descending);
  CHECK(read.uniques[0].columns[1] == model::KeyPart("A b"));
  CHECK(read.primary_key->columns == std::vector<model::KeyPart>{"Id"});
  CHECK(read.foreign_keys[0].columns == Texts{"Id"});
}

TEST_CASE("the order of a key that is the rowid is read so that it stays one") {
  const auto is_descending = [](std::string_view sql) { return table(sql).primary_key->columns[0].descending; };
  CHECK(is_descending("CREATE TABLE t(a INTEGER PRIMARY KEY DESC)"));
  CHECK_FALSE(is_descending("CREATE TABLE t(a INTEGER PRIMARY KEY ASC)"));
  CHECK_FALSE(is_descending("CREATE TABLE t(a INTEGER, PRIMARY KEY(A DESC))"));
  CHECK_FALSE(is_descending("CREATE TABLE t(a 'integer', PRIMARY KEY(a DESC))"));
  CHECK(is_descending("CREATE TABLE t(a INT, PRIMARY KEY(a DESC))"));
  CHECK(is_descending("CREATE TABLE t(a INTEGER(5), PRIMARY KEY(a DESC))"));
  CHECK(is_descending("CREATE TABLE t(a INTEGER, b, PRIMARY KEY(a DESC, b))"));
  CHECK(is_descending("CREATE TABLE t(a INTEGER, PRIMARY KEY(a DESC)) WITHOUT ROWID"));
  CHECK(table("CREATE TABLE t(a INTEGER, PRIMARY KEY(a COLLATE nocase))").primary_key->columns[0] == "a");
}

TEST_CASE("a key that can hold no NULL is read as NOT NULL") {
  const auto is_nullable = [](std::string_view sql) { return table(sql).columns[0].nullable; };
  CHECK_FALSE(is_nullable("CREATE TABLE t(a INTEGER PRIMARY KEY, b)"));
  CHECK_FALSE(is_nullable("CREATE TABLE t(a INTEGER, b, PRIMARY KEY(A DESC))"));
  CHECK_FALSE(is_nullable("CREATE TABLE t(a TEXT, b, PRIMARY KEY(b, a)) WITHOUT ROWID"));
  CHECK_FALSE(is_nullable("CREATE TABLE t(a TEXT PRIMARY KEY) STRICT"));
  CHECK(is_nullable("CREATE TABLE t(a INTEGER PRIMARY KEY DESC)"));
  CHECK(is_nullable("CREATE TABLE t(a INT PRIMARY KEY)"));
  CHECK(is_nullable("CREATE TABLE t(a INTEGER, b, PRIMARY KEY(a, b))"));
}

TEST_CASE("AUTOINCREMENT is read with the column and with the table") {
  CHECK(table("CREATE TABLE t(a INTEGER PRIMARY KEY ASC ON CONFLICT REPLACE AUTOINCREMENT)").columns[0].auto_increment);
  CHECK(table("CREATE TABLE t(b, a INTEGER, PRIMARY KEY(A DESC AUTOINCREMENT))").columns[1].auto_increment);
  CHECK_FALSE(table("CREATE TABLE t(a INTEGER PRIMARY KEY)").columns[0].auto_increment);
}

TEST_CASE("the options of a table are read") {
  using Options = std::map<std::string, std::string>;
  CHECK(table("CREATE TABLE t(a PRIMARY KEY)without rowid").options == Options{{"WITHOUT ROWID", ""}});
  CHECK(table("CREATE TABLE t(a int) STRICT;").options == Options{{"STRICT", ""}});
  CHECK(table("CREATE TABLE t(a int PRIMARY KEY) strict , WITHOUT rowid").options ==
        Options{{"STRICT", ""}, {"WITHOUT ROWID", ""}});
}

TEST_CASE("an index is read with its order, collations, expressions and predicate") {
  const model::Index index = read_create_index(
      "CREATE UNIQUE INDEX \"i x\" ON [t] (a, \"B\" COLLATE NOCASE DESC, lower(c) desc, a + 1 ASC) WHERE a > 0 -- x");
  CHECK(index.name.text == "i x");
  CHECK(index.unique);
  CHECK(index.where == "a > 0");
  CHECK(index.definition.value.empty());
  REQUIRE(index.columns.size() == 4);
  CHECK(index.columns[0] == model::KeyPart("a"));
  CHECK(index.columns[1].column == "B");
  CHECK(index.columns[1].collation == "NOCASE");
  CHECK(index.columns[1].descending);
  CHECK(index.columns[2].column.empty());
  CHECK(index.columns[2].expression == "lower(c)");
  CHECK(index.columns[2].descending);
  CHECK(index.columns[3].expression == "a + 1");
  CHECK_FALSE(index.columns[3].descending);
  const model::Index plain = read_create_index("CREATE INDEX IF NOT EXISTS main.i ON t(a);");
  CHECK(plain.name.text == "i");
  CHECK_FALSE(plain.unique);
  CHECK(plain.where.empty());
}

TEST_CASE("the definition of a column is found as it stands") {
  const std::string_view sql =
      "CREATE TABLE t(a int, \"B b\" /* the b */ varchar(10) DEFAULT (1 /*,*/) NOT NULL -- end\n, c UNIQUE)";
  CHECK(column_definition(sql, "a") == "a int");
  CHECK(column_definition(sql, "b b") == "\"B b\" /* the b */ varchar(10) DEFAULT (1 /*,*/) NOT NULL");
  CHECK(column_definition(sql, "c") == "c UNIQUE");
  CHECK(column_definition(sql, "c").data() == sql.data() + sql.find("c UNIQUE"));
  CHECK(column_definition(sql, "none").empty());
}

TEST_CASE("a statement that is no CREATE TABLE as SQLite knows it is an error that says where") {
  for (const std::string sql : {"",
                                "CREATE",
                                "CREATE VIEW t AS SELECT 1",
                                "CREATE TABLE t",
                                "CREATE TABLE t()",
                                "CREATE TABLE t(a",
                                "CREATE TABLE t(a,)",
                                "CREATE TABLE t AS SELECT 1",
                                "CREATE TABLE t(a int 5)",
                                "CREATE TABLE t(a int(1,2,3))",
                                "CREATE TABLE t(a int(x))",
                                "CREATE TABLE t(a DEFAULT)",
                                "CREATE TABLE t(a DEFAULT -)",
                                "CREATE TABLE t(a DEFAULT ())",
                                "CREATE TABLE t(a CHECK (1)",
                                "CREATE TABLE t(a NOT)",
                                "CREATE TABLE t(a PRIMARY)",
                                "CREATE TABLE t(a PRIMARY KEY, PRIMARY KEY(a))",
                                "CREATE TABLE t(a UNIQUE ON CONFLICT x)",
                                "CREATE TABLE t(a REFERENCES p ON DELETE)",
                                "CREATE TABLE t(a, UNIQUE())",
                                "CREATE TABLE t(a REFERENCES p ON DELETE SET x)",
                                "CREATE TABLE t(a REFERENCES p DEFERRABLE INITIALLY)",
                                "CREATE TABLE t(a, UNIQUE(a,,b))",
                                "CREATE TABLE t(a, UNIQUE(a)",
                                "CREATE TABLE t(a, CHECK (1),)",
                                "CREATE TABLE t(a, CHECK (1) b)",
                                "CREATE TABLE t(a, FOREIGN KEY (a))",
                                "CREATE TABLE t(a) WITHOUT",
                                "CREATE TABLE t(a) FAST",
                                "CREATE TABLE t(a) STRICT STRICT",
                                "CREATE TABLE t(a) x; y",
                                "CREATE TABLE t(a int(1) GENERATED AS (1))",
                                "CREATE TABLE t(a, PRIMARY KEY (b AUTOINCREMENT)"}) {
    CAPTURE(sql);
    CHECK_THROWS_AS(table(sql), Error);
  }
  for (const std::string sql :
       {"", "CREATE INDEX", "CREATE INDEX i ON t", "CREATE INDEX i ON t()", "CREATE INDEX i ON t(a",
        "CREATE INDEX i ON t(a) WHERE", "CREATE INDEX i ON t(a) x", "CREATE INDEX i t(a)"}) {
    CAPTURE(sql);
    CHECK_THROWS_AS(static_cast<void>(read_create_index(sql)), Error);
  }
}

TEST_CASE("the error of a statement that cannot be read names the object, the place and a remedy") {
  try {
    static_cast<void>(table("CREATE TABLE \"a b\"(c int, d int(3) ENCODED)"));
    FAIL("it was read");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::statement);
    CHECK(std::string(error.what()) ==
          "cannot parse the definition of table \"a b\": expected a constraint of column \"d\", found \"ENCODED\"");
    CHECK(error.statement() == "CREATE TABLE \"a b\"(c int, d int(3) ENCODED)");
    CHECK(error.statement_offset() == 35);
    CHECK_FALSE(error.remedy().empty());
  }
  CHECK_THROWS_WITH_AS(static_cast<void>(read_create_index("CREATE INDEX i ON t(a")),
                       "cannot parse the definition of index \"i\": expected ), found the end", Error);
}
