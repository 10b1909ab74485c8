#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"
#include "diff/diff.h"
#include "plan/plan.h"
#include "support/plain_comparison.h"

using namespace whimbrel;
using Statements = std::vector<std::string>;

namespace {

struct Sql {
  Statements up;
  Statements down;
};

Statements text(const std::vector<operation::Operation>& operations) {
  Statements statements;
  for (const sql::Statement& statement : dialect::sqlite::generate(operations)) {
    statements.push_back(statement.sql);
  }
  return statements;
}

Sql migrate(const model::Schema& current, const model::Schema& desired, const diff::Answers& answers = {},
            int version = 34001) {
  diff::Ownership everything;
  everything.everything = true;
  const diff::Difference difference = diff::diff(current, desired, test::PlainComparison(), answers, everything);
  const bool has_drop_column =
      dialect::sqlite::make_dialect({.version = version})->has(model::Feature::dropped_columns);
  const plan::Plan plan = plan::plan(difference.renames, difference.operations, difference.after_renames(current),
                                     difference.target, *dialect::sqlite::make_rewriter(has_drop_column));
  return {text(plan.up), text(plan.down)};
}

model::Column column(const std::string& name, const std::string& type, bool nullable = false) {
  model::Column column;
  column.name = name;
  column.type.name = type;
  column.nullable = nullable;
  return column;
}

model::Table user_table() {
  model::Table table;
  table.name = "user";
  table.columns = {column("id", "integer")};
  table.columns.front().auto_increment = true;
  table.primary_key = model::PrimaryKey{{}, {"id"}, ""};
  return table;
}

model::Schema schema(std::vector<model::Table> tables) {
  model::Schema schema;
  schema.tables = std::move(tables);
  return schema;
}

}  // namespace

TEST_CASE("a new table is created, and dropped on the way down") {
  const Sql sql = migrate({}, schema({user_table()}));
  CHECK(sql.up == Statements{R"(CREATE TABLE "user" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL))"});
  CHECK(sql.down == Statements{R"(DROP TABLE "user")"});
}

TEST_CASE("what SQLite cannot add in place is one rebuild, whose way down makes the table under its own name") {
  model::Table desired = user_table();
  desired.columns.push_back(column("email", "varchar"));
  desired.columns.push_back(column("password", "varchar"));
  desired.uniques = {{"UQ_e12875dfb3b1d92d7d7c5377e22", {"email"}, ""}};
  const Sql sql = migrate(schema({user_table()}), schema({desired}));
  CHECK(sql.up == Statements{
                      R"(CREATE TABLE "temporary_user" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, )"
                      R"("email" varchar NOT NULL, "password" varchar NOT NULL, )"
                      R"(CONSTRAINT "UQ_e12875dfb3b1d92d7d7c5377e22" UNIQUE ("email")))",
                      R"(INSERT INTO "temporary_user"("id") SELECT "id" FROM "user" NOT INDEXED)",
                      R"(DROP TABLE "user")",
                      R"(ALTER TABLE "temporary_user" RENAME TO "user")",
                  });
  CHECK(sql.down == Statements{
                        R"(ALTER TABLE "user" RENAME TO "temporary_user")",
                        R"(CREATE TABLE "user" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL))",
                        R"(INSERT INTO "user"("id") SELECT "id" FROM "temporary_user" NOT INDEXED)",
                        R"(DROP TABLE "temporary_user")",
                    });
}

TEST_CASE("a nullable column is added and dropped in place") {
  model::Table desired = user_table();
  desired.columns.push_back(column("nick", "varchar", true));
  const Sql sql = migrate(schema({user_table()}), schema({desired}));
  CHECK(sql.up == Statements{R"(ALTER TABLE "user" ADD COLUMN "nick" varchar)"});
  CHECK(sql.down == Statements{R"(ALTER TABLE "user" DROP COLUMN "nick")"});
}

TEST_CASE("a library without DROP COLUMN rebuilds instead") {
  model::Table desired = user_table();
  desired.columns.push_back(column("nick", "varchar", true));
  const Sql sql = migrate(schema({user_table()}), schema({desired}), {}, 33400);
  CHECK(sql.up == Statements{R"(ALTER TABLE "user" ADD COLUMN "nick" varchar)"});
  CHECK(sql.down.size() == 4);
  CHECK(sql.down.front() == R"(ALTER TABLE "user" RENAME TO "temporary_user")");
}

TEST_CASE("a default that depends on the time of asking is no reason for ADD COLUMN") {
  model::Table desired = user_table();
  desired.columns.push_back(column("created", "datetime"));
  desired.columns.back().default_expression = "datetime('now')";
  const Sql sql = migrate(schema({user_table()}), schema({desired}));
  CHECK(sql.up.size() == 4);
  CHECK(sql.up[1] == R"(INSERT INTO "temporary_user"("id") SELECT "id" FROM "user" NOT INDEXED)");
}

TEST_CASE("a default of which ADD COLUMN would make something else than INSERT is no reason for it") {
  const auto steps = [](const char* type, const char* its_default) {
    model::Table desired = user_table();
    desired.columns.push_back(column("price", type));
    desired.columns.back().default_expression = its_default;
    return migrate(schema({user_table()}), schema({desired})).up.size();
  };
  CHECK(steps("varchar", "1.50") == 4);
  CHECK(steps("text", "TRUE") == 4);
  CHECK(steps("blob", "1e3") == 4);
  CHECK(steps("varchar", "9223372036854775808") == 4);
  CHECK(steps("varchar", "'1.50'") == 1);
  CHECK(steps("varchar", "-150") == 1);
  CHECK(steps("blob", "x'00'") == 1);
  CHECK(steps("double", "1.50") == 1);
  CHECK(steps("decimal", "-1e3") == 1);
  CHECK(steps("boolean", "TRUE") == 1);
}

TEST_CASE("a nullable column is not added in place if it is stored, if rows get values, or if its key would get one") {
  const auto steps = [](const model::Column& added, const diff::Answers& answers, bool refers) {
    model::Table desired = user_table();
    desired.columns.push_back(added);
    if (refers) desired.foreign_keys.push_back({"fk", {added.name}, "user", {"id"}});
    return migrate(schema({user_table()}), schema({desired}), answers).up.size();
  };
  model::Column added = column("extra", "integer", true);
  diff::Answers filled;
  filled.backfills[{"user", "extra"}] = "1";
  CHECK(steps(added, {}, true) == 1);
  CHECK(steps(added, filled, false) == 4);
  added.default_expression = "1";
  CHECK(steps(added, {}, false) == 1);
  CHECK(steps(added, {}, true) == 4);
  added.default_expression.reset();
  added.computed = model::Computed{"id + 1", false, {}};
  CHECK(steps(added, {}, false) == 1);
  added.computed->stored = true;
  CHECK(steps(added, {}, false) == 4);
}

TEST_CASE("a column is dropped in a rebuild if an index that stays may use it") {
  model::Table current = user_table();
  current.columns.push_back(column("nick", "varchar", true));
  model::Index index;
  index.name = "by_word";
  index.columns.emplace_back().expression = "word(id)";
  current.indexes = {index};
  model::Table desired = user_table();
  desired.indexes = {index};
  CHECK(migrate(schema({current}), schema({desired})).up.size() == 5);
  current.indexes[0].columns = {"id"};
  desired.indexes[0].columns = {"id"};
  CHECK(migrate(schema({current}), schema({desired})).up.size() == 1);
}

TEST_CASE("a nullable column that refers to another table is added in place with its key") {
  model::Table post = user_table();
  post.name = "post";
  model::Table desired = post;
  desired.columns.push_back(column("author_id", "integer", true));
  model::ForeignKey key;
  key.name = "FK_1";
  key.columns = {"author_id"};
  key.referenced_table = "user";
  key.referenced_columns = {"id"};
  key.on_delete = model::ReferentialAction::cascade;
  desired.foreign_keys = {key};
  const Sql sql = migrate(schema({user_table(), post}), schema({user_table(), desired}));
  CHECK(sql.up == Statements{R"(ALTER TABLE "post" ADD COLUMN "author_id" integer CONSTRAINT "FK_1" )"
                             R"(REFERENCES "user" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)"});
  CHECK(sql.down.size() == 4);
}

TEST_CASE("values for the rows that are there go into the copy") {
  model::Table current = user_table();
  current.columns.push_back(column("name", "varchar", true));
  model::Table desired = user_table();
  desired.columns.push_back(column("name", "varchar"));
  desired.columns.push_back(column("email", "varchar"));
  diff::Answers answers;
  answers.backfills[{"user", "name"}] = "'nobody'";
  answers.backfills[{"user", "email"}] = "'none'";
  const Sql sql = migrate(schema({current}), schema({desired}), answers);
  CHECK(sql.up[1] == R"(INSERT INTO "temporary_user"("id", "name", "email") )"
                     R"(SELECT "id", coalesce("name", 'nobody'), 'none' FROM "user" NOT INDEXED)");
}

TEST_CASE("what rows get on the way back comes from the table under its own name") {
  model::Table current = user_table();
  current.columns.push_back(column("email", "varchar"));
  diff::Answers answers;
  answers.backfills[{"user", "email"}] = "(SELECT 'user' || max(id) FROM user)";
  const Sql sql = migrate(schema({current}), schema({user_table()}), answers);
  REQUIRE(sql.down.size() == 4);
  CHECK(sql.down[1] == R"(INSERT INTO "temporary_user"("id", "email") )"
                       R"(SELECT "id", (SELECT 'user' || max(id) FROM user) FROM "user" NOT INDEXED)");
}

TEST_CASE("rows are copied also if no column is the same, with the default of the first one") {
  model::Table current;
  current.name = "part";
  current.columns = {column("id", "integer")};
  current.primary_key = model::PrimaryKey{{}, {"id"}, ""};
  current.options["WITHOUT ROWID"] = "";
  model::Table desired = current;
  desired.columns = {column("code", "text")};
  desired.columns[0].default_expression = "'none'";
  desired.primary_key = model::PrimaryKey{{}, {"code"}, ""};
  CHECK(migrate(schema({current}), schema({desired})).up[1] ==
        R"(INSERT INTO "temporary_part"("code") SELECT 'none' FROM "part" NOT INDEXED)");
}

TEST_CASE("indexes and triggers are made again after a rebuild") {
  model::Table current = user_table();
  current.columns.push_back(column("name", "varchar", true));
  model::Index index;
  index.name = "by name";
  index.columns = {"name"};
  index.where = "\"name\" IS NOT NULL";
  current.indexes = {index};
  current.triggers = {{"t", "CREATE TRIGGER t AFTER INSERT ON user BEGIN SELECT 1; END"}};
  model::Table desired = current;
  desired.columns.back().nullable = false;
  const Sql sql = migrate(schema({current}), schema({desired}));
  REQUIRE(sql.up.size() == 6);
  CHECK(sql.up[4] == R"(CREATE INDEX "by name" ON "user" ("name") WHERE "name" IS NOT NULL)");
  CHECK(sql.up[5] == current.triggers.front().definition);
  REQUIRE(sql.down.size() == 6);
  CHECK(sql.down[4] == sql.up[4]);
}

TEST_CASE("rows of a table without a key column keep their rowids") {
  model::Table current;
  current.name = "log";
  current.columns = {column("line", "text", true)};
  model::Table desired = current;
  desired.columns.front().nullable = false;
  const Sql sql = migrate(schema({current}), schema({desired}));
  CHECK(sql.up[1] == R"(INSERT INTO "temporary_log"("rowid", "line") SELECT "rowid", "line" FROM "log" NOT INDEXED)");
}

TEST_CASE("a key that becomes the rowid takes the rowids, and they stay when it goes") {
  model::Table current;
  current.name = "log";
  current.columns = {column("line", "text", true)};
  model::Table desired = current;
  desired.columns.insert(desired.columns.begin(), column("id", "INTEGER"));
  desired.primary_key = model::PrimaryKey{{}, {"id"}, ""};
  const Sql sql = migrate(schema({current}), schema({desired}));
  CHECK(sql.up[1] == R"(INSERT INTO "temporary_log"("id", "line") SELECT "rowid", "line" FROM "log" NOT INDEXED)");
  CHECK(sql.down[2] == R"(INSERT INTO "log"("rowid", "line") SELECT "id", "line" FROM "temporary_log" NOT INDEXED)");

  diff::Answers answers;
  answers.backfills[{"log", "id"}] = "length(line)";
  const Sql filled = migrate(schema({current}), schema({desired}), answers);
  CHECK(filled.up[1].ends_with(R"(("line", "id") SELECT "line", length(line) FROM "log" NOT INDEXED)"));
}

TEST_CASE("a rowid is called by a name that no column has") {
  model::Table current;
  current.name = "log";
  current.columns = {column("rowid", "text", true), column("_ROWID_", "text", true)};
  model::Table desired = current;
  desired.columns.push_back(column("oid", "text", true));
  desired.columns[0].nullable = false;
  CHECK(migrate(schema({current}), schema({desired})).up[1] ==
        R"(INSERT INTO "temporary_log"("rowid", "_ROWID_") SELECT "rowid", "_ROWID_" FROM "log" NOT INDEXED)");
  desired.columns = {current.columns[1]};
  desired.columns[0].nullable = false;
  CHECK(migrate(schema({current}), schema({desired})).up[1] ==
        R"(INSERT INTO "temporary_log"("rowid", "_ROWID_") SELECT "oid", "_ROWID_" FROM "log" NOT INDEXED)");
}

TEST_CASE("a key over a column with values of its own, and a table WITHOUT ROWID, keep no rowids") {
  model::Table current;
  current.name = "part";
  current.columns = {column("id", "INT"), column("a", "text", true)};
  current.primary_key = model::PrimaryKey{{}, {"id"}, ""};
  model::Table desired = current;
  desired.columns[0].type.name = "integer";
  const Sql sql = migrate(schema({current}), schema({desired}));
  CHECK(sql.up[1] == R"(INSERT INTO "temporary_part"("id", "a") SELECT "id", "a" FROM "part" NOT INDEXED)");
  CHECK(sql.down[2] ==
        R"(INSERT INTO "part"("rowid", "id", "a") SELECT "id", "id", "a" FROM "temporary_part" NOT INDEXED)");
  desired = current;
  desired.options["WITHOUT ROWID"] = "";
  const Sql without = migrate(schema({current}), schema({desired}));
  CHECK(without.up[1] == R"(INSERT INTO "temporary_part"("id", "a") SELECT "id", "a" FROM "part" NOT INDEXED)");
  CHECK(without.down[2] == R"(INSERT INTO "part"("id", "a") SELECT "id", "a" FROM "temporary_part" NOT INDEXED)");
}

TEST_CASE("a descending key is not the rowid, which is kept beside it") {
  model::Table current;
  current.name = "log";
  current.columns = {column("id", "integer"), column("line", "text", true)};
  current.primary_key = model::PrimaryKey{{}, {"id"}, ""};
  current.primary_key->columns[0].descending = true;
  model::Table desired = current;
  desired.columns[1].nullable = false;
  CHECK(migrate(schema({current}), schema({desired})).up[1] ==
        R"(INSERT INTO "temporary_log"("rowid", "id", "line") SELECT "rowid", "id", "line" FROM "log" NOT INDEXED)");
}

TEST_CASE("rows are copied against the conflict clauses of the new table") {
  model::Table current = user_table();
  current.columns.push_back(column("a", "text"));
  for (int place = 0; place < 3; ++place) {
    model::Table desired = current;
    if (place == 0) desired.uniques = {{"", {"a"}, "REPLACE"}};
    if (place == 1) desired.primary_key->on_conflict = "IGNORE";
    if (place == 2) {
      desired.columns[1].not_null_on_conflict = "ROLLBACK";
      desired.columns[1].collation = "NOCASE";
    }
    CHECK(migrate(schema({current}), schema({desired})).up[1] ==
          R"(INSERT OR ABORT INTO "temporary_user"("id", "a") SELECT "id", "a" FROM "user" NOT INDEXED)");
  }
}

TEST_CASE("a rename is done in place, before what else changes") {
  model::Table current = user_table();
  current.columns.push_back(column("mail", "varchar", true));
  model::Table desired = user_table();
  desired.name = "person";
  desired.columns.push_back(column("email", "varchar"));
  diff::Answers answers;
  answers.table_renames = {{"user", "person"}};
  answers.column_renames = {{"person", "mail", "email"}};
  const Sql sql = migrate(schema({current}), schema({desired}), answers);
  REQUIRE(sql.up.size() == 8);
  CHECK(sql.up[1] == R"(ALTER TABLE "user" RENAME TO "person")");
  CHECK(sql.up[3] == R"(ALTER TABLE "person" RENAME COLUMN "mail" TO "email")");
  CHECK(sql.up[5] == R"(INSERT INTO "temporary_person"("id", "email") SELECT "id", "email" FROM "person" NOT INDEXED)");
  REQUIRE(sql.down.size() == 8);
  CHECK(sql.down[4] == R"(ALTER TABLE "person" RENAME COLUMN "email" TO "mail")");
  CHECK(sql.down[6] == R"(ALTER TABLE "person" RENAME TO "user")");
}

TEST_CASE("a temporary name is one that nothing has") {
  model::Table other = user_table();
  other.name = "Temporary_User";
  model::Table desired = user_table();
  desired.columns.push_back(column("email", "varchar"));
  const Sql sql = migrate(schema({user_table(), other}), schema({desired, other}));
  CHECK(sql.up[2] == R"(DROP TABLE "user")");
  CHECK(sql.up[3] == R"(ALTER TABLE "temporary_temporary_user" RENAME TO "user")");
  const Sql made = migrate(schema({user_table()}), schema({desired, other}));
  CHECK(made.up.back() == R"(ALTER TABLE "temporary_temporary_user" RENAME TO "user")");

  model::Index index;
  index.name = {"temporary_user"};
  index.columns = {model::KeyPart("id")};
  other.name = "other";
  other.indexes = {index};
  const Sql beside = migrate(schema({user_table(), other}), schema({desired, other}));
  CHECK(beside.up[3] == R"(ALTER TABLE "temporary_temporary_user" RENAME TO "user")");
}

TEST_CASE("the way down brings back the statement that was stored") {
  model::Table current = user_table();
  current.definition.value = "CREATE TABLE user(id integer primary key autoincrement not null)";
  model::Table desired = user_table();
  desired.columns.push_back(column("email", "varchar"));
  const Sql sql = migrate(schema({current}), schema({desired}));
  CHECK(sql.down[1] == current.definition.value);
}

TEST_CASE("a column that was dropped in place comes back in place only if the stored statement becomes the same") {
  const auto way_back = [](const std::string& statement) {
    model::Table current = user_table();
    current.columns.push_back(column("nick", "varchar", true));
    current.definition.value = statement;
    const Sql sql = migrate(schema({current}), schema({user_table()}));
    CHECK(sql.up == Statements{R"(ALTER TABLE "user" DROP COLUMN "nick")"});
    return sql.down;
  };
  CHECK(way_back(R"(CREATE TABLE "user" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "nick" varchar))") ==
        Statements{R"(ALTER TABLE "user" ADD COLUMN "nick" varchar)"});
  const std::string by_hand = "CREATE TABLE user(id integer primary key autoincrement not null, nick VARCHAR)";
  const Statements down = way_back(by_hand);
  REQUIRE(down.size() == 4);
  CHECK(down[1] == by_hand);
}
