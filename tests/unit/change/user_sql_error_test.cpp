#include <doctest/doctest.h>

#include "change/generate.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

// Mistakes in SQL that entities and answers hold, found before a migration is written.

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

namespace plain {
struct Item {
  std::int32_t id{};
  std::string name;
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>();
  }
};
}  // namespace plain

namespace checked {
struct Item {
  std::int32_t id{};
  std::string name;
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>();
    item.check("nosuch(name) > 3");
  }
};
}  // namespace checked

namespace defaulted {
struct Item {
  std::int32_t id{};
  std::string name;
  std::optional<std::string> code;
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>();
    item.column<&Item::code>({.default_expression = "nosuch()"});
  }
};
}  // namespace defaulted

namespace collated {
struct Item {
  std::int32_t id{};
  std::string name;
  std::optional<std::string> code;
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>();
    item.column<&Item::code>({.collation = "nosuch"});
  }
};
}  // namespace collated

namespace computing {
struct Item {
  std::int32_t id{};
  std::string name;
  std::optional<std::string> code;
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>();
    item.column<&Item::code>({.computed = "lower(nmae)", .stored = true});
  }
};
}  // namespace computing

namespace indexed {
struct Item {
  std::int32_t id{};
  std::string name;
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>();
    item.index<&Item::name>({.where = "nmae IS NOT NULL"});
  }
};
}  // namespace indexed

namespace dropped {
struct Item {
  std::int32_t id{};
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.index({expression("lower(name)")}, {.name = "by_name"});
  }
};
}  // namespace dropped

namespace typed {
struct Item {
  std::int32_t id{};
  std::string name;
  std::int32_t n{};
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>();
    item.column<&Item::n>({.type = "tinyint unsigned", .default_value = 0});
  }
};
}  // namespace typed

namespace filled {
struct Item {
  std::int32_t id{};
  std::string name;
  std::int32_t n{};
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>();
    item.column<&Item::n>();
  }
};
}  // namespace filled

struct ItemName {
  std::string name;
  static void describe(View<ItemName>& view) { view.query("SELECT nmae AS name FROM item"); }
};

Error mistake_in(const AnyDatabase& database, Entities entities, const diff::Answers& answers = {}) {
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities;
  session::Session session(options);
  const change::SchemaChange generated = change::generate(session, answers);
  return error_of([&] { static_cast<void>(change::verify(session, generated)); });
}

void make_item(const AnyDatabase& database) {
  const Program program({});
  DataSourceOptions options = database.options(program);
  options.entities = entities<plain::Item>();
  session::Session session(options);
  for (const sql::Statement& statement : change::generate(session).script.up) database.query(statement.sql);
}

void check_mistake(const Error& error, const std::string& piece, const std::string& sql, const std::string& place) {
  INFO(error.what());
  INFO(error.remedy());
  CHECK(error.remedy().find("Correct " + place + '.') != std::string::npos);
  CHECK(error.kind() == ErrorKind::entity);
  CHECK(mentions(error, piece));
  CHECK(mentions(error, "\"item\""));
  CHECK(error.statement() == sql);
  CHECK(!mentions(error, "report"));
}

}  // namespace

TEST_CASE_OF_EACH_DATABASE("a mistake in an entity's SQL is told by what has it, not as one of whimbrel's") {
  for (const bool is_new : {true, false}) {
    CAPTURE(is_new);
    const Database database;
    if (!is_new) make_item(database);
    check_mistake(mistake_in(database, entities<checked::Item>()), "the check constraint of table", "nosuch(name) > 3",
                  "check() of Item");
    check_mistake(mistake_in(database, entities<defaulted::Item>()), "the default of column \"code\"", "nosuch()",
                  ".default_value or .default_expression of Item::code");
    check_mistake(mistake_in(database, entities<computing::Item>()), "the expression of column \"code\"", "lower(nmae)",
                  ".computed of Item::code");
    if (database.url().starts_with("mysql")) continue;  // Its indexes have no conditions.
    check_mistake(mistake_in(database, entities<indexed::Item>()), "the index of table", "name WHERE nmae IS NOT NULL",
                  "index() of Item");
  }
}

TEST_CASE_OF_EACH_DATABASE("a mistake in the query of a view is told as one, with the database's reason") {
  const Database database;
  const Error error = mistake_in(database, entities<plain::Item, ItemName>());
  CHECK(error.kind() == ErrorKind::entity);
  CHECK(mentions(error, "the query of view \"item_name\""));
  CHECK(mentions(error, "nmae"));
  CHECK(error.remedy().find("ItemName::describe") != std::string::npos);
}

TEST_CASE_OF_EACH_DATABASE("a mistake in an answer names the option that gives it") {
  const Database database;
  make_item(database);
  database.query("INSERT INTO item (name) VALUES ('a')");
  diff::Answers answers;
  answers.backfills[{"item", "n"}] = "nosuch(name)";
  const Error error = mistake_in(database, entities<filled::Item>(), answers);
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(mentions(error, "the backfill of column \"n\" of table \"item\""));
  CHECK(mentions(error, "--backfill item.n"));
  CHECK(error.statement() == "nosuch(name)");
}

TEST_CASE_OF_EACH_DATABASE("a collation that the database does not have is told by the column that has it") {
  for (const bool is_new : {true, false}) {
    CAPTURE(is_new);
    const Database database;
    if (!is_new) make_item(database);
    check_mistake(mistake_in(database, entities<collated::Item>()), "the collation of column \"code\"", "nosuch",
                  ".collation of Item::code");
  }
}

TEST_CASE("PostgreSQL: a type that the server does not have is told by the column that has it") {
  const PostgresDatabase database;
  const Error error = mistake_in(database, entities<typed::Item>());
  check_mistake(error, "the type of column \"n\"", "tinyint unsigned", ".type of Item::n");
  CHECK(error.statement_offset() >= 0);
}

TEST_CASE_OF_EACH_DATABASE("an index over an expression with a dropped column is told as the mistake") {
  const Database database;
  if (database.url().starts_with("mysql")) return;  // MariaDB has no indexes over expressions.
  make_item(database);
  database.query("CREATE INDEX by_name ON item (lower(name))");
  check_mistake(mistake_in(database, entities<dropped::Item>()), "the index of table", "lower(name)",
                "index() of Item");
}
