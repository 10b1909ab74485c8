#include <doctest/doctest.h>

#include <algorithm>

#include "support/postgres_server.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"

// Objects made by hand that migrations have to recreate stay unmanaged, also if only one direction recreates them.

using namespace whimbrel;
using fixture::Trial;

namespace {

template <std::size_t length>
struct Account {
  std::int32_t id{};
  std::string email;
  static void describe(Entity<Account>& account) {
    account.table({.name = "account"});
    account.template primary_generated<&Account::id>();
    account.template column<&Account::email>({.length = length});
  }
};

struct Mail {
  static void describe(View<Mail>& view) { view.query("SELECT id, email FROM account"); }
};

namespace wider {
struct Mail {
  static void describe(View<Mail>& view) { view.query("SELECT id, email, 1 AS one FROM account"); }
};
}  // namespace wider

namespace first {
enum class Kind { a, b };
}  // namespace first
namespace second {
enum class Kind { a, b, c };
}  // namespace second
namespace third {
enum class Kind { b, a, c };
}  // namespace third

template <class Kind>
struct Item {
  std::int32_t id{};
  Kind kind{};
  static void describe(Entity<Item>& item) {
    item.table({.name = "item"});
    item.template primary_generated<&Item::id>();
    item.template column<&Item::kind>();
  }
};

template <class Kind, class Age>
struct Person {
  std::int32_t id{};
  Kind kind{};
  Age age{};
  static void describe(Entity<Person>& person) {
    person.table({.name = "person"});
    person.template primary_generated<&Person::id>();
    person.template column<&Person::kind>({.default_value = Kind::a});
    person.template column<&Person::age>();
  }
};

/// It has a new column.
template <class Kind, class Age>
struct Author {
  std::int32_t id{};
  Kind kind{};
  Age age{};
  std::string bio;
  static void describe(Entity<Author>& author) {
    author.table({.name = "person"});
    author.template primary_generated<&Author::id>();
    author.template column<&Author::kind>({.default_value = Kind::a});
    author.template column<&Author::age>();
    author.template column<&Author::bio>({.default_expression = "'none'"});
  }
};

bool has(const std::vector<std::string>& texts, std::string_view word) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(word) != std::string::npos; });
}

}  // namespace

TEST_CASE("PostgreSQL: views made by hand over one that is replaced in place in one direction stay unmanaged") {
  const auto check = [](auto change, auto again) {
    Trial trial(nullptr, "", test::fresh_database());
    trial.arrive_at(entities<Account<80>, std::conditional_t<change.value, Mail, wider::Mail>>());
    trial.query(
        "CREATE VIEW hand AS SELECT email FROM mail; CREATE MATERIALIZED VIEW stored AS SELECT count(*) FROM hand");
    using Changed = std::conditional_t<change.value, wider::Mail, Mail>;
    trial.arrive_at(entities<Account<80>, Changed>());
    if (again.value) trial.arrive_at(entities<Account<90>, Changed>());
    const change::SchemaChange generated = trial.look(entities<Account<again.value ? 90 : 80>, Changed>());
    CHECK(generated.empty());
    CHECK(has(generated.unmanaged, "view \"hand\""));
    CHECK(has(generated.unmanaged, "view \"stored\""));
  };
  check(std::true_type(), std::false_type());
  check(std::true_type(), std::true_type());
  check(std::false_type(), std::false_type());
  check(std::false_type(), std::true_type());
}

TEST_CASE("PostgreSQL: a check, an index and a view made by hand over an enum that changes stay unmanaged") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<Item<first::Kind>>());
  trial.query(
      "ALTER TABLE item ADD CONSTRAINT hand_check CHECK (kind <> 'b'); CREATE INDEX hand_index ON item (id) WHERE kind "
      "= "
      "'a'; CREATE VIEW hand AS SELECT id FROM item WHERE kind = 'a'");
  trial.arrive_at(entities<Item<second::Kind>>());
  trial.arrive_at(entities<Item<third::Kind>>());
  const change::SchemaChange generated = trial.look(entities<Item<third::Kind>>());
  CHECK(generated.empty());
  for (const char* name : {"\"hand_check\"", "\"hand_index\"", "\"hand\""}) CHECK(has(generated.unmanaged, name));
}

TEST_CASE("PostgreSQL: an index made by hand stays unmanaged if a statement before it needs a check made by hand") {
  Trial trial(nullptr, "", test::fresh_database());
  trial.arrive_at(entities<Person<first::Kind, std::int32_t>>());
  trial.query(
      "CREATE INDEX hand_index ON person (age) WHERE kind = 'a'; ALTER TABLE person ADD CONSTRAINT hand_check CHECK "
      "(age > 0 AND kind <> 'b' OR age > 1); CREATE DOMAIN hand_domain AS person_kind_enum CHECK (value <> "
      "'b'::person_kind_enum)");
  trial.arrive_at(entities<Author<third::Kind, std::int64_t>>());
  const change::SchemaChange generated = trial.look(entities<Author<third::Kind, std::int64_t>>());
  CHECK(generated.empty());
  for (const char* name : {"\"hand_check\"", "\"hand_index\""}) CHECK(has(generated.unmanaged, name));
}
