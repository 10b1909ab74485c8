#include "change/needed_rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <initializer_list>

#include "change/generate.h"
#include "unit/fixture/fixture.h"
#include "whimbrel/entity.h"

// A migration is verified with the rows that it reads and references, too.

using namespace whimbrel;
using namespace whimbrel::fixture;
using change::Verification;
using session::Session;

namespace {

struct Owner {
  std::int32_t id{};
  std::optional<std::int32_t> code;
  static void describe(Entity<Owner>& owner) {
    owner.primary_column<&Owner::id>();
    owner.column<&Owner::code>();
  }
};

namespace loose {
struct Thing {
  std::int32_t id{};
  std::optional<std::int32_t> owner_id;
  std::optional<std::int32_t> part_of;
  static void describe(Entity<Thing>& thing) {
    thing.primary_column<&Thing::id>();
    thing.column<&Thing::owner_id>();
    thing.column<&Thing::part_of>();
  }
};
}  // namespace loose

namespace owned {
struct Thing {
  std::int32_t id{};
  std::optional<std::int32_t> owner_id;
  std::optional<std::int32_t> part_of;
  static void describe(Entity<Thing>& thing) {
    thing.primary_column<&Thing::id>();
    thing.many_to_one<&Thing::owner_id, &Owner::id>();
    thing.column<&Thing::part_of>();
  }
};
}  // namespace owned

namespace keyed {
struct Thing {
  std::int32_t id{};
  std::optional<std::int32_t> owner_id;
  std::optional<std::int32_t> part_of;
  static void describe(Entity<Thing>& thing) {
    thing.primary_column<&Thing::id>();
    thing.many_to_one<&Thing::owner_id, &Owner::id>();
    thing.many_to_one<&Thing::part_of, &Thing::id>();
  }
};
}  // namespace keyed

namespace renamed {
struct Holder {
  std::int32_t number{};
  std::optional<std::int32_t> code;
  static void describe(Entity<Holder>& holder) {
    holder.table({.renamed_from = "owner"});
    holder.primary_column<&Holder::number>({.renamed_from = "id"});
    holder.column<&Holder::code>();
  }
};
struct Article {
  std::int32_t id{};
  std::optional<std::int32_t> holder;
  std::optional<std::int32_t> part_of;
  static void describe(Entity<Article>& article) {
    article.table({.renamed_from = "thing"});
    article.primary_column<&Article::id>();
    article.column<&Article::holder>({.renamed_from = "owner_id"});
    article.many_to_one<&Article::holder, &Holder::number>();
    article.column<&Article::part_of>();
  }
};
}  // namespace renamed

namespace required {
struct Thing {
  std::int32_t id{};
  std::int32_t owner_id{};
  std::optional<std::int32_t> part_of;
  static void describe(Entity<Thing>& thing) {
    thing.primary_column<&Thing::id>();
    thing.column<&Thing::owner_id>();
    thing.column<&Thing::part_of>();
  }
};
}  // namespace required

/// A database with both tables.
template <class Database>
class Things : public Database {
 public:
  Things() {
    Session session(options(entities<Owner, loose::Thing>()));
    for (const sql::Statement& statement : change::generate(session).script.up) this->query(statement.sql);
  }

  [[nodiscard]] DataSourceOptions options(Entities described) const {
    DataSourceOptions result = Database::options(program_);
    result.entities = described;
    return result;
  }

  Verification verify(Entities described, const std::string& backfill = {},
                      std::size_t rows = change::usual_rows) const {
    Session session(options(described));
    diff::Answers answers;
    if (!backfill.empty()) answers.backfills[{"thing", "owner_id"}] = backfill;
    return change::verify(session, change::generate(session, answers), rows);
  }

 private:
  Program program_{{}};
};

bool has(const std::vector<change::Finding>& findings, const std::string& text) {
  return std::any_of(findings.begin(), findings.end(), [&](const change::Finding& finding) {
    return (finding.words + ": " + finding.example).find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE_OF_EACH_DATABASE("a foreign key is added to rows that satisfy it") {
  const Things<Database> things;
  things.query("INSERT INTO owner VALUES (7, 1), (8, 2), (900, 3)");
  things.query("INSERT INTO thing VALUES (1, 900, 3), (2, NULL, 1), (3, 7, NULL), (4, 7, 3)");
  const Entities described = entities<Owner, keyed::Thing>();
  REQUIRE(things.verify(described).rows.size() == 1);
  CHECK(things.verify(described).rows[0].second == 4);
  CHECK(things.verify(entities<renamed::Holder, renamed::Article>()).rows.size() > 0);

  things.query("INSERT INTO thing VALUES (5, 901, NULL)");
  Error error = error_of([&] { static_cast<void>(things.verify(entities<Owner, owned::Thing>())); });
  CHECK(mentions(error, "fails on existing rows"));
  // The message of MariaDB and MySQL has the name of the scratch database, so that no two are equal.
  CHECK(mentions(error, "id = 5, owner_id = 901") == !things.url().starts_with("mysql"));
  things.query("UPDATE thing SET owner_id = 8, part_of = 77 WHERE id = 5");
  error = error_of([&] { static_cast<void>(things.verify(described)); });
  CHECK(mentions(error, "fails on existing rows"));
  // A reference to a row that is only cut off would look the same.
  CHECK_FALSE(mentions(error, "First failing row"));
}

TEST_CASE_OF_EACH_DATABASE("rows whose referenced rows are not copied do not violate a new foreign key") {
  const Things<Database> things;
  things.query("INSERT INTO owner VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6)");
  things.query("INSERT INTO thing VALUES (1, 6, 4), (2, 5, 5), (3, 4, 6), (4, 3, NULL), (5, 2, NULL), (6, 1, NULL)");
  for (const std::size_t rows : std::initializer_list<std::size_t>{1, 2, 3, 5}) {
    CAPTURE(rows);
    CHECK(things.verify(entities<Owner, keyed::Thing>(), {}, rows).notes.empty());
  }
}

TEST_CASE_OF_EACH_DATABASE("a backfill reads other tables, also through a view") {
  const Things<Database> things;
  things.query("INSERT INTO owner VALUES (7, 70), (8, 80)");
  things.query("INSERT INTO thing VALUES (1, NULL, NULL), (2, 7, NULL)");
  things.query("CREATE VIEW newest AS SELECT max(id) AS id FROM owner");
  const Entities described = entities<Owner, required::Thing>();
  CHECK(things.verify(described, "(SELECT max(id) FROM owner)").rows.size() == 1);
  CHECK(things.verify(described, "(SELECT id FROM newest)").rows.size() == 1);
  const Error error = error_of([&] { things.verify(described, "(SELECT id FROM owner WHERE code = 71)"); });
  CHECK(mentions(error, "fails on existing rows"));
}

TEST_CASE("PostgreSQL: a backfill reads other tables through a function whose body is only a text") {
  const Things<PostgresDatabase> things;
  things.query("INSERT INTO owner VALUES (7, 70), (8, 80)");
  things.query("INSERT INTO thing VALUES (1, NULL, NULL), (2, 7, NULL)");
  things.query(
      "CREATE FUNCTION newest() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT max(id) FROM owner); END'");
  const Verification proof = things.verify(entities<Owner, required::Thing>(), "newest()");
  CHECK(proof.rows.size() == 1);
  CHECK(proof.notes.empty());
}

TEST_CASE_OF_EACH_DATABASE("a backfill that finds nothing among the copied rows may find it among all") {
  const Things<Database> things;
  things.query("INSERT INTO owner VALUES (7, 70), (8, 80), (9, 90)");
  things.query("INSERT INTO thing VALUES (1, NULL, NULL), (2, 7, NULL)");
  const Entities described = entities<Owner, required::Thing>();
  const Verification proof = things.verify(described, "(SELECT id FROM owner WHERE code = 90)", 2);
  CHECK(has(proof.notes, "fails on the copied rows, not all of \"owner\": "));
  CHECK(proof.rows.empty());
}

TEST_CASE_OF_EACH_DATABASE("rows that all reference rows which are not copied are named") {
  const Things<Database> things;
  std::string rows;
  for (int i = 1; i <= 60; ++i) {
    const std::string later = i <= 30 ? std::to_string(i + 25) : "NULL";
    rows += (i > 1 ? ", (" : "(") + std::to_string(i) + ", NULL, " + later + ')';
  }
  things.query("INSERT INTO thing VALUES " + rows);
  const Verification proof = things.verify(entities<Owner, keyed::Thing>(), {}, 2);
  CHECK(proof.rows.empty());
  REQUIRE(!proof.left_out.empty());
  CHECK(proof.left_out.front() ==
        "rows of table \"thing\" (none could be copied together with the rows that it references)");
}

TEST_CASE_OF_EACH_DATABASE("rows that were not copied are no excuse for a reference to a table that was copied whole") {
  const Things<Database> things;
  things.query("DROP TABLE thing");
  things.query("CREATE TABLE thing (id integer PRIMARY KEY NOT NULL, owner_id varchar(9), part_of varchar(9))");
  things.query("INSERT INTO owner VALUES (7, 1), (8, 2)");
  things.query("INSERT INTO thing VALUES (1, '7', NULL), (2, '9', '1'), (3, '8', '1')");
  // The message of MariaDB and MySQL has the name of the scratch database, so that no two are equal.
  if (things.url().starts_with("mysql")) return;
  const Error error = error_of([&] { static_cast<void>(things.verify(entities<Owner, keyed::Thing>(), {}, 2)); });
  CHECK(mentions(error, "fails on existing rows"));
}
