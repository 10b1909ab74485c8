#include <doctest/doctest.h>

#include "change/synchronize.h"
#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Indexes of PostgreSQL that are made while rows are written, which no transaction can hold.

namespace {

using namespace whimbrel;
using fixture::texts;
using fixture::Trial;

struct Author {
  std::int32_t id{};
  std::string name;

  static void describe(Entity<Author>& author) {
    author.primary_generated<&Author::id>();
    author.column<&Author::name>();
  }
};
using PlainAuthor = Author;

namespace indexed {

struct Author : PlainAuthor {
  static void describe(Entity<Author>& author) {
    author.inherits<PlainAuthor>();
    author.index<&Author::name>({.name = "by name", .unique = true, .concurrent = true});
  }
};

}  // namespace indexed

namespace grown {

struct Author : PlainAuthor {
  std::optional<std::string> city;

  static void describe(Entity<Author>& author) {
    author.inherits<PlainAuthor>();
    author.column<&Author::city>();
    author.index<&Author::city>({.name = "by_city", .concurrent = true});
    author.index<&Author::name>({.name = "by name", .concurrent = true});
  }
};

}  // namespace grown

namespace referenced {

struct Author : PlainAuthor {
  static void describe(Entity<Author>& author) {
    author.inherits<PlainAuthor>();
    author.index<&Author::name>({.name = "by name", .unique = true, .concurrent = true});
  }
};

struct Post {
  std::int32_t id{};
  std::string author;

  static void describe(Entity<Post>& post) {
    post.primary_generated<&Post::id>();
    post.column<&Post::author>();
    post.many_to_one<&Post::author, &Author::name>();
  }
};

}  // namespace referenced

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("an index is made concurrently by a migration of its own, which can be run again") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<Author>());
  const change::SchemaChange generated = trial.look(entities<indexed::Author>());
  CHECK(texts(generated.script.up) == Lines{R"(CREATE UNIQUE INDEX "by name" ON "author" ("name"))"});
  CHECK(texts(generated.script.down) == Lines{R"(DROP INDEX "by name")"});
  REQUIRE(generated.parts.size() == 1);
  const change::ScriptPart& part = generated.parts.front();
  CHECK_FALSE(part.in_transaction);
  REQUIRE(part.script.up.size() == 2);
  CHECK(part.script.up.front().sql.starts_with("DO $whimbrel$ BEGIN IF EXISTS"));
  CHECK(part.script.up.back().sql == R"(CREATE UNIQUE INDEX CONCURRENTLY "by name" ON "author" ("name"))");
  CHECK(texts(part.script.down) == Lines{R"(DROP INDEX CONCURRENTLY IF EXISTS "by name")"});

  const auto run_all = [&](const std::vector<sql::Statement>& statements) {
    for (const sql::Statement& statement : statements) trial.query(statement.sql);
  };
  trial.query("INSERT INTO author (name) VALUES ('Ann'), ('Ann')");
  CHECK_THROWS_AS(run_all(part.script.up), Error);  // It leaves an index behind that is not valid.
  trial.query("DELETE FROM author WHERE id = 2");
  run_all(part.script.up);
  CHECK(trial.is_at(entities<indexed::Author>()));
  run_all(part.script.down);
  CHECK(trial.is_at(entities<Author>()));

  trial.query("CREATE TABLE other (x integer); CREATE UNIQUE INDEX \"by name\" ON other (x)");
  CHECK_THROWS_AS(run_all(part.script.up), Error);
  CHECK(trial.query("SELECT count(*) FROM pg_indexes WHERE indexname = 'by name'") == "1");
  trial.query("DROP TABLE other; CREATE INDEX \"by name\" ON author (name)");
  CHECK_THROWS_AS(run_all(part.script.up), Error);
}

TEST_CASE("what a transaction can hold comes first, and each concurrent index after it") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<Author>());
  const change::SchemaChange generated = trial.look(entities<grown::Author>());
  REQUIRE(generated.parts.size() == 3);
  CHECK(generated.parts[0].in_transaction);
  CHECK(texts(generated.parts[0].script.up) == Lines{R"(ALTER TABLE "author" ADD "city" character varying)"});
  CHECK(texts(generated.parts[0].script.down) == Lines{R"(ALTER TABLE "author" DROP COLUMN "city")"});
  CHECK(texts(generated.parts[1].script.up).back() == R"(CREATE INDEX CONCURRENTLY "by_city" ON "author" ("city"))");
  CHECK(texts(generated.parts[1].script.down).back() == R"(DROP INDEX CONCURRENTLY IF EXISTS "by_city")");
  CHECK(texts(generated.parts[2].script.up).back() == R"(CREATE INDEX CONCURRENTLY "by name" ON "author" ("name"))");

  trial.arrive_at(entities<grown::Author>());  // All at once, as synchronize does it.
  const change::SchemaChange back = trial.look(entities<Author>());
  REQUIRE(back.parts.size() == 1);
  CHECK(back.parts[0].in_transaction);
}

TEST_CASE("an index is made as always with its table, for a foreign key to it, and where there is no other way") {
  {
    Trial trial(nullptr, "", test::fresh_database());
    const change::SchemaChange generated = trial.look(entities<indexed::Author>());
    REQUIRE(generated.parts.size() == 1);
    CHECK(generated.parts[0].in_transaction);
  }
  {
    Trial trial(nullptr, "", test::fresh_database());
    trial.arrive_at(entities<Author>());
    const change::SchemaChange generated = trial.arrive_at(entities<referenced::Author, referenced::Post>());
    REQUIRE(generated.parts.size() == 1);
    CHECK(generated.parts[0].in_transaction);
  }
  Trial trial;
  trial.arrive_at(entities<Author>());
  const change::SchemaChange generated = trial.arrive_at(entities<grown::Author>());
  REQUIRE(generated.parts.size() == 1);
  CHECK(generated.parts[0].in_transaction);
}
