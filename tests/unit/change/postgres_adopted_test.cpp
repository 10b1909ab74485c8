#include <doctest/doctest.h>

#include "change/generate.h"
#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Entities for tables that somebody else made, as only PostgreSQL has them: child tables and partitions.

using namespace whimbrel;

namespace {

/// Describes only what the table does not inherit.
struct Dog {
  std::int32_t weight{};

  static void describe(Entity<Dog>& dog) {
    dog.table({.primary_key = false});
    dog.column<&Dog::weight>();
  }
};
using PlainDog = Dog;

namespace whole {

/// Describes what the table inherits, too.
struct Dog : PlainDog {
  std::int32_t id{};
  std::optional<std::string> name;

  static void describe(Entity<Dog>& dog) {
    dog.table({.primary_key = false});
    dog.inherits<PlainDog>();
    dog.column<&Dog::id>();
    dog.column<&Dog::name>();
    dog.check("id > 0", {.name = "animal_id_check"});
  }
};

}  // namespace whole

namespace keyed {

struct Dog : whole::Dog {
  static void describe(Entity<Dog>& dog) {
    dog.primary_column<&Dog::id>();
    dog.column<&Dog::name>();
    dog.column<&Dog::weight>();
    dog.unique<&Dog::weight, &Dog::id>();
    dog.index<&Dog::name>();
  }
};

}  // namespace keyed

namespace grown {

struct Dog : PlainDog {
  std::optional<std::string> breed;

  static void describe(Entity<Dog>& dog) {
    dog.table({.primary_key = false});
    dog.inherits<PlainDog>();
    dog.column<&Dog::breed>();
  }
};

}  // namespace grown

constexpr const char* animals =
    "CREATE TABLE animal (id integer NOT NULL CHECK (id > 0), name character varying);"
    "CREATE TABLE dog (weight integer NOT NULL) INHERITS (animal)";
constexpr const char* partitions =
    "CREATE TABLE animal (id integer NOT NULL CONSTRAINT animal_id_check CHECK (id > 0), name character varying, "
    "weight integer NOT "
    "NULL, PRIMARY KEY (id), UNIQUE (weight, id)) PARTITION BY LIST (id); CREATE INDEX ON animal (name); CREATE TABLE "
    "dog PARTITION OF animal FOR VALUES IN (1)";

template <class T>
std::vector<std::string> statements(const char* tables) {
  const fixture::PostgresDatabase database;
  database.query(tables);
  DataSourceOptions options{.url = database.url(), .entities = entities<T>()};
  session::Session session(options);
  const change::SchemaChange generated = change::generate(session);
  CHECK(change::verify(session, generated).empty());
  CHECK(generated.losses.empty());
  return fixture::texts(generated.script.up);
}

}  // namespace

TEST_CASE("PostgreSQL: an entity of a child table describes its own columns, or also those of its parents") {
  CHECK(statements<Dog>(animals).empty());
  CHECK(statements<whole::Dog>(animals).empty());
  CHECK(statements<grown::Dog>(animals) ==
        std::vector<std::string>{R"(ALTER TABLE "dog" ADD "breed" character varying)"});
}

TEST_CASE("PostgreSQL: an entity of a partition describes its columns, its keys and what it has from the whole table") {
  CHECK(statements<whole::Dog>(partitions).empty());
  CHECK(statements<keyed::Dog>(partitions).empty());
}
