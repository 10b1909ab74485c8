// What whimbrel costs on MariaDB, against what the server and its own client take for the same in the same run. The
// server is started for it, on a temporary directory; WHIMBREL_MYSQL_SERVER names another one, such as MySQL's.
//
//   bench_mysql [ROUNDS [TABLES...]]    the defaults are 7, and 100 1000 10000
//
// Times are medians over rounds in which the contestants take turns.

#include <mysql.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "bench/rounds.h"
#include "bench/server_items.h"
#include "bench/small_migrations.h"
#include "change/generate.h"
#include "dialect/mysql/inspect/catalog.h"
#include "tests/support/mysql_server.h"
#include "tests/temporary_directory.h"
#include "whimbrel/data_source.h"
#include "whimbrel/mysql.h"
#include "whimbrel/query_runner.h"
#include "whimbrel/schema.h"

namespace {

using whimbrel::test::MysqlServer;

std::string socket_of(const std::string& url) {
  const std::string socket = url.substr(url.find("socket=") + 7);
  std::string path;
  for (std::size_t i = 0; i < socket.size() && socket[i] != '&'; ++i) {
    if (socket[i] != '%') {
      path += socket[i];
      continue;
    }
    path += static_cast<char>(std::stoi(socket.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return path;
}

std::string database_of(const std::string& url) {
  const std::size_t begin = url.find("test_");
  return url.substr(begin, url.find('?') - begin);
}

std::unique_ptr<MYSQL, void (*)(MYSQL*)> connect(const std::string& url) {
  std::unique_ptr<MYSQL, void (*)(MYSQL*)> connection(mysql_init(nullptr), mysql_close);
  mysql_options(connection.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (mysql_real_connect(connection.get(), nullptr, "root", nullptr, database_of(url).c_str(), 0,
                         socket_of(url).c_str(), 0) == nullptr) {
    std::abort();
  }
  return connection;
}

/// Returns how many rows there were.
std::size_t run(MYSQL* connection, const std::string& statement) {
  if (mysql_real_query(connection, statement.data(), statement.size()) != 0) std::abort();
  MYSQL_RES* const result = mysql_store_result(connection);
  if (result == nullptr) return 0;
  const auto rows = static_cast<std::size_t>(mysql_num_rows(result));
  mysql_free_result(result);
  return rows;
}

/// What a program does that only reads the same rows, and makes nothing of them.
void read_catalogue(const std::string& url, const whimbrel::dialect::mysql::Server& server) {
  const auto connection = connect(url);
  std::size_t rows = 0;
  for (const std::string& query : whimbrel::dialect::mysql::catalog_queries(server, {}))
    rows += run(connection.get(), query);
  if (rows == 0) std::abort();
}

void nothing_changed(MysqlServer& server, whimbrel::Entities entities, const std::string& what, std::size_t rounds) {
  const std::string url = server.fresh_database();
  whimbrel::DataSourceOptions options{.url = url, .entities = entities};
  options.synchronize = true;
  whimbrel::DataSource(options).initialize();
  options.synchronize = false;
  const whimbrel::dialect::mysql::Server facts =
      whimbrel::dialect::mysql::read_server(whimbrel::mysql::driver().open({.url = url})->server());

  std::vector<bench::Subject> subjects;
  subjects.emplace_back("the same queries through the client library:", [&] { read_catalogue(url, facts); });
  subjects.emplace_back("makemigrations", [&] {
    whimbrel::session::Session session(options, whimbrel::session::Access::read_only);
    if (!whimbrel::change::generate(session).empty()) std::abort();
  });
  bench::run_in_turns(subjects, rounds);
  bench::print("makemigrations, nothing changed, " + what, subjects);
  server.run("DROP DATABASE " + database_of(url));
}

/// Makes a table and adds a column to it, by turns.
std::string statement(int number) {
  const std::string table = "`item_" + std::to_string(number / 2) + '`';
  if (number % 2 == 1) return "ALTER TABLE " + table + " ADD COLUMN `nick` varchar(255)";
  return "CREATE TABLE " + table +
         " (`id` int NOT NULL AUTO_INCREMENT, `name` varchar(255) NOT NULL, `amount` int NOT NULL DEFAULT 0, "
         "PRIMARY KEY (`id`))";
}

constexpr const char* history_table =
    "CREATE TABLE `migrations` (`id` int NOT NULL AUTO_INCREMENT, `timestamp` bigint NOT NULL, `name` varchar(255) NOT "
    "NULL, `checksum` varchar(255), `applied_at` datetime, `duration_ms` int, PRIMARY KEY (`id`));\n";
constexpr const char* journal_table =
    "CREATE TABLE `journal` (`ordinal` bigint NOT NULL, `migration` varchar(255) NOT NULL, `statement` longblob, "
    "`is_done` int NOT NULL, PRIMARY KEY (`ordinal`));\n";

/// What the client is given.
enum class Script { migrations, with_history, with_journal };

/// What the migrations send; with the history, what a runner has to write that does not survive a crash; with the
/// journal, what any runner has to write that does.
void write_script(const std::string& path, Script script) {
  std::ofstream file(path);
  if (script != Script::migrations) file << history_table;
  if (script == Script::with_journal) file << journal_table;
  for (int i = 0; i < bench::migration_count; ++i) {
    const std::string name = "'Step" + std::to_string(1700000000000 + i) + '\'';
    if (script == Script::with_journal)
      file << "INSERT INTO `journal` VALUES (1, " << name << ", '" << statement(i) << "', 0);\n";
    file << statement(i) << ";\n";
    if (script == Script::with_journal) file << "BEGIN;\nDELETE FROM `journal`;\n";
    if (script != Script::migrations) {
      file << "INSERT INTO `migrations` (`timestamp`, `name`, `checksum`, `applied_at`, `duration_ms`) VALUES ("
           << 1700000000000 + i << ", " << name << ", NULL, '2026-01-01 00:00:00', 0);\n";
    }
    if (script == Script::with_journal) file << "COMMIT;\n";
  }
}

void run_client(const std::string& url, const std::string& script) {
  const char* const named = std::getenv("WHIMBREL_MYSQL_CLIENT");
  const std::string command = std::string(named == nullptr ? "mariadb" : named) +
                              " --no-defaults --user=root --socket='" + socket_of(url) + "' " + database_of(url) +
                              " < '" + script + '\'';
  if (std::system(command.c_str()) != 0) std::abort();
}

void many_pending(MysqlServer& server, std::size_t rounds) {
  const whimbrel::test::TemporaryDirectory directory;
  const auto script = [&](const char* name, Script kind) {
    std::string path = (directory.path() / name).string();
    write_script(path, kind);
    return path;
  };
  const std::string bare = script("bare.sql", Script::migrations);
  const std::string with_history = script("history.sql", Script::with_history);
  const std::string with_journal = script("journal.sql", Script::with_journal);
  const bench::SmallMigrations migrations(statement);
  std::string url;
  const auto prepare = [&] {
    if (!url.empty()) server.run("DROP DATABASE " + database_of(url));
    url = server.fresh_database();
  };
  std::vector<bench::Subject> subjects;
  subjects.emplace_back(
      "the client, the same statements:", [&] { run_client(url, bare); }, prepare);
  subjects.emplace_back(
      "the client, with a history:", [&] { run_client(url, with_history); }, prepare);
  subjects.emplace_back(
      "the client, with a history and a journal:", [&] { run_client(url, with_journal); }, prepare);
  subjects.emplace_back(
      "run_migrations",
      [&] {
        whimbrel::DataSource data_source({.url = url, .migrations = migrations.list()});
        data_source.initialize();
        if (data_source.run_migrations().size() != bench::migration_count) std::abort();
      },
      prepare);
  bench::run_in_turns(subjects, rounds);
  bench::print("run_migrations, " + std::to_string(bench::migration_count) + " pending, one statement each", subjects);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 7;
  std::vector<int> sizes;
  for (int i = 2; i < argc; ++i) sizes.push_back(std::atoi(argv[i]));
  if (sizes.empty()) sizes = {100, 1000, 10000};

  MysqlServer server({"--set", "innodb-buffer-pool-size=256M", "--set", "innodb-log-file-size=128M"});
  many_pending(server, rounds);
  for (const int tables : sizes) {
    const bench::ManyEntities items = bench::make_items(tables);
    nothing_changed(server, items.entities(), std::to_string(tables) + " tables of 10 columns", rounds);
    const bench::ManyEntities checked(whimbrel::entities<bench::Checked>(), "Checked", tables);
    nothing_changed(server, checked.entities(), std::to_string(tables) + " tables with a check", rounds);
  }
}
