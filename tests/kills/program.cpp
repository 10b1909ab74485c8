#include <whimbrel/manage.h>
#include <whimbrel/migration.h>
#include <whimbrel/mysql.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "entities.h"

// The program whose migrations kills.py runs and kills: the first one, and the one that the environment names.

#define WHIMBREL_KILLS_MIGRATION(Class) void whimbrel_with_##Class(whimbrel::MigrationUse* use, void* context)

WHIMBREL_KILLS_MIGRATION(Shop1700000000001);
WHIMBREL_KILLS_MIGRATION(Accounts1700000000002);
WHIMBREL_KILLS_MIGRATION(Cents1700000000003);
WHIMBREL_KILLS_MIGRATION(Portable1700000000004);
WHIMBREL_KILLS_MIGRATION(Exchange1700000000005);
WHIMBREL_KILLS_MIGRATION(GeneratedMariadb1700000000006);
WHIMBREL_KILLS_MIGRATION(GeneratedMysql1700000000007);

namespace {

using namespace whimbrel::kills;

constexpr whimbrel::MigrationEntry first = {"Shop1700000000001", whimbrel_with_Shop1700000000001, nullptr};
constexpr whimbrel::MigrationEntry second[] = {
    {"Accounts1700000000002", whimbrel_with_Accounts1700000000002, nullptr},
    {"Cents1700000000003", whimbrel_with_Cents1700000000003, nullptr},
    {"Portable1700000000004", whimbrel_with_Portable1700000000004, nullptr},
    {"Exchange1700000000005", whimbrel_with_Exchange1700000000005, nullptr},
    {"GeneratedMariadb1700000000006", whimbrel_with_GeneratedMariadb1700000000006, nullptr},
    {"GeneratedMysql1700000000007", whimbrel_with_GeneratedMysql1700000000007, nullptr},
};

const char* value_of(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

int main(int argc, char** argv) {
  const char* const chosen = value_of("KILLS_MIGRATION");
  whimbrel::MigrationEntry migrations[2] = {first, {}};
  std::size_t count = 1;
  for (const whimbrel::MigrationEntry& migration : second) {
    if (argc == 1) std::cout << migration.name << '\n';
    if (std::strcmp(migration.name, chosen) == 0) migrations[count++] = migration;
  }
  if (argc == 1) return 0;
  whimbrel::DataSourceOptions options;
  options.url = value_of("KILLS_URL");
  options.entities =
      whimbrel::entities<Customer, Account, Product, Purchase, Setting, Visit, VisitBefore, Log, CustomerTown>();
  options.migrations = {migrations, count, value_of("KILLS_DIRECTORY")};
  options.busy_timeout = std::chrono::minutes(1);
  return whimbrel::manage(argc, argv, options);
}
