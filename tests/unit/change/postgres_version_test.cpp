#include <doctest/doctest.h>

#include "support/postgres_server.h"
#include "unit/fixture/fixture.h"
#include "unit/fixture/trial.h"
#include "whimbrel/entity.h"
#include "whimbrel/postgres.h"

// What not every version of PostgreSQL has.

using namespace whimbrel;
using fixture::Trial;

namespace {

namespace computed_when_read {
struct Item {
  std::int32_t id{};
  std::int32_t price{};
  std::int32_t twice{};
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::price>();
    item.column<&Item::twice>({.computed = "price * 2"});
  }
};
}  // namespace computed_when_read

namespace computed_when_written {
struct Item {
  std::int32_t id{};
  std::int32_t price{};
  std::int32_t twice{};
  static void describe(Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::price>();
    item.column<&Item::twice>({.computed = "price * 2", .stored = true});
  }
};
}  // namespace computed_when_written

struct Seat {
  std::int32_t id{};
  std::optional<std::int32_t> number;
  static void describe(Entity<Seat>& seat) {
    seat.primary_generated<&Seat::id>();
    seat.column<&Seat::number>();
    seat.unique<&Seat::number>({.nulls_not_distinct = true});
  }
};

struct Ticket {
  std::string id;
  static void describe(Entity<Ticket>& ticket) { ticket.primary_generated<&Ticket::id>(); }
};

int server_version(const std::string& url) { return postgres::driver().open({.url = url})->version(); }

}  // namespace

TEST_CASE("PostgreSQL: columns that are computed when they are read are made and changed where the server has them") {
  const std::string url = test::fresh_database();
  Trial trial(nullptr, "", url);
  if (server_version(url) < 180000) {
    const Error error = fixture::error_of([&] { trial.arrive_at(entities<computed_when_read::Item>()); });
    CHECK(error.kind() == ErrorKind::entity);
    CHECK(fixture::mentions(error, "member \"twice\": PostgreSQL "));
    CHECK(fixture::mentions(error, "has no virtual generated columns, which PostgreSQL 18 introduced"));
    return;
  }
  trial.arrive_at(entities<computed_when_read::Item>());
  trial.query("INSERT INTO item (price) VALUES (4)");
  CHECK(trial.is_at(entities<computed_when_read::Item>()));
  trial.arrive_at(entities<computed_when_written::Item>());
  trial.arrive_at(entities<computed_when_read::Item>());
  CHECK(trial.query("SELECT twice FROM item") == "8");
}

TEST_CASE("PostgreSQL: uniques in which NULLs are equal are refused where the server has none, or where none may be") {
  const std::string url = test::fresh_database();
  Trial trial(nullptr, "", url);
  if (server_version(url) >= 150000) {
    trial.arrive_at(entities<Seat>());
    CHECK(trial.is_at(entities<Seat>()));
  } else {
    const Error error = fixture::error_of([&] { trial.arrive_at(entities<Seat>()); });
    CHECK(fixture::mentions(error, "has no NULLS NOT DISTINCT, which PostgreSQL 15 introduced"));
  }
  DataSourceOptions options;
  options.url = url;
  options.entities = entities<Seat>();
  options.server_version = "14.2";
  const Error error = fixture::error_of([&] { DataSource data_source(options); });
  CHECK(fixture::mentions(error, "PostgreSQL 14.2 has no NULLS NOT DISTINCT"));
  CHECK(error.remedy() == "Remove it, or use PostgreSQL 15 or later.");
}

TEST_CASE("PostgreSQL: UUIDs are generated where the server has a function for it, or already does it with another") {
  const std::string url = test::fresh_database();
  Trial trial(nullptr, "", url);
  DataSourceOptions options;
  options.url = url;
  options.entities = entities<Ticket>();
  options.server_version = "12.22";
  const Error error = fixture::error_of([&] { DataSource(options).synchronize(); });
  CHECK(error.kind() == ErrorKind::entity);
  CHECK(
      std::string(error.what()) ==
      "column \"id\" of \"ticket\": PostgreSQL 12.22 has no function for random UUIDs, which PostgreSQL 13 introduced");
  CHECK(error.remedy() == "Remove it, or use PostgreSQL 13 or later.");
  trial.query("CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT md5(random()::text)::uuid'");
  trial.query(
      "CREATE TABLE ticket (id uuid DEFAULT uuid_generate_v4(), CONSTRAINT \"PK_d9a0835407701eb86f874474b7c\" PRIMARY "
      "KEY (id))");
  DataSource(options).synchronize();
  CHECK(trial.query("INSERT INTO ticket DEFAULT VALUES RETURNING id <> md5('')::uuid") == "1");
}
