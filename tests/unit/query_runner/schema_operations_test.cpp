#include "support/version.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/data_source.h"
#include "whimbrel/schema.h"

// The schema operations of a QueryRunner.

namespace {

using namespace whimbrel;
using fixture::Database;
using fixture::Program;

enum class Colour { red, green };

struct Fixture {
  Program program{{}};
  Database database;
  DataSource source{database.options(program)};
  QueryRunner& runner = source.query_runner();

  Fixture() { source.initialize(); }

  [[nodiscard]] std::string sql(const std::string& name) const {
    return database.query("SELECT sql FROM sqlite_master WHERE name = '" + name + "'");
  }
  void make_author_and_post() const {
    runner.query(
        R"(CREATE TABLE "author" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL);)"
        R"(CREATE TABLE "post" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "author_id" integer NOT NULL, )"
        R"("title" varchar NOT NULL, CONSTRAINT "to_author" FOREIGN KEY ("author_id") REFERENCES "author" ("id") )"
        R"(ON DELETE CASCADE);)"
        R"(CREATE INDEX "by_title" ON "post" ("title");)"
        R"(INSERT INTO "author" VALUES (1, 'Ann'), (2, 'Bob');)"
        R"(INSERT INTO "post" VALUES (10, 1, 'one'), (20, 2, 'two'))");
  }
};

std::string message_of(const std::function<void()>& function) {
  try {
    function();
  } catch (const Error& error) {
    return std::string(error.what()) + ' ' + error.remedy();
  }
  return "no error";
}

TEST_CASE_FIXTURE(Fixture, "a table is created from its definition") {
  runner.create_table({.name = "tag",
                       .columns = {{.name = "id", .type = type<std::int32_t>(), .generated = true},
                                   {.name = "label", .type = type<std::string>(), .length = 40, .unique = true},
                                   {.name = "colour", .type = type<Colour>(), .default_value = Colour::red},
                                   {.name = "price", .type = "decimal(10,2)", .default_expression = "1 + 1"},
                                   {.name = "note", .type = type<std::optional<std::string>>()}},
                       .checks = {{.expression = "\"price\" > 0"}},
                       .indexes = {{.columns = {"label", "note"}, .unique = true, .where = "note IS NOT NULL"}}});
  CHECK(
      sql("tag") ==
      R"(CREATE TABLE "tag" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "label" varchar(40) NOT NULL, )"
      R"("colour" varchar CHECK( "colour" IN ('red','green') ) NOT NULL DEFAULT ('red'), )"
      R"("price" decimal(10,2) NOT NULL DEFAULT (1 + 1), "note" varchar, )"
      R"(CONSTRAINT "UQ_647c189a51deb35bc452751bc4a" UNIQUE ("label"), CONSTRAINT "CHK_10b115452e61546c92e7b7b2d0" CHECK ("price" > 0)))");
}

TEST_CASE_FIXTURE(Fixture, "tables and columns are looked for as the database does") {
  make_author_and_post();
  CHECK(runner.has_table("AUTHOR"));
  CHECK_FALSE(runner.has_table("reader"));
  CHECK(runner.has_column("post", "Title"));
  CHECK_FALSE(runner.has_column("post", "text"));
  CHECK_FALSE(runner.has_column("reader", "id"));
  const model::Table post = runner.get_table("post");
  CHECK(post.columns.size() == 3);
  CHECK(post.foreign_keys.at(0).on_delete == model::ReferentialAction::cascade);
  CHECK(message_of([&] { static_cast<void>(runner.get_table("reader")); }) ==
        "Table \"reader\" does not exist. Check the name; has_table() tells whether a table exists.");
}

TEST_CASE_FIXTURE(Fixture, "a change that needs a rebuild keeps the rows of the table and of those that refer to it") {
  make_author_and_post();
  runner.change_column("author", "name",
                       {.name = "full_name", .type = type<std::string>(), .length = 80, .unique = true});
  CHECK(database.query("SELECT id, full_name FROM author") == "1|Ann\n2|Bob");
  CHECK(database.query("SELECT id, author_id, title FROM post") == "10|1|one\n20|2|two");
  CHECK(sql("author").find("\"full_name\" varchar(80) NOT NULL") != std::string::npos);
  CHECK(sql("author").find("UNIQUE (\"full_name\")") != std::string::npos);
  CHECK(sql("post").find("REFERENCES \"author\"") != std::string::npos);
  runner.change_column("author", "full_name", {.name = "full_name", .type = type<std::optional<std::string>>()});
  CHECK(sql("author").find("UNIQUE") == std::string::npos);
  CHECK(sql("author").find("\"full_name\" varchar,") == std::string::npos);
  CHECK(database.query("SELECT count(*) FROM post") == "2");
}

TEST_CASE_FIXTURE(Fixture, "a change that would leave rows referring to nothing is refused, and nothing is changed") {
  make_author_and_post();
  CHECK(message_of([&] { runner.drop_table("author"); }).find("\"post\"") != std::string::npos);
  CHECK(database.query("SELECT count(*) FROM author") == "2");
}

TEST_CASE_FIXTURE(Fixture, "columns are added, renamed and dropped with what belongs to them") {
  make_author_and_post();
  runner.add_column("post", {.name = "views", .type = type<std::int64_t>(), .default_value = 0});
  runner.add_column("post", {.name = "slug", .type = type<std::string>(), .unique = true, .backfill = "'post-' || id"});
  CHECK(database.query("SELECT views, slug FROM post") == "0|post-10\n0|post-20");
  runner.rename_column("post", "title", "headline");
  CHECK(sql("by_title") == R"(CREATE INDEX "by_title" ON "post" ("headline"))");
  runner.drop_column("post", "headline");
  CHECK(sql("by_title").empty());
  CHECK(database.query("SELECT id, author_id, views, slug FROM post") == "10|1|0|post-10\n20|2|0|post-20");
  CHECK(message_of([&] { runner.drop_column("post", "id"); }) ==
        "Column \"id\" of \"post\" is part of the primary key and cannot be dropped. Call drop_primary_key() or "
        "create_primary_key() with other columns first.");
  CHECK(
      message_of([&] { runner.add_column("post", {.name = "mood", .type = type<std::string>()}); }) ==
      "Column \"mood\" of \"post\" is NOT NULL, and existing rows have no value for it. Set ColumnDefinition::backfill "
      "to an SQL expression for those rows, or give the column a default.");
  CHECK(message_of([&] { runner.add_column("post", {.name = "VIEWS", .type = type<bool>(), .nullable = true}); }) ==
        "Table \"post\" already has a column \"VIEWS\". Choose another name; has_column() tells whether a column "
        "exists.");
  CHECK(message_of([&] {
          runner.rename_column("post", "slug", "views");
        }).starts_with("Table \"post\" already has a column"));
  CHECK(message_of([&] { runner.drop_column("post", "mood"); }) ==
        "Table \"post\" has no column \"mood\". Its columns are: id, author_id, views, slug.");
}

TEST_CASE_FIXTURE(Fixture, "constraints and indexes are made, and found by name or by columns") {
  make_author_and_post();
  runner.create_unique("post", {.columns = {"author_id", "title"}});
  runner.create_check("post", {.name = "long", .expression = "length(title) > 1"});
  runner.create_index("post", {.columns = {"title", "author_id"}, .unique = true});
  CHECK(sql("post").find(R"(UNIQUE ("author_id", "title"))") != std::string::npos);
  CHECK(sql("post").find(R"(CONSTRAINT "long" CHECK (length(title) > 1))") != std::string::npos);
  runner.drop_unique("post", "author_id, title");
  runner.drop_check("post", "long");
  runner.drop_index("post", "title, author_id");
  runner.drop_index("post", "by_title");
  runner.drop_foreign_key("post", "to_author");
  CHECK(runner.get_table("post").foreign_keys.empty());
  runner.create_foreign_key("post", {.columns = {"author_id"},
                                     .referenced_table = "author",
                                     .referenced_columns = {"id"},
                                     .on_delete = OnDelete::restrict});
  const model::Table post = runner.get_table("post");
  CHECK(post.foreign_keys.at(0).on_delete == model::ReferentialAction::restrict);
  CHECK(post.uniques.empty());
  CHECK(post.checks.empty());
  CHECK(post.indexes.empty());
  CHECK(database.query("SELECT count(*) FROM post") == "2");
  CHECK(message_of([&] { runner.drop_index("post", "by_date"); }) ==
        "Table \"post\" has no index \"by_date\". It has none.");
  CHECK(message_of([&] { runner.create_index("post", {.columns = {"date"}}); }) ==
        "Table \"post\" has no column \"date\". Its columns are: id, author_id, title.");
  CHECK(message_of(
            [&] { runner.create_foreign_key("post", {.columns = {"author_id"}, .referenced_table = "author"}); }) ==
        "The definition of table \"post\" is invalid: a foreign key has 1 columns and references 0. Set as many "
        "referenced_columns as columns.");
}

TEST_CASE_FIXTURE(Fixture, "a primary key is exchanged for another") {
  runner.query("CREATE TABLE rate(a text, b text, value real); INSERT INTO rate VALUES ('x', 'y', 1.5)");
  runner.create_primary_key("rate", {"a", "b"});
  CHECK(runner.get_table("rate").primary_key->columns.size() == 2);
  CHECK(message_of([&] { runner.create_primary_key("rate", {"a"}); }) ==
        "Table \"rate\" already has a primary key. Call drop_primary_key() first.");
  runner.drop_primary_key("rate");
  CHECK_FALSE(runner.get_table("rate").primary_key);
  CHECK(message_of([&] { runner.drop_primary_key("rate"); }).starts_with("Table \"rate\" has no primary key."));
  CHECK(database.query("SELECT a, b, value FROM rate") == "x|y|1.5");
}

TEST_CASE_FIXTURE(Fixture, "tables are renamed and dropped, views made and dropped") {
  make_author_and_post();
  runner.create_view({.name = "titles", .query = "SELECT title FROM post"});
  CHECK(database.query("SELECT title FROM titles") == "one\ntwo");
  runner.rename_table("post", "article");
  CHECK(database.query("SELECT title FROM titles") == "one\ntwo");
  CHECK(message_of([&] { runner.rename_table("article", "titles"); }) ==
        "View \"titles\" already exists. Choose another name, or drop or rename the existing one first.");
  runner.drop_view("titles");
  runner.drop_table("article");
  CHECK(database.tables() == "author");
  CHECK(message_of([&] { runner.drop_table("article"); }).starts_with("Table \"article\" does not exist."));
  CHECK(message_of([&] { runner.drop_view("titles"); }).starts_with("View \"titles\" does not exist."));
}

TEST_CASE_FIXTURE(Fixture, "a wrong definition is an error that names the table and the column, and changes nothing") {
  CHECK(
      message_of([&] { runner.create_table({.name = "a", .columns = {{.name = "b"}}}); }) ==
      "The definition of table \"a\" is invalid: column \"b\" has no type. Set one: whimbrel::type<std::string>(), or "
      "SQL.");
  CHECK(message_of([&] {
          runner.create_table({.name = "a", .columns = {{.name = "b", .type = type<int>(), .length = 0}}});
        }).starts_with("The definition of table \"a\" is invalid: column \"b\": the length is 0"));
  CHECK(
      message_of([&] {
        runner.create_table({.name = "a", .columns = {{.name = "b", .type = type<int>()}, {.name = "b", .type = "x"}}});
      }).starts_with("The definition of table \"a\" is invalid: it has two columns \"b\"."));
  CHECK(message_of([&] {
          runner.create_table({.name = "", .columns = {}});
        }).starts_with("The definition of a table has no name."));
  CHECK(database.tables() == "NULL");
}

TEST_CASE_FIXTURE(Fixture, "the schema is not changed inside a transaction of the program, where nothing is guarded") {
  make_author_and_post();
  runner.start_transaction();
  CHECK(message_of([&] {
          runner.drop_column("post", "title");
        }).starts_with("Schema operations cannot run inside a transaction that the program opened."));
  runner.rollback_transaction();
  CHECK(runner.has_column("post", "title"));
}

TEST_CASE_FIXTURE(Fixture, "a change of several steps is made whole or not at all") {
  make_author_and_post();
  runner.query("UPDATE author SET name = 'Ann'");
  const ColumnDefinition unique{.name = "full_name", .type = type<std::string>(), .unique = true};
  CHECK(message_of([&] { runner.change_column("author", "name", unique); }) != "no error");
  CHECK(runner.has_column("author", "name"));
  CHECK(database.query("SELECT count(*) FROM post") == "2");
  CHECK(database.query("PRAGMA foreign_keys") == "1");
}

TEST_CASE("migrations with schema operations run, show their statements in a dry run, and own what they make") {
  Database database;
  Program program(
      {{"A1000000000001",
        [](QueryRunner& runner) {
          runner.create_table(
              {.name = "tag", .columns = {{.name = "id", .type = type<std::int32_t>(), .generated = true}}});
          runner.add_column("tag", {.name = "label", .type = type<std::string>()});
        },
        [](QueryRunner& runner) { runner.drop_table("tag"); }},
       {"B1000000000002", [](QueryRunner& runner) { runner.rename_column("tag", "label", "name"); },
        [](QueryRunner& runner) { runner.rename_column("tag", "name", "label"); }}});
  DataSource source(database.options(program));
  source.initialize();
  source.run_migrations();
  CHECK(database.query("SELECT name FROM pragma_table_info('tag')") == "id\nname");
  source.revert_last_migration();
  CHECK(database.query("SELECT name FROM pragma_table_info('tag')") == "id\nlabel");
  source.revert_last_migration();
  CHECK(database.tables() == "migrations");
}

TEST_CASE_FIXTURE(Fixture, "rows are streamed as they come") {
  runner.query(
      "CREATE TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM "
      "n");
  std::int64_t sum = 0;
  runner.for_each_row("SELECT i FROM n WHERE i <= ?", {100}, [&](Row row) { sum += row["i"].integer(); });
  CHECK(sum == 5050);
  int rows = 0;
  CHECK(message_of([&] {
          runner.for_each_row("SELECT i FROM n", [&](Row) {
            if (++rows == 3) throw Error(ErrorKind::usage, "enough");
          });
        }).starts_with("enough"));
  CHECK(rows == 3);
  CHECK(message_of([&] { runner.for_each_row("DELETE FROM n", [](Row) {}); }) ==
        "for_each_row() needs a query that returns rows. Use query() for other statements.");
  if (test::has_sqlite(35)) {  // The first with RETURNING.
    CHECK(message_of([&] {
            runner.for_each_row("WITH m AS (SELECT 1) DELETE FROM n RETURNING i", [](Row) {});
          }).starts_with("for_each_row() needs a query that returns rows."));
  }
  CHECK(database.query("SELECT count(*) FROM n") == "1000");
}

TEST_CASE_FIXTURE(Fixture, "a batched update takes every row once, in the order of the key") {
  runner.query(
      "CREATE TABLE n(id integer PRIMARY KEY, v integer NOT NULL DEFAULT 0, w text);"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 3 FROM n WHERE i < 1000) INSERT INTO n SELECT i, 0, 'w' "
      "FROM n");
  std::vector<std::size_t> progress;
  const std::size_t rows = runner.update_in_batches({.table = "n",
                                                     .key = "id",
                                                     .set = "v = v + ?",
                                                     .parameters = {7},
                                                     .size = 100,
                                                     .progress = [&](std::size_t done) { progress.push_back(done); }});
  CHECK(rows == 334);
  CHECK(progress == std::vector<std::size_t>{100, 200, 300, 334});
  CHECK(database.query("SELECT DISTINCT v FROM n") == "7");
  // Rows that stop to meet the condition by the update do not make it go astray.
  CHECK(runner.update_in_batches(
            {.table = "n", .key = "id", .set = "w = NULL", .where = "w = 'w' AND id > 10", .size = 7}) == 330);
  CHECK(database.query("SELECT count(*) FROM n WHERE w IS NOT NULL") == "4");
  CHECK(runner.update_in_batches({.table = "n", .key = "id", .set = "w = 1", .where = "0"}) == 0);
  CHECK(message_of([&] { runner.update_in_batches({.table = "n", .key = "", .set = "v = 1"}); }) ==
        "A batched update needs a key. Set BatchUpdate::key.");
}

}  // namespace
