#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "operation/describe.h"
#include "support/mysql_server.h"
#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// An enum that is stored by the numbers of its enumerators instead of by their names, and the other way round.

namespace {

using namespace whimbrel;
using fixture::Trial;

enum class Role { reader, author, editor = 7 };

namespace by_name {

struct Member {
  std::int32_t id{};
  Role role{};
  std::optional<Role> former{};

  static void describe(Entity<Member>& member) {
    member.primary_generated<&Member::id>();
    member.column<&Member::role>({.default_value = Role::reader});
    member.column<&Member::former>();
    member.index<&Member::role>();
  }
};

}  // namespace by_name

namespace by_number {

struct Member {
  std::int32_t id{};
  Role role{};
  std::optional<Role> former{};

  static void describe(Entity<Member>& member) {
    member.primary_generated<&Member::id>();
    member.column<&Member::role>({.default_value = Role::reader, .enum_storage = EnumStorage::integer});
    member.column<&Member::former>({.enum_storage = EnumStorage::integer});
    member.index<&Member::role>();
  }
};

}  // namespace by_number

template <EnumStorage storage>
struct Untyped {
  std::int32_t id{};
  std::optional<Role> role{};

  static void describe(Entity<Untyped>& member) {
    member.table({.name = "member"});
    member.template primary_generated<&Untyped::id>();
    member.template column<&Untyped::role>({.untyped = true, .enum_storage = storage});
  }
};

void on_every_database(const std::function<void(Trial&)>& check) {
  const auto check_at = [&](const std::string& url) {
    CAPTURE(url);
    Trial trial(nullptr, "", url);
    check(trial);
  };
  check_at("");
  check_at(test::fresh_database());
  check_at(test::mysql_server().fresh_database());
}

std::string roles(Trial& trial) {
  return trial.query("SELECT role FROM member ORDER BY id") + ' ' +
         trial.query("SELECT coalesce(cast(former AS char(9)), '-') FROM member ORDER BY id");
}

}  // namespace

TEST_CASE("rows keep their enumerators if an enum is stored by number, and back") {
  on_every_database([](Trial& trial) {
    trial.arrive_at(entities<by_name::Member>());
    trial.query(
        "INSERT INTO member (role, former) VALUES ('author', 'editor'), ('editor', NULL), ('reader', 'reader')");
    const std::string names = roles(trial);
    const change::SchemaChange generated = trial.arrive_at(entities<by_number::Member>());
    CHECK(std::any_of(generated.operations.begin(), generated.operations.end(), [](const auto& operation) {
      return operation::describe(operation).find("value 'editor' stored as '7'") != std::string::npos;
    }));
    CHECK(generated.losses.empty());
    CHECK(generated.down_losses.empty());
    CHECK(trial.query("SELECT role FROM member ORDER BY id") == "1\n7\n0");
    CHECK(trial.query("SELECT coalesce(former, -1) FROM member ORDER BY id") == "7\n-1\n0");
    trial.query("INSERT INTO member (former) VALUES (1)");
    CHECK(trial.query("SELECT role FROM member WHERE former = 1") == "0");
    trial.query("DELETE FROM member WHERE former = 1");
    trial.revert_last();
    CHECK(roles(trial) == names);
  });
}

TEST_CASE("rows keep their enumerators if an enum is stored by name, and back") {
  on_every_database([](Trial& trial) {
    trial.arrive_at(entities<by_number::Member>());
    trial.query("INSERT INTO member (role, former) VALUES (1, 7), (7, NULL), (0, 0)");
    const std::string numbers = roles(trial);
    const change::SchemaChange generated = trial.arrive_at(entities<by_name::Member>());
    CHECK(generated.losses.empty());
    CHECK(generated.down_losses.empty());
    CHECK(trial.query("SELECT role FROM member ORDER BY id") == "author\neditor\nreader");
    CHECK(trial.query("SELECT role FROM member WHERE former = 'editor'") == "author");
    trial.revert_last();
    CHECK(roles(trial) == numbers);
  });
}

TEST_CASE("a number of no enumerator is refused if an enum is stored by name") {
  on_every_database([](Trial& trial) {
    trial.arrive_at(entities<by_number::Member>());
    trial.query("INSERT INTO member (role, former) VALUES (1, 2)");
    const Error error = fixture::error_of([&] { static_cast<void>(trial.look(entities<by_name::Member>())); });
    CHECK(error.kind() == ErrorKind::unsafe);
    CHECK(std::string_view(error.what()).starts_with("The migration fails on existing rows: "));
  });
}

TEST_CASE("what uses a column whose values are stored otherwise is named") {
  Trial trial;
  trial.arrive_at(entities<by_name::Member>());
  trial.query("CREATE TABLE log (x)");
  trial.query("CREATE VIEW authors AS SELECT id FROM member WHERE role = 'author'");
  trial.query("CREATE VIEW author_numbers AS SELECT * FROM authors");
  trial.query("CREATE VIEW others AS SELECT id, 'role' AS role FROM member");
  trial.query("CREATE INDEX few ON member (former) WHERE role = 'author'");
  trial.query("CREATE INDEX all_roles ON member (role, former)");
  trial.query("CREATE TRIGGER g AFTER INSERT ON member WHEN new.role = 'author' BEGIN INSERT INTO log VALUES (1); END");
  trial.query("CREATE TRIGGER h AFTER INSERT ON member BEGIN INSERT INTO log VALUES ('role'); END");
  const change::SchemaChange generated = trial.look(entities<by_number::Member>());
  const auto note = std::find_if(generated.notes.begin(), generated.notes.end(), [](const std::string& words) {
    return words.starts_with("stores other values in column \"role\" of \"member\"");
  });
  REQUIRE(note != generated.notes.end());
  for (const char* const used : {"view \"authors\"", "index \"few\"", "trigger \"g\""}) {
    CAPTURE(used);
    CHECK(note->find(used) != std::string::npos);
  }
  for (const char* const unused : {"\"author_numbers\"", "\"others\"", "\"all_roles\"", "\"h\""}) {
    CAPTURE(unused);
    CHECK(note->find(unused) == std::string::npos);
  }
}

TEST_CASE("SQLite: rows of a column without a type keep their enumerators") {
  const std::string roles = "SELECT typeof(role) || ' ' || coalesce(role, '') FROM member ORDER BY id";
  {
    Trial trial;
    trial.arrive_at(entities<Untyped<EnumStorage::text>>());
    trial.query("INSERT INTO member (role) VALUES ('author'), ('editor'), (NULL), ('reader')");
    trial.arrive_at(entities<Untyped<EnumStorage::integer>>());
    CHECK(trial.query(roles) == "integer 1\ninteger 7\nnull \ninteger 0");
    trial.revert_last();
    CHECK(trial.query(roles) == "text author\ntext editor\nnull \ntext reader");
  }
  Trial trial;
  trial.arrive_at(entities<Untyped<EnumStorage::integer>>());
  trial.query("INSERT INTO member (role) VALUES (1), (7), (NULL), (0)");
  trial.arrive_at(entities<Untyped<EnumStorage::text>>());
  CHECK(trial.query(roles) == "text author\ntext editor\nnull \ntext reader");
  trial.revert_last();
  CHECK(trial.query(roles) == "integer 1\ninteger 7\nnull \ninteger 0");
}

TEST_CASE("SQLite: names in a column without a type that the database did not list stay, there and back") {
  Trial trial;
  trial.query("CREATE TABLE member (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, role)");
  trial.query("INSERT INTO member (role) VALUES ('author'), ('reader'), (NULL), ('editor')");
  const change::SchemaChange generated = trial.arrive_at(entities<Untyped<EnumStorage::text>>());
  CHECK(generated.down_losses.empty());
  CHECK(trial.query("SELECT coalesce(role, '-') FROM member ORDER BY id") == "author\nreader\n-\neditor");
  trial.revert_last();
  CHECK(trial.query("SELECT coalesce(role, '-') FROM member ORDER BY id") == "author\nreader\n-\neditor");
}
