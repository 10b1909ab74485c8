// What whimbrel costs on SQLite, against what the database itself takes for the same in the same run.
//
//   bench_sqlite [ROUNDS]    the default is 15
//
// Times are medians over rounds in which the contestants take turns.

#include <sqlite3.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/many_entities.h"
#include "bench/rounds.h"
#include "change/generate.h"
#include "tests/temporary_directory.h"
#include "whimbrel/data_source.h"
#include "whimbrel/entity.h"
#include "whimbrel/query_runner.h"

namespace {

namespace fs = std::filesystem;

struct Item {
  std::int32_t id{};
  std::string name;
  std::optional<std::string> note;
  std::int64_t amount{};
  double price{};
  bool active{};
  std::string email;
  std::int32_t owner_id{};
  std::optional<std::int32_t> rank;
  std::string code;

  static void describe(whimbrel::Entity<Item>& item) {
    item.primary_generated<&Item::id>();
    item.column<&Item::name>({.length = 200});
    item.column<&Item::note>();
    item.column<&Item::amount>({.default_value = 0});
    item.column<&Item::price>();
    item.column<&Item::active>({.default_value = true});
    item.column<&Item::email>({.unique = true});
    item.column<&Item::owner_id>();
    item.column<&Item::rank>();
    item.column<&Item::code>();
    item.index<&Item::owner_id>();
    item.check("price >= 0");
  }
};

class EmptyMigration final : public whimbrel::Migration {
  void up(whimbrel::QueryRunner&) override {}
  void down(whimbrel::QueryRunner&) override {}
};

class AddColumn final : public whimbrel::Migration {
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"(ALTER TABLE "big" ADD COLUMN "nick" varchar)");
  }
  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"(ALTER TABLE "big" DROP COLUMN "nick")");
  }
};

template <class M>
void with_instance(whimbrel::MigrationUse* use, void* context) {
  M migration;
  use(migration, context);
}

void read_all(sqlite3* database, const char* query) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, query, -1, &statement, nullptr) != SQLITE_OK) std::abort();
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      // The text is made where it is not stored as such, as any reader would have it.
      const volatile auto* text = sqlite3_column_text(statement, i);
      static_cast<void>(text);
    }
  }
  sqlite3_finalize(statement);
}

void read_catalogue(const std::string& path, const std::vector<const char*>& queries) {
  sqlite3* database = nullptr;
  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) std::abort();
  for (const char* query : queries) read_all(database, query);
  sqlite3_close(database);
}

const char* const stored_statements = "SELECT type, name, tbl_name, sql FROM sqlite_master";

const std::vector<const char*> pragmas = {
    stored_statements,
    "SELECT m.name, x.* FROM sqlite_master m JOIN pragma_table_xinfo(m.name) x WHERE m.type = 'table'",
    "SELECT m.name, l.*, x.* FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_xinfo(l.name) x "
    "WHERE m.type = 'table'",
    "SELECT m.name, f.* FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
};

void nothing_changed(const fs::path& directory, int tables, std::size_t rounds) {
  const bench::ManyEntities entities(whimbrel::entities<Item>(), "Item", tables);
  const std::string path = (directory / ("unchanged" + std::to_string(tables) + ".db")).string();
  whimbrel::DataSourceOptions options{.url = "sqlite:" + path, .entities = entities.entities()};
  options.synchronize = true;
  whimbrel::DataSource(options).initialize();
  options.synchronize = false;

  std::vector<bench::Subject> subjects;
  subjects.emplace_back("reading sqlite_master:", [&] { read_catalogue(path, {stored_statements}); });
  subjects.emplace_back("reading the catalogue by pragmas:", [&] { read_catalogue(path, pragmas); });
  subjects.emplace_back("makemigrations", [&] {
    whimbrel::session::Session session(options, whimbrel::session::Access::read_only);
    if (!whimbrel::change::generate(session).empty()) std::abort();
  });
  bench::run_in_turns(subjects, rounds);
  const double ours = subjects.back().median();
  subjects.pop_back();
  std::printf("makemigrations, nothing changed, %5d tables of 10 columns: %7.2f ms\n", tables, ours);
  for (const bench::Subject& floor : subjects) {
    std::printf("    %-34s  %7.2f ms, ratio %.2f\n", floor.name.c_str(), floor.median(), ours / floor.median());
  }
}

void nothing_pending(const fs::path& directory, std::size_t rounds) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back("Step" + std::to_string(1700000000000 + i));
  std::vector<whimbrel::MigrationEntry> entries;
  for (const std::string& name : names) entries.push_back({name.c_str(), with_instance<EmptyMigration>, nullptr});

  int queries = 0;
  whimbrel::DataSourceOptions options{.url = "sqlite:" + (directory / "applied.db").string(),
                                      .migrations = {entries.data(), entries.size(), nullptr}};
  options.logger = [](whimbrel::LogLevel level, const char*, void* context) {
    if (level == whimbrel::LogLevel::query) ++*static_cast<int*>(context);
  };
  options.logger_context = &queries;
  whimbrel::DataSource data_source(options);
  data_source.initialize();
  data_source.run_migrations();
  std::vector<bench::Subject> subjects;
  subjects.emplace_back("run_migrations", [&] {
    queries = 0;
    data_source.run_migrations();
  });
  bench::run_in_turns(subjects, rounds);
  std::printf("run_migrations, 1000 applied, nothing pending: %.3f ms, %d query\n", subjects.front().median(), queries);
}

double add_column(const fs::path& directory, int rows) {
  const whimbrel::MigrationEntry entry{"AddColumn1700000000000", with_instance<AddColumn>, nullptr};
  whimbrel::DataSourceOptions options{.url = "sqlite:" + (directory / ("big" + std::to_string(rows) + ".db")).string(),
                                      .migrations = {&entry, 1, nullptr}};
  whimbrel::DataSource data_source(options);
  data_source.initialize();
  whimbrel::QueryRunner& query_runner = data_source.query_runner();
  query_runner.query(
      R"(CREATE TABLE "big" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar NOT NULL))");
  query_runner.query(
      R"(CREATE TABLE "child" ("id" integer PRIMARY KEY, "big_id" integer REFERENCES "big" ("id") ON DELETE CASCADE))");
  query_runner.query(R"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) )"
                     R"(INSERT INTO "big" SELECT i, 'name ' || i FROM n)",
                     {rows});
  return bench::milliseconds([&] { data_source.run_migrations(); });
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 15;
  const whimbrel::test::TemporaryDirectory temporary;
  const fs::path& directory = temporary.path();
  for (const int tables : {10, 100, 1000, 3000}) nothing_changed(directory, tables, rounds);
  nothing_pending(directory, rounds);
  std::printf("adding a nullable column to a table of     2,000 rows: %7.2f ms\n", add_column(directory, 2000));
  std::printf("adding a nullable column to a table of 2,000,000 rows: %7.2f ms\n", add_column(directory, 2000000));
}
