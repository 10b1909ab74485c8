#include <mysql.h>
#include <whimbrel/entity.h>
#include <whimbrel/error.h>
#include <whimbrel/manage.h>
#include <whimbrel/migration.h>
#include <whimbrel/mysql.h>
#include <whimbrel/query_runner.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

// The program whose migrations galera_test.py runs on a cluster. The environment says how many of them it has.

namespace {

using whimbrel::Migration;
using whimbrel::QueryRunner;

class Accounts1700000000001 final : public Migration {
 public:
  void up(QueryRunner& query_runner) override {
    query_runner.query(
        "CREATE TABLE account (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(80) NOT NULL, balance int "
        "NOT NULL DEFAULT 0) ENGINE=InnoDB");
    query_runner.query("INSERT INTO account (email, balance) VALUES ('hot@example.org', 0)");
    query_runner.query(
        "INSERT INTO account (email, balance) SELECT CONCAT('user', seq, '@example.org'), seq FROM seq_1_to_2000");
  }
  void down(QueryRunner& query_runner) override { query_runner.query("DROP TABLE account"); }
};

/// Ten statements, of which four change rows that a client changes meanwhile.
class Orders1700000000002 final : public Migration {
 public:
  void up(QueryRunner& query_runner) override {
    query_runner.query("ALTER TABLE account ADD domain varchar(80) NULL");
    query_runner.query("UPDATE account SET domain = SUBSTRING_INDEX(email, '@', -1)");
    query_runner.query("CREATE INDEX account_domain ON account (domain)");
    query_runner.query(
        "CREATE TABLE purchase (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, account bigint NOT NULL, amount int NOT "
        "NULL, CONSTRAINT purchase_account FOREIGN KEY (account) REFERENCES account (id)) ENGINE=InnoDB");
    query_runner.query("INSERT INTO purchase (account, amount) SELECT id, balance FROM account WHERE id <= 500");
    query_runner.query("ALTER TABLE account MODIFY email varchar(200) NOT NULL");
    query_runner.query("UPDATE account SET domain = 'none' WHERE domain IS NULL");
    query_runner.query("ALTER TABLE account ADD active tinyint(1) NOT NULL DEFAULT 1");
    query_runner.query("DELETE FROM purchase WHERE amount = 0");
    query_runner.query("ALTER TABLE account ALGORITHM=COPY, ADD note varchar(20) NOT NULL DEFAULT 'new'");
  }
  void down(QueryRunner& query_runner) override {
    query_runner.query("DROP TABLE purchase");
    query_runner.query("ALTER TABLE account DROP note, DROP active, DROP domain, MODIFY email varchar(80) NOT NULL");
  }
};

/// The place in which a runner is killed is after its second statement.
class Slow1700000000003 final : public Migration {
 public:
  void up(QueryRunner& query_runner) override {
    query_runner.query("CREATE TABLE visit (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, place int) ENGINE=InnoDB");
    query_runner.query("INSERT INTO visit (place) VALUES (1)");
    query_runner.query("ALTER TABLE visit ADD at_night tinyint(1) NOT NULL DEFAULT 0");
    query_runner.query("SELECT SLEEP(3)");
    query_runner.query("INSERT INTO visit (place) VALUES (2)");
    query_runner.query("RENAME TABLE visit TO place_visit");
  }
  void down(QueryRunner& query_runner) override { query_runner.query("DROP TABLE place_visit"); }
};

/// It goes on after an error. While it does something else, a client changes the row that it has changed.
class Catching1700000000004 final : public Migration {
 public:
  void up(QueryRunner& query_runner) override {
    query_runner.query("UPDATE account SET balance = -1 WHERE email = 'hot@example.org'");
    std::this_thread::sleep_for(std::chrono::seconds(2));
    try {
      query_runner.query("ALTER TABLE account ADD caught int NULL");
    } catch (const whimbrel::Error&) {
      query_runner.query("ALTER TABLE account ADD went_on int NULL");
    }
  }
  void down(QueryRunner&) override {}
};

WHIMBREL_MIGRATION(Accounts1700000000001);
WHIMBREL_MIGRATION(Orders1700000000002);
WHIMBREL_MIGRATION(Slow1700000000003);
WHIMBREL_MIGRATION(Catching1700000000004);

constexpr whimbrel::MigrationEntry migrations[] = {
    {"Accounts1700000000001", whimbrel_with_Accounts1700000000001, nullptr},
    {"Orders1700000000002", whimbrel_with_Orders1700000000002, nullptr},
    {"Slow1700000000003", whimbrel_with_Slow1700000000003, nullptr},
    {"Catching1700000000004", whimbrel_with_Catching1700000000004, nullptr},
};

struct Reader {
  std::int32_t id{};
  std::string name;

  static void describe(whimbrel::Entity<Reader>& reader) {
    reader.primary_generated<&Reader::id>();
    reader.column<&Reader::name>({.length = 40});
  }
};

const char* value_of(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

/// Runs the command on a connection of its own, on which it has run a statement; prints what has become of its
/// settings.
int run_attached(int argc, char** argv, whimbrel::DataSourceOptions options, const char* statement) {
  MYSQL* const connection = mysql_init(nullptr);
  const auto port = static_cast<unsigned>(std::strtoul(value_of("GALERA_PORT", "0"), nullptr, 10));
  const unsigned protocol = MYSQL_PROTOCOL_TCP;
  mysql_options(connection, MYSQL_OPT_PROTOCOL, &protocol);
  if (mysql_real_connect(connection, "127.0.0.1", "root", nullptr, value_of("GALERA_DATABASE", ""), port, nullptr, 0) ==
          nullptr ||
      mysql_query(connection, statement) != 0) {
    std::cerr << mysql_error(connection) << '\n';
    return 99;
  }
  options.connection = whimbrel::mysql::connection(connection);
  const int code = whimbrel::manage(argc, argv, options);
  if (mysql_query(connection, "SELECT CONCAT(@@SESSION.wsrep_sync_wait, ' ', @@SESSION.wsrep_OSU_method)") == 0) {
    MYSQL_RES* const result = mysql_store_result(connection);
    std::cout << "settings: " << mysql_fetch_row(result)[0] << '\n';
    mysql_free_result(result);
  }
  mysql_close(connection);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  whimbrel::DataSourceOptions options;
  options.url = value_of("GALERA_URL", "");
  options.entities = whimbrel::entities<Reader>();
  options.migrations = {migrations, std::strtoul(value_of("GALERA_MIGRATIONS", "0"), nullptr, 10),
                        value_of("GALERA_DIRECTORY", "")};
  options.busy_timeout = std::chrono::milliseconds(std::strtol(value_of("GALERA_BUSY", "5000"), nullptr, 10));
  const char* const statement = std::getenv("GALERA_STATEMENT");
  if (statement != nullptr) return run_attached(argc, argv, options, statement);
  return whimbrel::manage(argc, argv, options);
}
