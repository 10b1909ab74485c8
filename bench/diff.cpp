// What it costs to compare two databases, against what SQLite itself takes to read both catalogues in the same run.
//
//   bench_diff [TABLES [ROUNDS]]    the defaults are 5000 and 15

#include <sqlite3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/rounds.h"
#include "change/schema_source.h"
#include "whimbrel/driver.h"

namespace {

namespace fs = std::filesystem;

void run(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
}

/// Tables of ten columns that refer to each other. If `changed`, each hundredth is another.
void make_database(const std::string& path, int tables, bool changed) {
  sqlite3* database = nullptr;
  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) std::abort();
  run(database, "BEGIN");
  for (int i = 0; i < tables; ++i) {
    const std::string name = "\"table " + std::to_string(i) + '"';
    const std::string last = changed && i % 100 == 0 ? "varchar(80)" : "varchar(40)";
    run(database, "CREATE TABLE " + name +
                      " (\"id\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \"name\" varchar(200) NOT NULL, \"note\" "
                      "varchar, \"amount\" bigint NOT NULL DEFAULT (0), \"price\" double NOT NULL, \"active\" boolean "
                      "NOT NULL DEFAULT (1), \"email\" varchar NOT NULL, \"owner_id\" integer, \"rank\" integer, "
                      "\"code\" " +
                      last +
                      ", UNIQUE (\"email\"), CHECK (price >= 0), FOREIGN KEY (\"owner_id\") REFERENCES \"table " +
                      std::to_string(i / 2) + "\" (\"id\") ON DELETE CASCADE)");
    run(database, "CREATE INDEX \"index " + std::to_string(i) + "\" ON " + name + " (\"owner_id\")");
  }
  run(database, "COMMIT");
  sqlite3_close(database);
}

/// Every statement of the catalogue, as any reader would have it.
void read_catalogue(const std::string& path) {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) std::abort();
  if (sqlite3_prepare_v2(database, "SELECT type, name, tbl_name, sql FROM sqlite_master", -1, &statement, nullptr) !=
      SQLITE_OK) {
    std::abort();
  }
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int i = 0; i < 4; ++i) {
      const volatile auto* text = sqlite3_column_text(statement, i);
      static_cast<void>(text);
    }
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
}

std::size_t compare(const std::string& from_path, const std::string& to_path) {
  const whimbrel::Drivers drivers = whimbrel::detail::linked_drivers();
  const auto from = whimbrel::change::read_database(drivers, "sqlite:" + from_path);
  const auto to = whimbrel::change::read_database(drivers, "sqlite:" + to_path);
  return whimbrel::change::compare_whole(from, to, {}).operations.size();
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_(fs::temp_directory_path() / ("whimbrel-bench-diff-" + std::to_string(::getpid()))) {
    fs::create_directory(path_);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { fs::remove_all(path_); }
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

}  // namespace

int main(int argc, char** argv) {
  const int tables = argc > 1 ? std::atoi(argv[1]) : 5000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 15;
  const TemporaryDirectory directory;
  const std::string first = directory.file("first.db");
  const std::string same = directory.file("same.db");
  const std::string changed = directory.file("changed.db");
  make_database(first, tables, false);
  make_database(same, tables, false);
  make_database(changed, tables, true);

  std::vector<bench::Subject> subjects;
  subjects.emplace_back("reading both catalogues with plain SQLite", [&] {
    read_catalogue(first);
    read_catalogue(same);
  });
  subjects.emplace_back("reading both schemas", [&] {
    const whimbrel::Drivers drivers = whimbrel::detail::linked_drivers();
    static_cast<void>(whimbrel::change::read_database(drivers, "sqlite:" + first));
    static_cast<void>(whimbrel::change::read_database(drivers, "sqlite:" + same));
  });
  subjects.emplace_back("diff, equal", [&] {
    if (compare(first, same) != 0) std::abort();
  });
  subjects.emplace_back("diff, each hundredth table changed", [&] {
    if (compare(first, changed) == 0) std::abort();
  });
  bench::run_in_turns(subjects, static_cast<std::size_t>(rounds));
  std::printf("two databases of %d tables of 10 columns\n", tables);
  for (const bench::Subject& subject : subjects) {
    std::printf("    %-42s %8.2f ms, ratio %.2f\n", subject.name.c_str(), subject.median(),
                subject.median() / subjects.front().median());
  }
}
