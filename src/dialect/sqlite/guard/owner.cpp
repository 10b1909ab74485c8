#include <algorithm>
#include <array>
#include <string>

#include "dialect/sqlite/dialect.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// The table in which another tool stores its applied migrations.
struct KnownHistory {
  const char* table;
  const char* tool;
};
constexpr auto known_histories = std::to_array<KnownHistory>({
    {"alembic_version", "Alembic"},
    {"django_migrations", "Django"},
    {"__EFMigrationsHistory", "Entity Framework"},
    {"flyway_schema_history", "Flyway"},
    {"DATABASECHANGELOG", "Liquibase"},
    {"schema_migrations", "Rails, golang-migrate or dbmate"},
    {"ar_internal_metadata", "Rails"},
    {"goose_db_version", "goose"},
    {"gorp_migrations", "sql-migrate"},
    {"knex_migrations", "Knex"},
    {"SequelizeMeta", "Sequelize"},
    {"_prisma_migrations", "Prisma"},
    {"__drizzle_migrations", "Drizzle"},
    {"__diesel_schema_migrations", "Diesel"},
    {"_sqlx_migrations", "SQLx"},
    {"refinery_schema_history", "Refinery"},
    {"seaql_migrations", "SeaORM"},
    {"phinxlog", "Phinx"},
    {"doctrine_migration_versions", "Doctrine"},
    {"room_master_table", "Android's Room"},
    {"android_metadata", "Android"},
    {"grdb_migrations", "GRDB"},
    {"Z_METADATA", "Core Data"},
});

std::int64_t application_id_of(Connection& connection) {
  return connection.run("PRAGMA application_id").values.at(0).at(0).integer();
}

const KnownHistory* find_history(const Rows::Data& tables) {
  const auto is_there = [&](const KnownHistory& history) {
    return std::any_of(tables.values.begin(), tables.values.end(), [&](const std::vector<Value>& row) {
      return sql::equal_ignoring_case(row.at(0).text(), history.table);
    });
  };
  const auto found = std::find_if(known_histories.begin(), known_histories.end(), is_there);
  return found == known_histories.end() ? nullptr : &*found;
}

Error another_programs(const Connection& connection, const std::string& why) {
  return {ErrorKind::unsafe, "Nothing was changed, because the " + connection.description() +
                                 " seems to belong to another program: " + why +
                                 ", and no migration history of this program."};
}

}  // namespace

void require_own(Connection& connection, std::int32_t application_id) {
  const Rows::Data tables =
      connection.run("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
  if (tables.values.empty()) return;
  const std::int64_t found = application_id_of(connection);
  if (found != 0 && found == application_id) return;
  if (found != 0) {
    throw another_programs(connection, "it has tables, the application_id " + std::to_string(found))
        .with_remedy(
            "Check the URL. If the database belongs to this program, set DataSourceOptions::application_id = " +
            std::to_string(found) + '.');
  }
  if (const KnownHistory* history = find_history(tables)) {
    throw another_programs(connection, "it has the table \"" + std::string(history->table) + "\" of " + history->tool)
        .with_remedy(
            "Check the URL. To adopt the database, run `baseline` before you write migrations, or `migrations --fake` "
            "if existing migrations already match it.");
  }
}

void mark_own(Connection& connection, std::int32_t application_id) {
  if (application_id == 0 || application_id_of(connection) != 0) return;
  connection.run("PRAGMA application_id = " + std::to_string(application_id));
}

}  // namespace whimbrel::dialect::sqlite
